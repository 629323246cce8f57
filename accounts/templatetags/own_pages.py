"""The pages that are a reader's own: those of their settings, in the order of the navigation."""

from typing import NamedTuple

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notifications import unread_count

register = template.Library()


class SettingsPage(NamedTuple):
    """name: the URL's. label: in the navigation. about: what one finds there, in a sentence."""

    name: str
    label: str
    about: str
    address: str = ""


PAGES = (
    SettingsPage("keywords", _("Keywords"), _("The words whose articles are not there for you.")),
    SettingsPage(
        "following", _("Following"), _("Sources, topics, countries, stories and searches you follow or hide.")
    ),
    SettingsPage("blocked_readers", _("Blocked readers"), _("Whose comments are folded away for you.")),
    SettingsPage("reading", _("Reading"), _("Theme, size of the text, language, time zone, and what is remembered.")),
    SettingsPage("notification_settings", _("Notifications"), _("What you want to be told of.")),
    SettingsPage("account_settings", _("Account and security"), _("Name, e-mail, password, second factor, devices.")),
    SettingsPage("your_data", _("Your data"), _("Take everything with you, or delete your account.")),
)


@register.simple_tag
def settings_pages() -> list[SettingsPage]:
    """The pages of the settings that this site has."""
    return [page._replace(address=address) for page in PAGES if (address := address_of(page.name))]


def address_of(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> int:
    """How many notices the reader has not read; nothing is asked for whoever has no account."""
    user = context.get("user")
    return unread_count(user) if isinstance(user, User) and user.is_authenticated else 0
