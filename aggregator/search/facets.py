"""How many of the newest matches stand on which shelf, so that a search can be narrowed with open eyes."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection

from aggregator.search.asked import Match
from aggregator.search.filters import Filters

PER_FACET = 8
DAYS = (1, 7, 30)
NAMED = "SELECT id, slug, name FROM feeds_source WHERE id = ANY(%s::bigint[])"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet. value: as the query string spells it; name: only where the value does not tell it."""

    value: str
    count: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """What the counted matches are spread over, most first; a facet the reader has narrowed already is empty."""

    countries: list[Choice]
    sources: list[Choice]
    categories: list[Choice]
    languages: list[Choice]
    days: list[Choice]


def facets_of(matches: Sequence[Match], filters: Filters, *, now: datetime) -> Facets:
    """Count these matches, the newest of which stand first. now: in the reader's zone. One query."""
    by_source = Counter(match.source for match in matches)
    commonest = by_source.most_common(PER_FACET) if len(by_source) > 1 and not filters.source else []
    sources = named([pk for pk, _ in commonest])
    is_placed = filters.country or filters.source
    return Facets(
        countries=[] if is_placed else choices(Counter(match.country.lower() for match in matches)),
        sources=[Choice(sources[pk][0], count, sources[pk][1]) for pk, count in commonest if pk in sources],
        categories=[] if filters.category else choices(Counter(match.category for match in matches)),
        languages=[] if filters.language else choices(Counter(match.language for match in matches if match.language)),
        days=[] if filters.since or filters.until else days_of(matches, now),
    )


def named(sources: list[int]) -> dict[int, tuple[str, str]]:
    """The slug and name of sources. One query, none for none."""
    rows = connection.rows(NAMED, [sources]) if sources else ()  # type: ignore[attr-defined]  # zisnews.postgres
    return {pk: (slug, name) for pk, slug, name in rows}


def choices(counts: Counter[str]) -> list[Choice]:
    """The commonest values; none where there is nothing to choose between."""
    return [Choice(value, count) for value, count in counts.most_common(PER_FACET)] if len(counts) > 1 else []


def days_of(matches: Sequence[Match], now: datetime) -> list[Choice]:
    """How many are since yesterday, a week ago, a month ago: only where all of those were counted, and some are older.

    now: in the reader's zone; value: the first day, name: how many days that is ago
    """
    found = []
    for days in DAYS:
        first = now.date() - timedelta(days=days)
        since = datetime.combine(first, time(), tzinfo=now.tzinfo)
        count = bisect_right(matches, -since.timestamp(), key=lambda match: -match.published_at.timestamp())
        if 0 < count < len(matches):
            found.append(Choice(first.isoformat(), count, str(days)))
    return found
