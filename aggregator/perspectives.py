"""One story, country by country: who tells it, since when, and under which headlines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from accounts.preferences import Preferences
from aggregator.models import Article, ArticleQuerySet, Story
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


@dataclass(frozen=True, slots=True)
class Column:
    """A country's articles, the newest first. count: how many it has; more: how many of them are not shown here."""

    country: str
    articles: list[Article]
    count: int
    first: int  # the id of its first report

    @property
    def more(self) -> int:
        return self.count - len(self.articles)


@dataclass(frozen=True, slots=True)
class Perspective:
    """A story as one reader may see it. first: the earliest report; hidden: articles the reader's choices take out.

    Without any article the title is "" and first None.
    """

    title: str
    language: str
    columns: list[Column]
    reports: list[Report]
    first: Article | None
    hidden: int


def perspective(story: Story, preferences: Preferences, *, language: str) -> Perspective:
    """Read a story for its page. Three queries, however many articles it has."""
    visible = Article.objects.visible_to(preferences).filter(story=story)
    fields = "pk", "slug", "source", "source__name", "source__country", "language", "title", "published_at"
    rows = [Row(*row) for row in visible.newest_first().values_list(*fields)[:LOOKED_AT]]
    headline = headline_of(story, rows, language)
    return Perspective(
        title=headline.title if headline else "",
        language=headline.language if headline else "",
        columns=columns_of(rows, visible),
        reports=first_reports(rows),
        first=visible.cards().order_by("published_at", "pk").first() if rows else None,
        hidden=max(0, min(story.article_count, LOOKED_AT) - len(rows)),
    )


def headline_of(story: Story, rows: Sequence[Row], language: str) -> Row | None:
    """The article under whose headline the story stands: its own, if the reader may see and read that; else the
    first in the language of the page; else its own, else any.
    """
    own = next((row for row in rows if row.title == story.title), None)
    if own and own.language == language:
        return own
    readable = next((row for row in reversed(rows) if row.language == language), None)
    return readable or own or next(iter(rows), None)


def columns_of(rows: Sequence[Row], visible: ArticleQuerySet) -> list[Column]:
    """Who tells most first, then who told first. One query."""
    by_country: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_country[row.country].append(row)
    sides = sorted(by_country.items(), key=lambda side: (-len(side[1]), side[1][-1].published_at))
    each = max(FEWEST_PER_COLUMN, min(PER_COLUMN, MOST_SHOWN // max(1, len(sides))))
    cards = visible.cards().in_bulk([row.article for _, side in sides for row in side[:each]])
    return [
        Column(
            country,
            articles=[cards[row.article] for row in side[:each] if row.article in cards],
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
        Report(row.article, row.slug, row.source_name, row.country, row.published_at) for row in in_time[:MOST_REPORTS]
    ]
