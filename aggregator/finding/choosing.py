"""Which story does an article belong to? A wrong merge is worse than a missed one: every doubt starts a new story."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.finding.features import Features
from aggregator.finding.profiles import Profile
from aggregator.finding.vectors import similarity

TIME_GATE = timedelta(hours=72)

# The similarity a story asks of an article: more of a story of many than of a single article, since a mean of many
# is near to more; more after a silence; more while too few documents were seen to know which words are common.
_NEEDED = 0.13
_NEEDED_BY_SIZE = 0.08
_NEEDED_BY_SILENCE = 0.05
_NEEDED_WHEN_COLD = 0.05
_COLD_DOCUMENTS = 100
# One rare name in common is not yet an event in common.
_SHARED_TERMS_MIN = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story the article may belong to.

    newest_at: when its newest article was published, aware; oldest_at: its oldest
    """

    story_id: int
    profile: Profile
    article_count: int
    source_count: int
    oldest_at: datetime
    newest_at: datetime


def choose(
    features: Features, at: datetime, candidates: Iterable[Candidate], *, documents: int = _COLD_DOCUMENTS
) -> int | None:
    """The id of the story the article belongs to, or None: it begins one of its own.

    at:        when the article was published, aware
    documents: how many its document frequencies were counted over
    """
    cold = max(0.0, 1 - documents / _COLD_DOCUMENTS)
    best_id, best_margin = None, 0.0
    for candidate in candidates:
        apart = apart_by(at, candidate)
        centroid = candidate.profile.centroid
        if apart > TIME_GATE or len(features.vector.keys() & centroid.keys()) < _SHARED_TERMS_MIN:
            continue
        needed = (
            _NEEDED
            + _NEEDED_BY_SIZE * (1 - 1 / candidate.article_count)
            + _NEEDED_BY_SILENCE * (apart / TIME_GATE)
            + _NEEDED_WHEN_COLD * cold
        )
        margin = similarity(features.vector, centroid) - needed
        if margin > best_margin:
            best_id, best_margin = candidate.story_id, margin
    return best_id


def apart_by(at: datetime, candidate: Candidate) -> timedelta:
    """How long before or after the story the article stands; nothing while it falls within."""
    return max(candidate.oldest_at - at, at - candidate.newest_at, timedelta(0))
