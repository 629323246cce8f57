"""Which story stands higher, and why. Pure.

A story's weight grows with the number of countries and sources that tell it, each further one counting less, and
halves every nine hours after its newest article, so that what the world is talking about now stands on top.
"""

from dataclasses import dataclass
from datetime import datetime
from math import log2

HALF_LIFE_HOURS = 9.0
COUNTRY_WEIGHT, SOURCE_WEIGHT = 1.6, 1.0


@dataclass(frozen=True, slots=True)
class Standing:
    """The numbers behind a story's place: voices (countries and sources), freshness (1 now, 0.5 nine hours ago)."""

    voices: float
    freshness: float

    @property
    def weight(self) -> float:
        return self.voices * self.freshness


def standing(*, source_count: int, country_count: int, newest_at: datetime, now: datetime) -> Standing:
    """Return what a story weighs at `now`. A story from the future counts as new."""
    hours = max((now - newest_at).total_seconds() / 3600, 0.0)
    voices = COUNTRY_WEIGHT * log2(1 + country_count) + SOURCE_WEIGHT * log2(1 + source_count)
    return Standing(voices, 0.5 ** (hours / HALF_LIFE_HOURS))
