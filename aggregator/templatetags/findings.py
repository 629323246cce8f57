"""A search's results in templates: the words that were searched for, marked in what we may show."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from urllib.parse import quote

from babel.numbers import format_decimal
from django import template
from django.db import connection
from django.template.context import Context
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from accounts.keywords import Phrase
from aggregator.models import Article
from aggregator.search import Found
from aggregator.search.facets import Choice
from aggregator.search.highlighting import Span, snippet, spans_of
from aggregator.search.queries import Query
from aggregator.templatetags.cards import LONGEST_HEADLINE, hooks, meta, thumb_or_mark, tongue, voices
from aggregator.templatetags.own import read_class
from aggregator.templatetags.places import category_name, country_name, language_name, page_locale
from aggregator.templatetags.reading import summary
from feeds.models import Display

register = template.Library()

OPENING = 8000  # characters of a text that a piece may be taken from
OPENINGS = f'SELECT id, left("text", {OPENING}) FROM aggregator_article WHERE id = ANY(%s::bigint[])'  # noqa: S608  ours
SIZES = "(min-width: 50rem) 12rem, 24vw"  # of pictures
MOST_KEPT = 2_000  # results of 1 to 2 kB

_kept: dict[tuple, tuple[str, str]] = {}


@register.simple_tag(takes_context=True)
def search_result(context: Context, found: Found) -> SafeString:
    """One result: an article with what was searched for marked, and how many more of its story were found.

    Twenty of them are most of a page, so each is written in one step, and kept but for what is its reader's own or of
    the hour.
    """
    head, tail = parts_of(found, phrases_of(context["query"]))
    own = f'{meta(context, found.article)}<h3 class="headline{read_class(context, found.article)}"'
    return mark_safe(f"{head}{own}{tail}")  # noqa: S308  of parts that are escaped


def parts_of(found: Found, phrases: tuple[Phrase, ...]) -> tuple[str, str]:
    """What stands before and behind the line above a headline, and the headline's class."""
    key = key_of(found, phrases)
    kept = _kept.get(key)
    if kept is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[key] = drawn(found, phrases)
    return kept


def key_of(found: Found, phrases: tuple[Phrase, ...]) -> tuple:
    """All that a result differs by: the version says of article, source and story what they are now."""
    article = found.article
    return article.pk, article.version, found.others, phrases, get_language(), get_script_prefix()  # type: ignore[attr-defined]


def drawn(found: Found, phrases: tuple[Phrase, ...]) -> tuple[str, str]:
    article, said_in = found.article, tongue(found.article)
    address, text = escape(article.get_absolute_url()), marked_snippet(article, phrases)
    summed_up = f'<p class="summary"{said_in}>{text}</p>' if text else ""
    others = others_link(found) if found.others else voices(Context(), article)
    return f'<article class="row" {hooks(article)}><div class="words">', (
        f'{said_in}><a href="{address}">{marked_title(article, phrases)}</a></h3>{summed_up}{others}</div>'
        f"{thumb_or_mark(article, SIZES)}</article>"
    )


def others_link(found: Found) -> str:
    n = found.others
    words = ngettext("%(n)s more article of this story", "%(n)s more articles of this story", n) % {"n": n}
    return f'<a class="voices" href="{escape(found.article.story.get_absolute_url())}">{escape(words)}</a>'  # type: ignore[union-attr]  # others of it were found


@register.simple_tag
def facet_links(kind: str, choices: Iterable[Choice], narrow: str) -> SafeString:
    """A facet as list items: each value a link that narrows the search to it. narrow: what a filter is added to"""
    address = f"{escape(narrow)}{kind}="
    return mark_safe(  # noqa: S308  all of it is escaped
        "".join(
            f'<li><a rel="nofollow" href="{address}{escape(quote(choice.value))}">{name_of(kind, choice)}'
            f" <b>{choice.count}</b></a></li>"
            for choice in choices
        )
    )


@register.simple_tag
def facet_options(kind: str, choices: Iterable[Choice]) -> SafeString:
    """A facet as the <option>s of a form."""
    return mark_safe(  # noqa: S308  all of it is escaped
        "".join(
            f'<option value="{escape(choice.value)}">{name_of(kind, choice)} ({choice.count})</option>'
            for choice in choices
        )
    )


def name_of(kind: str, choice: Choice) -> str:
    """What a value of a facet is called, escaped."""
    if kind == "source":
        return f"<bdi>{escape(choice.name)}</bdi>"
    return escape({"country": country_name, "language": language_name, "category": category_name}[kind](choice.value))


def marked_title(article: Article, phrases: tuple[Phrase, ...]) -> SafeString:
    """The headline with what was searched for in <mark>."""
    return marked_whole(phrases, article.title[:LONGEST_HEADLINE])


def marked_snippet(article: Article, phrases: tuple[Phrase, ...]) -> SafeString:
    """Some words around a match, in <mark>: of the description, or of the text where its source lets us show that.

    Never more than a card in any other list may show of an article that is not here in full.
    """
    described, is_found = marked_piece(phrases, summary(article))
    if not is_found and may_show_text(article):
        of_text, is_found_in_text = marked_piece(phrases, getattr(article, "opening", ""))
        if is_found_in_text:
            return of_text
    return described


def may_show_text(article: Article) -> bool:
    return article.display == Display.FULL_TEXT and article.max_snippet is None


def read_openings(results: Iterable[Found], query: Query) -> None:
    """Give those of some results whose text is to be shown around a match how it begins: where we may show that, and
    the description has none. One query at most; a text is read from several places of the disk.
    """
    phrases = phrases_of(query)
    wanted = {
        found.article.pk: found.article
        for found in results
        if may_show_text(found.article)
        and key_of(found, phrases) not in _kept
        and not marked_piece(phrases, summary(found.article))[1]
    }
    if wanted:
        for pk, opening in connection.rows(OPENINGS, [list(wanted)]):  # type: ignore[attr-defined]  # zisnews.postgres
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
    return query.phrases


def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """A text, escaped, with <mark> around these places."""
    parts, last = [], 0
    for start, end in spans:
        parts += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
        last = end
    parts.append(escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308  every piece of the text is escaped
