"""The mails of accounts. What stands in them leads to SITE_URL, whatever Host header the request that asked had."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.conf import settings

from zisnews.site_address import site_host


class AccountMails(DefaultAccountAdapter):
    """allauth's adapter, which builds addresses and the site's name from the Host header by itself."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail whose links lead to our site. context: what its template is given"""
        asked_at = current.request.build_absolute_uri("/").removesuffix("/")
        if settings.SITE_URL:
            context = {name: _moved(value, asked_at) for name, value in context.items()}
        name = site_host(current.request)
        super().send_mail(template_prefix, email, context | {"current_site": {"name": name, "domain": name}})

    def format_email_subject(self, subject: str) -> str:
        return f"[{site_host(current.request)}] {subject}"


def _moved(value: Any, asked_at: str) -> Any:
    """A value of a mail; where it is an address on the host that was asked, the same on our site."""
    if isinstance(value, str) and value.startswith(f"{asked_at}/"):
        return settings.SITE_URL + value.removeprefix(asked_at)
    return value
