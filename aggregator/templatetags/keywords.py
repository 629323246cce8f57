"""Keywords in templates: where they look, and what a starter list is about, in words."""

from django import template
from django.utils.translation import gettext_lazy as _

from accounts.forms import CHOICES_WHERE
from accounts.keyword_lists import PLACES
from accounts.keywords import Where

register = template.Library()

TOPICS = {
    "celebrities": _("Celebrities"),
    "football": _("Football"),
    "us_politics": _("Politics of the United States"),
    "war": _("War"),
    "crime": _("Crime"),
    "markets": _("Markets and crypto"),
    "artificial_intelligence": _("Artificial intelligence"),
    "horoscopes": _("Horoscopes"),
}


@register.filter
def place_words(where: Where) -> str:
    """Such as "headline, tags"."""
    return ", ".join(str(label) for name, label in CHOICES_WHERE if PLACES[name] in where)


@register.filter
def topic_name(topic: str) -> str:
    return str(TOPICS[topic])
