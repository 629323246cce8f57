"""The lists of stories: those that most countries tell now, and those that one side only tells."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.preferences import Preferences
from aggregator.models import Story, StoryQuerySet
from aggregator.ranks import ONE_SIDED_SOURCES
from aggregator.tellings import Told, choose_apart, loader, tellers_of
from feeds.models import Category
from zisnews.pagination import Page, counted_page

LOOKED_AT = 12  # of a story's newest articles, to find one in the language of the page


class Side(StrEnum):
    """Which stories a list holds."""

    MOST = "most"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class ToldPage:
    """One page of a list of stories. hidden: how many of it the reader's own choices take out whole."""

    page: Page[Story]
    told: list[Told]
    hidden: int
    after: str


def stories_told(side: Side, category: Category | None, now: datetime) -> StoryQuerySet:
    """The stories of the last two days that countries tell together, or that one country's sources tell alone.

    Only their counts are loaded, for they stand in the index that the order is read from.
    """
    stories = Story.objects.active(now).told_by_several().only("country_count", "source_count")
    if category is not None:
        stories = stories.filter(category=category)
    if side == Side.ONE:
        return stories.filter(country_count=1, source_count__gte=ONE_SIDED_SOURCES)
    return stories.filter(country_count__gte=2)


def told_page(
    side: Side, category: Category | None, preferences: Preferences, *, after: str, language: str, now: datetime
) -> ToldPage:
    """A page of such a list, most countries first, then most sources. Five queries.

    Raises BadRequest when `after` is not one of our own.
    """
    page = counted_page(stories_told(side, category, now), after, counts=["country_count", "source_count"])
    tellers = tellers_of([story.pk for story in page.rows], preferences, newest=LOOKED_AT)
    chosen = choose_apart([story.pk for story in page.rows if story.pk in tellers], tellers, language=language)
    told = loader(chosen, preferences)
    found = [row for one in chosen if (row := told(one))]
    return ToldPage(page, found, len(page.rows) - len(found), after)
