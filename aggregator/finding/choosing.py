"""Which story does an article belong to? A wrong merge is worse than a missed one: every doubt starts a new story."""

from collections.abc import Iterable
from datetime import datetime

from aggregator.finding.candidates import TIME_GATE, Candidate, silence_before
from aggregator.finding.crossing import across
from aggregator.finding.evidence import Figures, of_article
from aggregator.finding.features import Features
from aggregator.finding.judging import SHORT, Judges, trained
from aggregator.finding.vectors import similarity

__all__ = ["TIME_GATE", "Candidate", "choose"]

CLOSEST = 8  # of the candidates are looked at in full
# Odds, as their logarithm, that a story must reach; more while too few documents were seen to know common words.
_NEEDED_OF_SHORT, _NEEDED_OF_LONG = 0.3, -1.5
_NEEDED_WHEN_COLD = 0.5
_COLD_DOCUMENTS = 100
# One rare name in common is not yet an event in common, nor are any number of words that all use.
_SHARED_TERMS_MIN = 2
_RARE = 0.45


def choose(
    features: Features,
    at: datetime,
    candidates: Iterable[Candidate],
    *,
    documents: int = _COLD_DOCUMENTS,
    judges: Judges | None = None,
) -> int | None:
    """The id of the story the article belongs to, or None: it begins one of its own.

    at:        when the article was published, aware
    documents: how many its document frequencies were counted over
    judges:    whose coefficients; the site's own if none
    """
    candidates = list(candidates)
    judge = (judges or trained()).article
    is_short = len(features.vector) < SHORT
    needed = (_NEEDED_OF_SHORT if is_short else _NEEDED_OF_LONG) + _NEEDED_WHEN_COLD * max(
        0.0, 1 - documents / _COLD_DOCUMENTS
    )
    best_id, best_score = None, needed
    for candidate, figures in compared(features, at, candidates):
        score = judge.score(figures, len(features.vector))
        if score > best_score:
            best_id, best_score = candidate.story_id, score
    return best_id if best_id is not None else _chosen_across(features, at, candidates)


def _chosen_across(features: Features, at: datetime, candidates: Iterable[Candidate]) -> int | None:
    """The story in other languages that the article is surest to be of, if there is one."""
    sure = [(across(features, at, candidate), -candidate.story_id) for candidate in candidates]
    surest, story_id = max(sure, default=(0.0, 0))
    return -story_id if surest else None


def compared(features: Features, at: datetime, candidates: Iterable[Candidate]) -> list[tuple[Candidate, Figures]]:
    """The closest candidates within the time gate with the figures that speak for each; the closest first."""
    near = [
        (similarity(features.vector, candidate.profile.centroid), candidate)
        for candidate in candidates
        if silence_before(at, candidate) <= TIME_GATE and _share_something(features, candidate)
    ]
    near.sort(key=lambda pair: (-pair[0], pair[1].story_id))
    return [(candidate, of_article(features, at, candidate, cosine)) for cosine, candidate in near[:CLOSEST]]


def _share_something(features: Features, candidate: Candidate) -> bool:
    shared = features.vector.keys() & candidate.profile.centroid.keys()
    return len(shared) >= _SHARED_TERMS_MIN and any(features.rarity.get(term, 1.0) >= _RARE for term in shared)
