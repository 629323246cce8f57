"""The mails of accounts, how log-ins are counted, and where they lead.

What stands in a mail leads to SITE_URL, whatever Host header the request that asked had, in the language of its reader.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.devices import device_of
from accounts.models import User
from accounts.welcoming import first_page_for
from zisnews.site_address import absolute, site_host


class AccountMails(DefaultAccountAdapter):
    """allauth's adapter, which builds addresses and the site's name from the Host header by itself."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This is not the code. The newest e-mail has it."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail whose links lead to our site. context: what its template is given"""
        asked_at = current.request.build_absolute_uri("/").removesuffix("/")
        if settings.SITE_URL:
            context = {name: _moved(value, asked_at) for name, value in context.items()}
        name = site_host(current.request)
        ours = {
            "current_site": {"name": name, "domain": name},
            "site_url": absolute(current.request, "/"),
            "device": device_of(context.get("user_agent", "")),
        }
        with translation.override(language_of(email) or translation.get_language()):
            super().send_mail(template_prefix, email, context | ours)

    def format_email_subject(self, subject: str) -> str:
        return f"[{site_host(current.request)}] {subject}"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The welcome for whoever has not seen it, where nothing else was asked for."""
        return first_page_for(request.user, super().get_login_redirect_url(request))  # type: ignore[arg-type]

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """A passkey before codes: who has no password is asked for the first, and often has no app that shows codes."""
        return sorted(super().get_reauthentication_methods(user), key=lambda way: way["id"] == "mfa_reauthenticate")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Whom failed log-ins are counted for: the name alone. allauth's own counts anew for each Host header."""
        return str(credentials.get("email") or credentials.get("username") or "").strip().lower()


def language_of(email: str) -> str:
    """The language that whoever has this address chose in their account; "" where they did not."""
    language = User.objects.filter(email__iexact=email).values_list("language", flat=True).first() or ""
    return language if language in dict(settings.LANGUAGES) else ""


def _moved(value: Any, asked_at: str) -> Any:
    """A value of a mail; where it is an address on the host that was asked, the same on our site."""
    if isinstance(value, str) and value.startswith(f"{asked_at}/"):
        return settings.SITE_URL + value.removeprefix(asked_at)
    return value
