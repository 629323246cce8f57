"""Does a story hold several events?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.finding.features import Features


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story. at: when it was published, aware."""

    id: int
    features: Features
    at: datetime


def parts(members: Sequence[Member]) -> list[list[int]]:
    """The ids of the articles, one list an event, the list of the earliest article first."""
    return [[member.id for member in members]] if members else []
