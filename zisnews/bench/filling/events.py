"""Which of a stretch of articles tell of one event, and whose they are. Touches no database."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from feeds.models import GENERAL
from feeds.shelves import CATEGORIES
from zisnews.bench.filling.sources import Publisher

LARGEST = 400  # articles of one story
STEEPNESS = 2.3  # sizes are zipf: of ten stories seven are told by one article
ONE_SIDED_SHARE = 0.1  # of stories: told in the country where they happened and nowhere else
OFF_SHELF_SHARE = 0.15  # of articles: filed under their source's category, not the story's
KNOWN_SHARE = 0.7  # of what sources without a section publish: its words tell the category
SECTIONS = [category for category in CATEGORIES if category != GENERAL]
STEPS_PER_REACH = 6  # an event is mostly told within a sixth of its time


@dataclass(slots=True)
class Event:
    """A story. places: of its articles within the stretch, in order of time; publishers: whose each is."""

    places: list[int]
    publishers: list[Publisher] = field(default_factory=list)
    category: str = ""

    @property
    def voices(self) -> dict[str, int]:
        """Distinct sources by country (Story.voices)."""
        return dict(Counter({publisher.id: publisher.country for publisher in self.publishers}.values()))


class Newsroom:
    """Chooses events and who tells of them: large publishers more often than small ones."""

    def __init__(self, publishers: Sequence[Publisher]) -> None:
        self._everybody = Choice(publishers)
        countries = {publisher.country for publisher in publishers}
        self._by_country = {
            iso: Choice([publisher for publisher in publishers if publisher.country == iso]) for iso in countries
        }
        self._sizes = list(accumulate(size**-STEEPNESS for size in range(1, LARGEST + 1)))

    def events(self, chance: random.Random, count: int, *, reach: int) -> list[Event]:
        """Part `count` articles in order of time into events, each article in one.

        reach: how many articles are published while an event is news
        """
        taken = [False] * count
        events = []
        for place in range(count):
            if not taken[place]:
                event = Event(self._places(chance, place, taken, reach))
                self._tell(chance, event)
                events.append(event)
        return events

    def _places(self, chance: random.Random, first: int, taken: list[bool], reach: int) -> list[int]:
        taken[first] = True
        places = [first]
        size = chance.choices(range(1, LARGEST + 1), cum_weights=self._sizes)[0]
        for _ in range(size - 1):
            place = first + 1 + int(chance.expovariate(STEPS_PER_REACH / reach))
            while place < len(taken) and taken[place]:
                place += 1
            if place < min(len(taken), first + reach):
                taken[place] = True
                places.append(place)
        return sorted(places)

    def _tell(self, chance: random.Random, event: Event) -> None:
        count = len(event.places)
        tellers = self._everybody.some(chance, count)
        if count > 1 and chance.random() < ONE_SIDED_SHARE:
            tellers = self._by_country[tellers[0].country].some(chance, count)
        event.publishers = tellers
        event.category = tellers[0].category
        if event.category == GENERAL and chance.random() < KNOWN_SHARE:
            event.category = chance.choice(SECTIONS)


class Choice:
    """Publishers to choose from, each by its share."""

    def __init__(self, publishers: Sequence[Publisher]) -> None:
        self._publishers = publishers
        self._weights = list(accumulate(publisher.share for publisher in publishers))

    def some(self, chance: random.Random, count: int) -> list[Publisher]:
        return chance.choices(self._publishers, cum_weights=self._weights, k=count)
