"""A search: what is found, one result for each story, and over what it is spread."""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from accounts.preferences import Preferences
from aggregator.card_rows import whole
from aggregator.models import Article
from aggregator.search.asked import Asked, Match
from aggregator.search.facets import Facets, facets_of
from aggregator.search.filters import DATE, Filters
from aggregator.search.finding import TookTooLong, newest
from aggregator.search.ordering import best_page, latest_page, parse_relevance
from aggregator.search.queries import Query
from aggregator.search.shares import share_of

COUNTED = 120  # the newest matches, that facets and totals are counted among; each may lie apart on the disk
EXPLAINED = 30  # of what is hidden, the reasons are told


@dataclass(frozen=True, slots=True)
class Found:
    """A result. others: how many more articles of its story were found."""

    HOLDS_ARTICLES: ClassVar = ("article",)  # what aggregator.page_marks looks through for them
    article: Article
    others: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what a search found.

    total:   how many articles the reader may see among those counted; has_more: there are others, not counted
    hidden:  how many of those counted the reader's own choices take out; newest_hidden: the ids of some
    next:    what to pass as `after` for the next page; "" on the last
    reached: how far back was looked, where there was no time to look further
    """

    HOLDS_ARTICLES: ClassVar = ("found",)
    found: list[Found] = field(default_factory=list)
    total: int = 0
    has_more: bool = False
    hidden: int = 0
    newest_hidden: list[int] = field(default_factory=list)
    next: str = ""
    facets: Facets | None = None
    reached: datetime | None = None


def search(query: Query, filters: Filters, preferences: Preferences, after: str = "", *, now: datetime) -> Results:
    """Return the page of what `query` finds that begins behind `after`; nothing where it asks nothing.

    By relevance these are the best among the newest matches, by date all of them.
    Raises BadRequest when `after` is not one of our own `Results.next`.
    """
    if not query.is_askable:
        return Results()
    is_by_date = filters.sort == DATE
    as_of = parse_relevance(after)[0] if after and not is_by_date else now
    asked = asked_for(query, filters, until=as_of)
    try:
        counted = newest(asked, COUNTED)
        if is_by_date:
            order = latest_page(asked, counted, preferences, after)
        else:
            order = best_page(asked, counted, query, preferences, after, now=as_of)
    except TookTooLong:
        return Results(has_more=True, reached=as_of)
    seen = visible(counted.rows, preferences, order.seen)
    hidden = sorted({row.article for row in counted.rows} - {row.article for row in seen}, reverse=True)
    shown = whole(order.articles)
    return Results(
        found=[Found(shown[pk], order.others.get(pk, 0)) for pk in order.articles if pk in shown],
        total=len(seen) or len(shown),  # an old headline may be all that is found
        has_more=not counted.is_all,
        hidden=len(hidden),
        newest_hidden=hidden[:EXPLAINED],
        next=order.next,
        facets=facets_of(seen, filters, now=now.astimezone(preferences.zone)),
        reached=counted.reached,
    )


def asked_for(query: Query, filters: Filters, *, until: datetime) -> Asked:
    """What a page asks, which need not find the last one of a phrase of common words."""
    return Asked(
        tsqueries=(query.in_documents, *filters.asked),
        until=min(filters.until or until, until),
        since=filters.since,
        has_prefix=query.has_prefix,
        in_index=(query.in_index, *filters.asked) if query.has_phrase else (),
        share=0 if query.has_prefix else share_of(query, filters),
    )


def visible(matches: list[Match], preferences: Preferences, seen: Set[int] | None = None) -> list[Match]:
    """The matches that the reader did not rule out. seen: which those are, where it is known; else one query"""
    if not preferences.excludes:
        return matches
    if seen is None:
        articles = Article.objects.visible_to(preferences).filter(pk__in=[match.article for match in matches])
        seen = set(articles.order_by().values_list("pk", flat=True))
    return [match for match in matches if match.article in seen]
