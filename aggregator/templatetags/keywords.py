"""Keywords in templates: where they look, and what a starter list is about, in words."""

from itertools import chain

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.forms import CHOICES_WHERE
from accounts.keyword_lists import PLACES
from accounts.keywords import Keyword, Where
from aggregator.models import Article
from aggregator.search.highlighting import snippet, spans_of
from aggregator.templatetags.cards import LONGEST_HEADLINE
from aggregator.templatetags.findings import marked
from aggregator.templatetags.reading import summary

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


@register.filter
def title_marked(article: Article, keyword: Keyword) -> SafeString:
    """The headline with what the keyword finds in it in <mark>."""
    title = article.title[:LONGEST_HEADLINE]
    return marked(title, spans_of(chain.from_iterable(keyword.terms), title) if Where.TITLE in keyword.where else [])


@register.filter
def description_marked(article: Article, keyword: Keyword) -> SafeString | str:
    """Some words of the description around what the keyword finds there, in <mark>; "" where it finds nothing."""
    if Where.DESCRIPTION not in keyword.where:
        return ""
    words, spans = snippet(chain.from_iterable(keyword.terms), summary(article))
    return marked(words, spans) if spans else ""
