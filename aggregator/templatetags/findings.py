"""A search's results in templates: the words that were searched for, marked in what we may show."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from babel.numbers import format_decimal
from django import template
from django.db.models.functions import Left
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.keywords import Phrase
from aggregator.models import Article
from aggregator.search.highlighting import Span, snippet, spans_of
from aggregator.search.queries import Query
from aggregator.templatetags.cards import LONGEST_HEADLINE
from aggregator.templatetags.places import page_locale
from aggregator.templatetags.reading import summary
from feeds.models import Display

register = template.Library()

OPENING = 8000  # characters of a text that a piece may be taken from


@register.filter
def marked_title(article: Article, query: Query) -> SafeString:
    """The headline with what was searched for in <mark>."""
    return marked_whole(phrases_of(query), article.title[:LONGEST_HEADLINE])


@register.filter
def marked_snippet(article: Article, query: Query) -> SafeString:
    """Some words around a match, in <mark>: of the description, or of the text where its source lets us show that.

    Never more than a card in any other list may show of an article that is not here in full.
    """
    phrases = phrases_of(query)
    described, is_found = marked_piece(phrases, summary(article))
    if not is_found and may_show_text(article):
        of_text, is_found_in_text = marked_piece(phrases, getattr(article, "opening", ""))
        if is_found_in_text:
            return of_text
    return described


def may_show_text(article: Article) -> bool:
    return article.display == Display.FULL_TEXT and article.max_snippet is None


def read_openings(articles: Iterable[Article], query: Query) -> None:
    """Give those of some cards whose text is to be shown around a match how it begins: where we may show that, and the
    description has none. One query at most; a text is read from several places of the disk.
    """
    phrases = phrases_of(query)
    wanted = {
        article.pk: article
        for article in articles
        if may_show_text(article) and not marked_piece(phrases, summary(article))[1]
    }
    if wanted:
        begins = Article.objects.filter(pk__in=wanted).order_by().values_list("pk", Left("text", OPENING))
        for pk, opening in begins:
            wanted[pk].opening = opening  # type: ignore[attr-defined]


# To read a text for its words was a quarter of a page of results. Many look for the words of the day, and come back to
# what they found by way of its filters; what is kept is of texts and words alone.
@lru_cache(maxsize=2_000)
def marked_whole(phrases: tuple[Phrase, ...], text: str) -> SafeString:
    return marked(text, spans_of(phrases, text))


@lru_cache(maxsize=2_000)
def marked_piece(phrases: tuple[Phrase, ...], text: str) -> tuple[SafeString, bool]:
    """The piece of a text that shows these words best, and whether any stand in it."""
    piece, spans = snippet(phrases, text)
    return marked(piece, spans), bool(spans)


@register.filter
def number(value: int) -> str:
    """A number as the language of the page writes it: 1,000."""
    return format_decimal(value, locale=page_locale())


def phrases_of(query: Query) -> tuple[Phrase, ...]:
    return tuple(chain.from_iterable(term.phrases for term in query.wanted))


def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """A text, escaped, with <mark> around these places."""
    parts, last = [], 0
    for start, end in spans:
        parts += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
        last = end
    parts.append(escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308  every piece of the text is escaped
