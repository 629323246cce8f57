"""A search's results in templates: the words that were searched for, marked in what we may show."""

from collections.abc import Iterable, Iterator
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
from django.utils.translation import gettext as _

from accounts.keywords import Phrase
from aggregator.models import Article
from aggregator.search import Found
from aggregator.search.facets import Choice, Facets
from aggregator.search.highlighting import Span, snippet, spans_of
from aggregator.search.queries import Query
from aggregator.templatetags.cards import LONGEST_HEADLINE, READ, hooks, meta, thumb_or_mark, tongue, voices
from aggregator.templatetags.kept_cards import CardsOfPage, filled, page_of
from aggregator.templatetags.places import category_name, country_name, language_name, page_locale
from aggregator.templatetags.reading import summary
from aggregator.templatetags.shared import as_format
from feeds.models import Display

register = template.Library()

OPENING = 8000  # characters of a text that a piece may be taken from
OPENINGS = f'SELECT id, left("text", {OPENING}) FROM aggregator_article WHERE id = ANY(%s::bigint[])'  # noqa: S608  ours
SIZES = "(min-width: 50rem) 12rem, 24vw"  # of pictures
MOST_KEPT = 2_000  # results of 1 to 2 kB

_kept: dict[tuple, str] = {}


@register.simple_tag(takes_context=True)
def search_result(context: Context, found: Found) -> SafeString:
    """One result: an article with what was searched for marked, and how many more of its story were found.

    Twenty of them are most of a page, so each is written in one step, and kept as cards are (kept_cards).
    """
    page, phrases = page_of(context), phrases_of(context["query"])
    return SafeString(
        filled(context, (phrases, found.others), found.article, page, lambda: with_places(found, phrases, page))
    )


def with_places(found: Found, phrases: tuple[Phrase, ...], page: CardsOfPage) -> str:
    """A result as it is kept: with places for what is its reader's own or of the hour."""
    key = key_of(found, phrases, page.is_user)
    kept = _kept.get(key)
    if kept is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[key] = as_format(drawn(found, phrases, is_user=page.is_user))
    return kept


def key_of(found: Found, phrases: tuple[Phrase, ...], is_user: bool) -> tuple:
    """All that a result differs by: the version says of article, source and story what they are now."""
    article = found.article
    return article.pk, article.version, found.others, phrases, is_user, get_language(), get_script_prefix()  # type: ignore[attr-defined]


def drawn(found: Found, phrases: tuple[Phrase, ...], *, is_user: bool) -> str:
    article, said_in, for_all = found.article, tongue(found.article), Context({"is_for_all": True, "is_user": is_user})
    address, text = escape(article.get_absolute_url()), marked_snippet(article, phrases)
    summed_up = f'<p class="summary"{said_in}>{text}</p>' if text else ""
    others = others_link(found) if found.others else voices(for_all, article)
    return (
        f'<article class="row" {hooks(article)}><div class="words">{meta(for_all, article)}'
        f'<h3 class="headline{READ if is_user else ""}"{said_in}>'
        f'<a href="{address}">{marked_title(article, phrases)}</a></h3>{summed_up}{others}</div>'
        f"{thumb_or_mark(article, SIZES, address=address)}</article>"
    )


def others_link(found: Found) -> str:
    n = found.others
    words = ngettext("%(n)s more article of this story", "%(n)s more articles of this story", n) % {"n": n}
    return f'<a class="voices" href="{escape(found.article.story.get_absolute_url())}">{escape(words)}</a>'  # type: ignore[union-attr]  # others of it were found


@register.simple_tag
def facet_sections(facets: Facets, narrow: str) -> SafeString:
    """Each facet under its heading, its values as links that narrow the search to them. narrow: what a filter is added
    to.
    """
    headings, begins = headings_in(get_language() or "en"), f'<li><a rel="nofollow" href="{escape(narrow)}'
    written = []
    for kind, choices in (
        ("from", facets.days),
        ("country", facets.countries),
        ("source", facets.sources),
        ("category", facets.categories),
        ("language", facets.languages),
    ):
        if choices:
            values = "".join(
                f'{begins}{kind}={value}">{name} <b>{count}</b></a></li>'
                for value, name, count in written_values(kind, choices)
            )
            written.append(f"<section><h2>{headings[kind]}</h2><ul>{values}</ul></section>\n")
    return SafeString("".join(written))  # all of it is escaped


@lru_cache(maxsize=16)
def headings_in(language: str) -> dict[str, str]:
    """What stands above facets, and the names of days, in the language of the page, which is `language`; escaped."""
    said = {
        "from": _("When"),
        "country": _("Country"),
        "source": _("Source"),
        "category": _("Category"),
        "language": _("Language"),
        "1": _("Since yesterday"),
        "7": _("The last 7 days"),
        "30": _("The last 30 days"),
    }
    return {name: escape(words) for name, words in said.items()}


@register.simple_tag
def facet_options(kind: str, choices: Iterable[Choice]) -> SafeString:
    """A facet as the <option>s of a form."""
    return SafeString(  # all of it is escaped
        "".join(
            f'<option value="{escape(choice.value)}">{name} ({count})</option>'
            for choice, (_value, name, count) in zip(choices, written_values(kind, choices), strict=True)
        )
    )


def written_values(kind: str, choices: Iterable[Choice]) -> Iterator[tuple[str, str, int]]:
    """Each value of a facet as an address spells it, what it is called, both escaped, and its count."""
    language = get_language() or "en"
    for choice in choices:
        yield *written_value(kind, choice.value, choice.name, language), choice.count


@lru_cache(maxsize=4096)  # the same shelves stand beside every search
def written_value(kind: str, value: str, name: str, language: str) -> tuple[str, str]:
    """In the language of the page, which is `language`: it only tells what is kept for one from what is for another."""
    if kind == "source":
        called = f"<bdi>{escape(name)}</bdi>"
    elif kind == "from":
        called = headings_in(language)[name]
    else:
        called = escape({"country": country_name, "language": language_name, "category": category_name}[kind](value))
    return escape(quote(value)), called


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


def read_openings(results: Iterable[Found], query: Query, *, is_user: bool) -> None:
    """Give those of some results whose text is to be shown around a match how it begins: where we may show that, and
    the description has none. One query at most; a text is read from several places of the disk. is_user: who reads
    """
    phrases = phrases_of(query)
    wanted = {
        found.article.pk: found.article
        for found in results
        if may_show_text(found.article)
        and key_of(found, phrases, is_user) not in _kept
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
