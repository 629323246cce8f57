"""Which countries' sources have nothing on large stories: a plain look at who tells them, with the numbers.

That is no word on why: sources may be late, or not concerned. A country counts from as many of its sources on as were
asked at all; how unusual its silence is comes from what it told of such stories before (comparing/silent.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aggregator.comparing.sections import Silence
from aggregator.comparing.silent import FEWEST_POLLED, FEWEST_STORIES, YOUNGEST
from aggregator.coverage import SHORTEST_HISTORY, polled_since, size_of
from aggregator.kept_comparisons import silent_in
from aggregator.models import Story, StoryQuerySet, UsualTelling
from aggregator.output import remembered
from feeds.models import Category

LARGE = 5  # countries that tell it
LOOKED_BACK_HOURS = 72
MOST_STORIES = 500


@dataclass(frozen=True, slots=True)
class Silent:
    """A country: its sources that were asked since yesterday, and how many of so many large stories they lack."""

    country: str
    polled: int
    missing: int
    of: int


@dataclass(frozen=True, slots=True)
class Usual:
    """What a country told of stories like one: in so many of `stories` some source of its did.

    silence: what the story's own page says of it, where its last comparison found its silence unusual
    """

    told: int
    stories: int
    silence: Silence | None = None


def large_stories(category: Category | None, now: datetime) -> StoryQuerySet:
    """The stories of these three days that many countries tell, be they old enough or not; an index has them all."""
    stories = Story.objects.active(now, hours=LOOKED_BACK_HOURS).told_by_several().filter(country_count__gte=LARGE)
    return stories.filter(category=category) if category else stories


def polled_lately(now: datetime) -> dict[str, int]:
    """How many sources of each country answered since yesterday; kept for some minutes."""
    return remembered("polled-lately", None, lambda: polled_since(now - YOUNGEST, now))


def silent_countries(category: Category | None, now: datetime) -> list[Silent]:
    """The countries with enough sources asked that have nothing on some large story, those with most such first."""
    return remembered(f"silent:{category.slug if category else ''}", None, lambda: count_silent(category, now))


def count_silent(category: Category | None, now: datetime) -> list[Silent]:
    large = large_stories(category, now).filter(first_at__lte=now - YOUNGEST)
    told = list(large.order_by("-newest_at").values_list("voices", flat=True)[:MOST_STORIES])
    found = []
    for country, polled in polled_lately(now).items():
        missing = sum(country not in voices for voices in told)
        if polled >= FEWEST_POLLED and missing:
            found.append(Silent(country, polled, missing, len(told)))
    return sorted(found, key=lambda one: (-one.missing, -one.polled, one.country))


def usual_of(country: str, stories: Iterable[Story]) -> dict[int, Usual]:
    """By story, what the country usually has on stories like it; without those it is not known of. Two queries.

    Whether that makes its silence unusual is what the story's kept comparison says, as its page does.
    """
    told = list(stories)
    kinds: dict[tuple[str, int], UsualTelling] = {}
    for row in UsualTelling.objects.filter(country=country, category__in={story.category_id for story in told}):
        if row.stories >= FEWEST_STORIES and row.counted_at - row.since >= SHORTEST_HISTORY:
            kinds[row.category_id, row.size] = row
    found: dict[int, Usual] = {}
    silent = silent_in([story.pk for story in told], country)
    for story in told:
        silence = silent.get(story.pk)
        if kind := kinds.get((story.category_id, size_of(story.country_count))):
            found[story.pk] = Usual(len(kind.telling), kind.stories, silence)
        elif silence:
            found[story.pk] = Usual(0, 0, silence)
    return found
