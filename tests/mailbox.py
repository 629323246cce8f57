"""A real mail server that keeps what it is given: for tests that follow a mail as a reader would."""

import email
import re
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from zisnews.front_door import HOST, listen

PATIENCE_SECONDS = 60


class Mailbox:
    """What arrived, oldest first. Its server runs in a thread of its own."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.arrived = threading.Condition()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=default)
        with self.arrived:
            self.mails.append(mail)
            self.arrived.notify_all()
        return "250 kept"

    def wait_for(self, to: str, count: int = 1) -> EmailMessage:
        """Return the `count`-th mail to an address; fails where it does not come within a minute."""
        with self.arrived:
            came = self.arrived.wait_for(lambda: len(self.to(to)) >= count, timeout=PATIENCE_SECONDS)
            assert came, f"{len(self.to(to))} mails to {to} came, not {count}: {[m['Subject'] for m in self.mails]}"
            return self.to(to)[count - 1]

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in str(mail["To"])]


class Server(Controller):
    """Listens at a port that nobody else can have taken since it was chosen."""

    def __init__(self, box: Mailbox) -> None:
        self.door = listen(0)
        super().__init__(box, hostname=HOST, port=self.door.getsockname()[1])

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.door)


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content())


def code_in(text: str) -> str:
    """The six digits that confirm an address; fails where a mail has none."""
    (code,) = re.findall(r"^(\d{6})\s*$", text, re.M)
    return str(code)


def sends_mail(settings: Any) -> None:
    """Settings as they are where mail can be sent: addresses are confirmed by a code, one may register by a passkey."""
    settings.EMAIL_IS_CONFIGURED, settings.ACCOUNT_EMAIL_VERIFICATION = True, "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = settings.MFA_PASSKEY_SIGNUP_ENABLED = True


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """The site sends its mails here, and asks for addresses to be confirmed."""
    box = Mailbox()
    server = Server(box)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    sends_mail(settings)
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    yield box
    server.stop()
