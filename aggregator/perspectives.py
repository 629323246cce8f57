"""One story, country by country: who tells it, since when, and under which headlines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from accounts.preferences import Preferences
from aggregator.models import Article, ArticleQuerySet, Story
from aggregator.models.articles import is_ruled_out_by
from aggregator.timeline import Report

LOOKED_AT = 500  # of a story's newest articles; its columns and its timeline know no older ones
PER_COLUMN, FEWEST_PER_COLUMN, MOST_SHOWN = 5, 1, 90
MOST_REPORTS = 100  # the earliest; a line of more can not be told apart


class Row(NamedTuple):
    """What is read of each article, before it is known which of them are shown."""

    article: int
    slug: str
    source: int
    source_name: str
    country: str
    language: str
    title: str
    published_at: datetime
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A country's articles, the newest first. count: how many it has; more: how many of them are not shown here.

    hidden: those the reader's choices take out. They count, for a reader's keyword is not a country's silence.
    """

    country: str
    articles: list[Article]
    hidden: list[Row]
    count: int
    first: int  # the id of its first report

    @property
    def more(self) -> int:
        return self.count - len(self.articles) - len(self.hidden)


@dataclass(frozen=True, slots=True)
class Perspective:
    """A story as one reader may see it. first: the earliest report; hidden: articles the reader's choices take out.

    Without any article first is None; without any that the reader sees the title is "". What is hidden has no words
    here: of the first report, of the timeline's and of the columns' only who told it, and when.
    """

    title: str
    language: str
    columns: list[Column]
    reports: list[Report]
    first: Article | None
    hidden: int


def perspective(story: Story, preferences: Preferences, *, language: str) -> Perspective:
    """Read a story for its page. Three queries, however many articles it has."""
    told = Article.objects.filter(story=story).annotate(is_hidden=is_ruled_out_by(preferences))
    fields = "pk", "slug", "source", "source__name", "source__country", "language", "title", "published_at", "is_hidden"
    rows = [Row(*row) for row in told.newest_first().values_list(*fields)[:LOOKED_AT]]
    seen = [row for row in rows if not row.is_hidden]
    headline = headline_of(story, seen, language)
    return Perspective(
        title=headline.title if headline else "",
        language=headline.language if headline else "",
        columns=columns_of(rows, preferences),
        reports=first_reports(rows),
        first=first_of(told) if rows else None,
        hidden=len(rows) - len(seen),
    )


def first_of(told: ArticleQuerySet) -> Article | None:
    """The earliest report; of one that is hidden, not what its address says."""
    first = told.cards().order_by("published_at", "pk").first()
    if first and first.is_hidden:  # type: ignore[attr-defined]  # the caller adds it
        first.slug = ""
    return first


def headline_of(story: Story, rows: Sequence[Row], language: str) -> Row | None:
    """The article under whose headline the story stands: its own, if the reader may see and read that; else the
    first in the language of the page; else its own, else any.
    """
    own = next((row for row in rows if row.title == story.title), None)
    if own and own.language == language:
        return own
    readable = next((row for row in reversed(rows) if row.language == language), None)
    return readable or own or next(iter(rows), None)


def columns_of(rows: Sequence[Row], preferences: Preferences) -> list[Column]:
    """Who tells most first, then who told first. One query."""
    by_country: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_country[row.country].append(row)
    sides = sorted(by_country.items(), key=lambda side: (-len(side[1]), side[1][-1].published_at))
    each = max(FEWEST_PER_COLUMN, min(PER_COLUMN, MOST_SHOWN // max(1, len(sides))))
    shown = {country: [row.article for row in side if not row.is_hidden][:each] for country, side in sides}
    cards = Article.objects.visible_to(preferences).cards().in_bulk([pk for pks in shown.values() for pk in pks])
    return [
        Column(
            country,
            articles=[cards[pk] for pk in shown[country] if pk in cards],
            hidden=[row for row in side if row.is_hidden],
            count=len(side),
            first=side[-1].article,
        )
        for country, side in sides
    ]


def first_reports(rows: Sequence[Row]) -> list[Report]:
    """When each source first told the story; of many sources those that told it earliest."""
    earliest = {row.source: row for row in rows}  # they come newest first: the last of a source is its first report
    in_time = sorted(earliest.values(), key=lambda row: (row.published_at, row.article))
    return [
        Report(row.article, "" if row.is_hidden else row.slug, row.source_name, row.country, row.published_at)
        for row in in_time[:MOST_REPORTS]
    ]
