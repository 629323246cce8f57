"""One story, country by country: who tells it, since when, and under which headlines."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, NamedTuple

from django.db import connection

from accounts.preferences import Preferences
from aggregator.card_rows import whole_seen
from aggregator.comparing.sections import Column as ComparedColumn
from aggregator.comparing.sections import Comparison, Headline, Id, Voice
from aggregator.comparing.veiling import veiled
from aggregator.heading import head_of
from aggregator.models import Article, ArticleQuerySet, Story
from aggregator.models import Headline as EarlierHeadline
from aggregator.models.articles import is_ruled_out_by
from aggregator.timeline import Report

LOOKED_AT = 500  # of a story's newest articles; its columns and its timeline know no older ones
PER_COLUMN, FEWEST_PER_COLUMN, MOST_SHOWN = 5, 1, 90
MANY_SIDES = 12
MOST_REPORTS = 100  # the earliest; a line of more can not be told apart


ROW_FIELDS = (
    "pk", "slug", "source", "source__name", "source__country", "language", "title", "published_at", "is_hidden",
)  # fmt: skip
# The same for who excludes nothing, planned once.
_TOLD = f"""
    SELECT article.id, article.slug, source_id, source.name, source.country_id, article.language, title, published_at,
           FALSE
    FROM aggregator_article article JOIN feeds_source source ON source.id = source_id
    WHERE story_id = %s ORDER BY published_at DESC, article.id DESC LIMIT {LOOKED_AT}"""  # noqa: S608  ours


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
    """A country's articles. count: how many it has; more: how many of them are not shown here.

    hidden: those the reader's choices take out. They count, for a reader's keyword is not a country's silence.
    voice:  how many of its sources that are asked tell the story, where that is known
    """

    HOLDS_ARTICLES: ClassVar = ("articles",)  # what aggregator.page_marks looks through for them

    country: str
    articles: list[Article]
    hidden: list[Row]
    count: int
    first: int  # the id of its first report
    voice: Voice | None = None

    @property
    def more(self) -> int:
        return self.count - len(self.articles) - len(self.hidden)


@dataclass(frozen=True, slots=True)
class Perspective:
    """A story as one reader may see it. first: the earliest report; hidden: articles the reader's choices take out.

    Without any article first is None; without any that the reader sees the title is "". What is hidden has no words
    here: of the first report, of the timeline's and of the columns' only who told it, and when.

    A curator's headline goes before all others, unless something is hidden: it may say just that.

    comparison: what is known of how its sides differ; rows: its articles by id, for whoever leads to one;
    apart, earlier: by article, what sets its headline apart, and the headlines it had before
    in_full: every sentence is to be shown, however many sides there are
    is_veiled: whether the reader hides anything of it, be it older than what is looked at
    written: what stands on its page again and again, once it was written for it
    """

    HOLDS_ARTICLES: ClassVar = ("columns",)

    title: str
    language: str
    columns: list[Column]
    reports: list[Report]
    first: Report | None
    hidden: int
    rows: Mapping[Id, Row]
    comparison: Comparison | None
    apart: Mapping[Id, Headline]
    earlier: Mapping[int, list[str]]
    in_full: bool = False
    is_veiled: bool = False
    written: dict[Hashable, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_brief(self) -> bool:
        """Whether so many sides tell the story that each has to be short."""
        return len(self.columns) > MANY_SIDES and not self.in_full

    @property
    def language_count(self) -> int:
        return len({row.language for row in self.rows.values() if row.language})

    @property
    def apart_at_all(self) -> bool:
        """Whether any headline has words of its own, or such as most have."""
        return any(headline.own or headline.common for headline in self.apart.values())


def perspective(
    story: Story, preferences: Preferences, comparison: Comparison | None = None, *, language: str
) -> Perspective:
    """Read a story for its page. Three queries, a fourth where headlines changed, and a fifth for who hides something
    where it has more articles than are looked at.
    """
    told = Article.objects.filter(story=story).annotate(is_hidden=is_ruled_out_by(preferences))
    if preferences.excludes:
        rows = [Row(*row) for row in told.newest_first().values_list(*ROW_FIELDS)[:LOOKED_AT]]
    else:
        rows = list(map(Row._make, connection.rows(_TOLD, [story.pk])))  # type: ignore[attr-defined]  # zisnews.postgres
    seen = [row for row in rows if not row.is_hidden]
    hidden = hidden_among(rows, told, preferences)
    if comparison:
        comparison = veiled(comparison, hidden)
    headline = headline_of(story, seen, language, comparison)
    is_pinned = story.is_title_pinned and bool(rows) and not hidden
    columns = columns_of(rows, preferences, comparison)
    return Perspective(
        title=story.title if is_pinned else headline.title if headline else "",
        language=headline.language if headline and not is_pinned else "",
        columns=columns,
        reports=first_reports(rows),
        first=first_of(rows, told),
        hidden=len(rows) - len(seen),
        rows={row.article: row for row in rows},
        comparison=comparison,
        apart={headline.article: headline for column in compared(comparison) for headline in column.headlines},
        earlier=earlier_of(article for column in columns for article in column.articles),
        is_veiled=bool(hidden),
    )


def hidden_among(rows: Sequence[Row], told: ArticleQuerySet, preferences: Preferences) -> set[Id]:
    """All articles of the story that the reader hides, older ones than are looked at too: figures rest on them."""
    if len(rows) < LOOKED_AT:
        return {row.article for row in rows if row.is_hidden}
    return set(told.hidden_from(preferences).values_list("pk", flat=True))


def first_of(rows: Sequence[Row], told: ArticleQuerySet) -> Report | None:
    """The earliest report; of one that is hidden, not what its address says."""
    if len(rows) < LOOKED_AT:
        return report_of(rows[-1]) if rows else None
    return report_of(Row(*told.order_by("published_at", "pk").values_list(*ROW_FIELDS)[0]))


def report_of(row: Row) -> Report:
    return Report(row.article, "" if row.is_hidden else row.slug, row.source_name, row.country, row.published_at)


def headline_of(story: Story, rows: Sequence[Row], language: str, comparison: Comparison | None = None) -> Row | None:
    """The article under whose headline the story stands: the one that aggregator.heading says; before that is known
    the one nearest the centre of the story, else the one the story has its title of, if the reader may see and read
    that; else the first in the language of the page; else one of the two, else any.
    """
    head = head_of(story, language)
    if found := next((row for row in rows if row.article == head), None):
        return found
    central = next((row for row in rows if comparison and row.article == comparison.story.headline), None)
    own = next((row for row in rows if row.title == story.title), None)
    for found in (central, own):
        if found and found.language == language:
            return found
    readable = next((row for row in reversed(rows) if row.language == language), None)
    return readable or central or own or next(iter(rows), None)


def columns_of(rows: Sequence[Row], preferences: Preferences, comparison: Comparison | None = None) -> list[Column]:
    """Who tells most first, then who told first; each source's first report before its second where that is compared,
    the newest elsewhere. One query.
    """
    by_country: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_country[row.country].append(row)
    sides = sorted(by_country.items(), key=lambda side: (-len(side[1]), side[1][-1].published_at))
    each = max(FEWEST_PER_COLUMN, min(PER_COLUMN, MOST_SHOWN // max(1, len(sides))))
    turns = {column.country: [headline.article for headline in column.headlines] for column in compared(comparison)}
    shown: dict[str, list[int]] = {}
    for country, side in sides:
        readable = [row.article for row in side if not row.is_hidden]
        first = [pk for pk in turns.get(country, ()) if pk in set(readable)]
        shown[country] = list(dict.fromkeys([*first, *readable]))[:each]
    cards = whole_seen([pk for pks in shown.values() for pk in pks], preferences)
    voices = {voice.country: voice for voice in comparison.voices} if comparison else {}
    return [
        Column(
            country,
            articles=[cards[pk] for pk in shown[country] if pk in cards],
            hidden=[row for row in side if row.is_hidden],
            count=len(side),
            first=side[-1].article,
            voice=voices.get(country),
        )
        for country, side in sides
    ]


def compared(comparison: Comparison | None) -> Sequence[ComparedColumn]:
    return comparison.columns if comparison else ()


def earlier_of(articles: Iterable[Article]) -> dict[int, list[str]]:
    """The headlines that these articles had before, the first first. One query, where any was ever changed."""
    changed = [article.pk for article in articles if article.updated_at]
    found: dict[int, list[str]] = defaultdict(list)
    if changed:
        earlier = EarlierHeadline.objects.filter(article__in=changed).order_by("seen_at", "pk")
        for article, title in earlier.values_list("article", "title"):
            found[article].append(title)
    return found


def first_reports(rows: Sequence[Row]) -> list[Report]:
    """When each source first told the story; of many sources those that told it earliest."""
    earliest = {row.source: row for row in rows}  # they come newest first: the last of a source is its first report
    in_time = sorted(earliest.values(), key=lambda row: (row.published_at, row.article))
    return [report_of(row) for row in in_time[:MOST_REPORTS]]
