"""A story that an article, or another story, may belong to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.finding.profiles import Profile

TIME_GATE = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story. newest_at: when its newest article was published, aware; oldest_at: its oldest."""

    story_id: int
    profile: Profile
    article_count: int
    source_count: int
    oldest_at: datetime
    newest_at: datetime


def silence_before(at: datetime, candidate: Candidate) -> timedelta:
    """How long before or after the story a moment stands; nothing while it falls within."""
    return max(candidate.oldest_at - at, at - candidate.newest_at, timedelta(0))


def silence_between(one: Candidate, other: Candidate) -> timedelta:
    """From the end of the one to the beginning of the other; nothing where they overlap."""
    return max(one.oldest_at - other.newest_at, other.oldest_at - one.newest_at, timedelta(0))
