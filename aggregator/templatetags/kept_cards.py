"""Cards of articles as parts of a page that are the same for everybody, with places for what is their reader's own.

A card is written once by each process for each version of its article, story and source (ArticleQuerySet.cards says
which that is: no row can change without it), language and kind. What differs from one reader to the next, or with the
time, is written into its places for each page: ages, what was read, what a user may do.

What is written so (templatetags/cards.py) is given the article, the source or story whose page it is on and whether a
user reads it, and nothing else: no request, no user, no preferences.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from aggregator.card_rows import fill
from aggregator.folding import Folded, folded
from aggregator.models import Article
from aggregator.page_marks import articles_in, page_marks
from aggregator.reading_marks import Marks
from aggregator.templatetags.cards import article_brief, article_card, article_row, hidden_line
from aggregator.templatetags.moments import age_in_words, reader_zone, time_ago
from aggregator.templatetags.own import MARKED, NEXT, menu_for, quoted_path, word_for_read
from aggregator.templatetags.shared import as_format

register = template.Library()

MOST_KEPT = 6_000  # cards of 1 to 2 kB
MOST_FILLED = 3_000  # of 2 to 4 kB
MOST_LISTS = 100  # of 70 kB
BEFORE_INSET = 6  # rows of a list
LIST_SECONDS = 10  # the longest that a list of cards is shown with the ages it was made with

# A card is not rendered by the template that pages without versions include: that took as long again.
WRITTEN = {"row": article_row, "card": article_card, "brief": article_brief}

_kept: dict[tuple, str] = {}  # with their places
_filled: dict[tuple, str] = {}  # whose places are filled in as they are for many: of one age, and with one set of marks
_lists: dict[tuple, str] = {}  # of such cards: most users see the same page of a list, and have marked nothing there


@register.tag
def card(parser: Parser, token: Token) -> "CardNode":
    """{% card "row" %}, or with article=…: as {% include "aggregator/_article_row.html" %} would render it."""
    _tag, kind, *words = token.split_contents()
    given = token_kwargs(words, parser)
    if words or set(given) - {"article"}:
        raise template.TemplateSyntaxError("card takes a kind of card and article=….")
    return CardNode(kind_of(kind), given.get("article") or parser.compile_filter("article"))


@register.tag
def cards(parser: Parser, token: Token) -> "CardsNode":
    """{% cards "card" articles %}: one behind the other."""
    _tag, kind, articles = token.split_contents()
    return CardsNode(kind_of(kind), parser.compile_filter(articles))


@register.tag
def rows_of_cards(parser: Parser, token: Token) -> "RowsNode":
    """{% rows_of_cards "row" %}…{% endrows_of_cards %}: the `articles` of a page, an <li> for each story with its
    others folded under it; what is inside the tag comes after the sixth.

    On the page of one story (`story` in the context) each article has its own row.
    """
    _tag, kind = token.split_contents()
    inset = parser.parse(("endrows_of_cards",))
    parser.delete_first_token()
    return RowsNode(kind_of(kind), inset)


def kind_of(word: str) -> str:
    """The kind of card that a template asks for."""
    kind = word.strip("\"'")
    if kind not in WRITTEN:
        raise template.TemplateSyntaxError(f"{kind!r} is no kind of card: {', '.join(WRITTEN)}.")
    return kind


class CardNode(template.Node):
    """One card of a page."""

    def __init__(self, kind: str, article: FilterExpression) -> None:
        self.kind, self.article = kind, article

    def render(self, context: Context) -> SafeString:
        return mark_safe(drawn(context, self.kind, self.article.resolve(context)))  # noqa: S308  of a template


class CardsNode(template.Node):
    """Some cards of a page: a loop of the template's own took longer than what is kept."""

    def __init__(self, kind: str, articles: FilterExpression) -> None:
        self.kind, self.articles = kind, articles

    def render(self, context: Context) -> SafeString:
        written = (drawn(context, self.kind, article) for article in self.articles.resolve(context))
        return mark_safe("".join(written))  # noqa: S308  of templates


class RowsNode(template.Node):
    """The rows of a list: a loop of the template's own, with a condition in each row, took as long as the cards.

    For users the inset has nothing of its own to say: it stands in a list that is kept.
    """

    child_nodelists = ("inset",)

    def __init__(self, kind: str, inset: NodeList) -> None:
        self.kind, self.inset = kind, inset

    def render(self, context: Context) -> SafeString:
        key = key_of_list(context, self.kind)
        found = _lists.get(key) if key else None
        if found is None:
            found = "".join(self.rows(context))
            if key:
                if len(_lists) >= MOST_LISTS:
                    _lists.clear()
                _lists[key] = found
        return mark_safe(found)  # noqa: S308  of templates

    def rows(self, context: Context) -> Iterator[str]:
        articles = context["articles"]
        rows = map(Folded, articles) if context.get("story") else folded(articles)
        for place, row in enumerate(rows, 1):
            yield "<li>"
            yield drawn(context, self.kind, row.article)
            if row.more:
                with context.push(row=row):
                    yield template_of("aggregator/_folded.html").render(context)
            yield "</li>"
            if place == BEFORE_INSET:
                yield self.inset.render(context)


