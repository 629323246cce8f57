"""Are two stories one? Two articles of an event may have come before there was a story either could be found by."""

from aggregator.finding.candidates import TIME_GATE, Candidate, silence_between
from aggregator.finding.evidence import of_stories
from aggregator.finding.judging import SHORT, Judges, trained

# Odds, as their logarithm, that two stories must reach.
NEEDED = 0.0
# What headlines alone tell is less sure; what long texts tell, split passes can take back.
_OF_SHORT, _OF_LONG = -0.4, 0.2


def score(one: Candidate, other: Candidate, *, judges: Judges | None = None) -> float:
    """How surely two stories are one, as the logarithm of the odds; the same either way round."""
    if silence_between(one, other) > TIME_GATE:
        return float("-inf")
    length = (one.profile.length + other.profile.length) / 2
    sure = (judges or trained()).stories.score(of_stories(one, other), length)
    return sure + (_OF_SHORT if length < SHORT else _OF_LONG)
