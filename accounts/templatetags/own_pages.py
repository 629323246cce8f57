"""The pages that are a reader's own: those of their settings, in the order of the navigation."""

from typing import NamedTuple

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notifications import unread_count

register = template.Library()


class SettingsPage(NamedTuple):
    """name: the URL's. label: in the navigation. about: what one finds there, in a sentence."""

    name: str
    label: str
    about: str
    address: str


# (the URL's name, what it is called, what one finds there)
PAGES = (
    ("keywords", _("Keywords"), _("The words whose articles are not there for you.")),
    ("following", _("Following"), _("Sources, categories, countries, stories and searches you follow or hide.")),
    ("blocked_readers", _("Blocked readers"), _("Whose comments are folded away for you.")),
    ("reading", _("Reading"), _("Theme, size of the text, language, time zone, and what is remembered.")),
    ("notification_settings", _("Notifications"), _("What you want to be told of.")),
    ("apps", _("Apps and feeds"), _("Your lists in a reader program, and the site as an app.")),
    ("account_settings", _("Account and security"), _("Name, e-mail, password, second factor, devices.")),
    ("your_data", _("Your data"), _("Take everything with you, or delete your account.")),
)


@register.simple_tag
def settings_pages() -> list[SettingsPage]:
    return [SettingsPage(name, str(label), str(about), reverse(name)) for name, label, about in PAGES]


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> int:
    """How many notices the reader has not read; nothing is asked for whoever has no account, nor where it is known."""
    if "unread_count" in context:
        return context["unread_count"]
    user = context.get("user")
    return unread_count(user) if isinstance(user, User) and user.is_authenticated else 0