def key_of_list(context: Context, kind: str) -> tuple:
    """All that the rows of a page of a user differ by; () where they are not kept: for others, or with reasons."""
    page, articles = page_of(context), context["articles"]
    if not page.is_user or not all(getattr(article, "version", "") for article in articles):
        return ()
    if any(getattr(article, "hidden_by", ()) for article in articles):
        return ()
    marks = page.marks = page_marks(context, articles[0])
    own = tuple(marks.of(article, MARKED) for article in articles) if marks.says_anything else ()
    moment = page.now.timestamp() // LIST_SECONDS
    return kind, page.key, moment, page.here, own, *((article.pk, article.version) for article in articles)


@dataclass(slots=True)
class CardsOfPage:
    """What all cards of a page have in common; put together once.

    shared: what they are written of, beside the article. key: all that it and the way they are filled in differ by
    marks: of the articles that were asked for
    """

    shared: dict[str, Any]
    is_user: bool
    zone: ZoneInfo
    language: str
    now: datetime
    marks: Marks
    here: str
    key: tuple


def drawn(context: Context, kind: str, article: Article) -> str:
    """One card of this kind."""
    if not getattr(article, "version", ""):
        return WRITTEN[kind](context, article)
    page = page_of(context)
    return filled(context, kind, article, page, lambda: with_places(context, kind, article, page))


def filled(context: Context, kind: Hashable, article: Article, page: CardsOfPage, make: Callable[[], str]) -> str:
    """One card of a kind with its places filled in. make: what it is with its places, asked where it is not kept so"""
    if page.is_user and article.pk not in page.marks.asked:
        page.marks = page_marks(context, article)
    changed = age_in_words(article.updated_at, page.now, page.zone, page.language) if article.is_changed else ""  # type: ignore[arg-type]  # what is changed has one
    key = (
        article.pk,
        article.version,  # type: ignore[attr-defined]  # what is kept has one
        kind,
        page.key,
        age_in_words(article.published_at, page.now, page.zone, page.language),
        changed,
        page.marks.of(article, MARKED) if page.is_user else (),
        hidden_line(article),
    )
    found = _filled.get(key)
    if found is None:
        if len(_filled) >= MOST_FILLED:
            _filled.clear()
        found = _filled[key] = make() % own_of(article, page)
    return found.replace(NEXT, page.here) if page.is_user else found


def with_places(context: Context, kind: str, article: Article, page: CardsOfPage) -> str:
    """The card as it is kept; written where it is not there."""
    key = key_of(article, kind, page)
    kept = _kept.get(key)
    if kept is None:
        if getattr(article, "is_light", False):
            fill(wanting(context, kind, page))
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[key] = as_format(WRITTEN[kind](Context(page.shared), article))
    return kept


def wanting(context: Context, kind: str, page: CardsOfPage) -> Iterator[Article]:
    """The articles of the page whose card of this kind is not kept."""
    for one in articles_in(context):
        if getattr(one, "is_light", False) and key_of(one, kind, page) not in _kept:
            yield one


def key_of(article: Article, kind: str, page: CardsOfPage) -> tuple:
    return article.pk, article.version, kind, page.key  # type: ignore[attr-defined]


def template_of(name: str) -> template.Template:
    return get_template(name).template  # type: ignore[attr-defined]  # Django's own backend


def page_of(context: Context) -> CardsOfPage:
    found: CardsOfPage | None = context.render_context.get("_cards")
    if found is None:
        source, story, user = context.get("source"), context.get("story"), context.get("user")
        is_user, zone, language = bool(user and user.is_authenticated), reader_zone(context), get_language() or "en"
        of_page = source.pk if source else 0, story.pk if story else 0
        found = context.render_context["_cards"] = CardsOfPage(
            shared={"is_for_all": True, "source": source, "story": story, "is_user": is_user},
            is_user=is_user,
            zone=zone,
            language=language,
            now=timezone.now(),
            marks=Marks(),
            here=quoted_path(context["request"]) if is_user else "",
            key=(language, get_script_prefix(), zone.key, is_user, *of_page),
        )
    return found


def own_of(article: Article, page: CardsOfPage) -> dict[str, str]:
    """What stands in the places of a card; where its menu leads back to is left to each page."""
    own: dict[str, str] = {"age": time_ago(article.published_at, page.zone, page.now, page.language)}
    if article.is_changed:
        own["changed"] = time_ago(article.updated_at, page.zone, page.now, page.language)  # type: ignore[arg-type]  # what is changed has one
    if page.is_user:
        own["read"] = " read" if page.marks.is_read(article) else ""
        own["own"] = word_for_read(page.marks, article) + menu_for(article, page.marks)
        own["why"] = hidden_line(article)
    return own
