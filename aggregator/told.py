"""The lists of stories: told by most countries, growing fastest, told by one side only, not told by one country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from accounts.preferences import Preferences
from aggregator.comparing.silent import YOUNGEST
from aggregator.growing import fastest_growing, joined_lately
from aggregator.models import Story, StoryQuerySet
from aggregator.output import remembered
from aggregator.ranks import ONE_SIDED_SOURCES
from aggregator.silences import Usual, large_stories, usual_of
from aggregator.tellings import Told, choose_apart, loader, tellers_of
from feeds.models import Category
from zisnews.pagination import PAGE_SIZE, Page, counted_page, parse_numbers

LOOKED_AT = 12  # of a story's newest articles, to find one in the language of the page


class Side(StrEnum):
    """Which stories a list holds."""

    MOST = "most"
    GROWING = "growing"
    ONE = "one"
    SILENT = "silent"


COUNTS = "country_count", "source_count"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list, of which category, of which country (a code, "" for all). SILENT asks for a country."""

    side: Side
    category: Category | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class ToldPage:
    """One page of a list of stories. hidden: how many of it the reader's own choices take out whole.

    joined: by story, how many sources joined it in the last hours
    usual:  by story, what the country whose silence is asked for usually has on such stories, where that is known
    """

    page: Page[Story]
    told: list[Told]
    hidden: int
    after: str
    joined: Mapping[int, int]
    usual: Mapping[int, Usual]


def stories_told(asked: Asked, now: datetime) -> StoryQuerySet:
    """The stories of a list, whatever its country.

    MOST    of the last two days, that several countries tell
    GROWING of the last two days, that several sources tell
    ONE     of the last two days, that one country's sources tell alone
    SILENT  large ones of three days

    Only their counts are loaded, for they stand in the index that the order is read from.
    """
    if asked.side == Side.SILENT:
        return large_stories(asked.category, now).only(*COUNTS, "category")
    stories = Story.objects.active(now).told_by_several().only(*COUNTS)
    if asked.category is not None:
        stories = stories.filter(category=asked.category)
    if asked.side == Side.ONE:
        return stories.filter(country_count=1, source_count__gte=ONE_SIDED_SOURCES)
    return stories.filter(country_count__gte=2) if asked.side == Side.MOST else stories


def told_page(asked: Asked, preferences: Preferences, *, after: str, language: str, now: datetime) -> ToldPage:
    """A page of such a list: most countries first, then most sources; of the fastest growing, most that joined.

    Five queries, one more for a country, two for who is silent. Raises BadRequest when `after` is not one of our own.
    """
    stories = stories_told(asked, now)
    if asked.side == Side.GROWING:
        page, joined = growing_page(asked, stories, after, now)
    else:
        page = page_of_country(asked, after, now) if asked.country else counted_page(stories, after, counts=COUNTS)
        joined = joined_lately([story.pk for story in page.rows], now)
    tellers = tellers_of([story.pk for story in page.rows], preferences, newest=LOOKED_AT)
    chosen = choose_apart([story.pk for story in page.rows if story.pk in tellers], tellers, language=language)
    told = loader(chosen, preferences, language)
    found = [row for one in chosen if (row := told(one))]
    usual = usual_of(asked.country, page.rows) if asked.side == Side.SILENT else {}
    return ToldPage(page, found, len(page.rows) - len(found), after, joined, usual)


def page_of_country(asked: Asked, after: str, now: datetime) -> Page[Story]:
    """A page of the stories that a country tells, or has nothing on; the same for some minutes."""
    beyond = parse_numbers(after, len(COUNTS) + 1) if after else None
    category = asked.category.slug if asked.category else ""
    name = f"told-by:{asked.side}:{category}:{asked.country}:{after}"
    keys: list[tuple[int, ...]] = remembered(name, None, lambda: first_of_country(asked, beyond, now))
    there = Story.objects.standing().only(*COUNTS, "category").in_bulk([key[-1] for key in keys[:PAGE_SIZE]])
    following = "~".join(map(str, keys[PAGE_SIZE - 1])) if len(keys) > PAGE_SIZE else ""
    return Page([there[key[-1]] for key in keys[:PAGE_SIZE] if key[-1] in there], following)


def first_of_country(asked: Asked, beyond: Sequence[int] | None, now: datetime) -> list[tuple[int, ...]]:
    """Where the stories of such a page stand in their list, and that of the next. One query.

    No index leads to them: who tells a story stands in its own row, and an index of that (GIN, tried with 300,000
    stories) finds those of all days. So the order is read from the index of all, and rows until the page is full.
    OFFSET 0: or Postgres would ask all rows before it sorts them.
    """
    values: list[Any] = [asked.country]
    tells = "jsonb_exists(story.voices, %s)"
    if asked.side == Side.SILENT:
        tells, values = f"NOT {tells} AND story.first_at <= %s", [*values, now - YOUNGEST]
    order, told = stories_told(asked, now).order_by().values_list(*COUNTS, "pk").query.sql_with_params()
    if beyond:
        beyond_it, values = "AND (countries, sources, id) < (%s, %s, %s)", [*values, *beyond]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT countries, sources, id FROM (
                    SELECT * FROM ({order}) listed (countries, sources, id) ORDER BY 1 DESC, 2 DESC, 3 DESC OFFSET 0
                ) ordered
                WHERE (SELECT {tells} FROM aggregator_story story WHERE story.id = ordered.id)
                {beyond_it if beyond else ""} LIMIT {PAGE_SIZE + 1}""",  # noqa: S608  what Django made of a query
            [*told, *values],
        )
        return cursor.fetchall()


def growing_page(asked: Asked, stories: StoryQuerySet, after: str, now: datetime) -> tuple[Page[Story], dict[int, int]]:
    """A page of the fastest growing, and how many sources joined each."""
    order = fastest_growing(now)
    if after:
        joined, pk = parse_numbers(after, 2)
        order = [(story, count) for story, count in order if (count, story) < (joined, pk)]
    told = stories.filter(voices__has_key=asked.country) if asked.country else stories
    there = told.in_bulk([story for story, _ in order])
    rows = [(there[story], count) for story, count in order if story in there][: PAGE_SIZE + 1]
    page, following = rows[:PAGE_SIZE], ""
    if len(rows) > PAGE_SIZE:
        story, count = page[-1]
        following = f"{count}~{story.pk}"
    return Page([story for story, _ in page], following), {story.pk: count for story, count in page}


def read_side(text: str) -> Side:
    """The list that ?side= names; the one that most tell for anything unknown."""
    return Side(text) if text in list(Side) else Side.MOST
