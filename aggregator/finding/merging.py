"""Are two stories one?"""

from datetime import timedelta

from aggregator.finding.choosing import TIME_GATE, Candidate
from aggregator.finding.vectors import similarity

_NEEDED = 0.5


def are_one(one: Candidate, other: Candidate) -> bool:
    """Say whether two stories tell of one event."""
    if silence_between(one, other) > TIME_GATE:
        return False
    return similarity(one.profile.centroid, other.profile.centroid) >= _NEEDED


def silence_between(one: Candidate, other: Candidate) -> timedelta:
    """From the end of the one to the beginning of the other; nothing where they overlap."""
    return max(one.oldest_at - other.newest_at, other.oldest_at - one.newest_at, timedelta(0))
