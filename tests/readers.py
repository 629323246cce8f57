"""Who asks: a reader who is logged in, Anna with a confirmed address and a password, and what both do on many pages."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.factories import make_reader
from tests.mailbox import sends_mail

PASSWORD, ANNA = "a long pass phrase", "anna@example.org"
KEYWORDS = "/settings/keywords/"


@pytest.fixture
def reader(client: Client, db: None) -> User:
    """Logged in, with nothing chosen."""
    reader = make_reader()
    client.force_login(reader)
    return reader


@pytest.fixture
def anna(db: None) -> User:
    """Has ANNA as a confirmed address and PASSWORD; logged in nowhere."""
    reader = make_reader(email=ANNA, password=PASSWORD)
    EmailAddress.objects.create(user=reader, email=ANNA, verified=True, primary=True)
    return reader


@pytest.fixture
def site_with_mail(settings: Any) -> None:
    sends_mail(settings)


def log_in(client: Client, password: str = PASSWORD, login: str = ANNA, **headers: str) -> Any:
    return client.post("/accounts/login/", {"login": login, "password": password}, **headers)


def is_in(client: Client) -> bool:
    return client.get("/settings/account/").status_code == 200


def add_keyword(client: Client, keyword: str, **more: Any) -> Any:
    """Block a keyword on its page; returns the page after."""
    return client.post(KEYWORDS, {"keyword": keyword} | more, follow=True)


def keywords_of(reader: User) -> list[str]:
    """What a reader blocks, as typed, in alphabetical order."""
    return sorted(reader.blocked_keywords.values_list("text", flat=True))
