"""Does an event continue an earlier one? Events that do make a storyline, over days to months."""

from aggregator.finding.choosing import Candidate
from aggregator.finding.vectors import similarity

_NEEDED = 0.25


def continues(later: Candidate, earlier: Candidate) -> float:
    """How surely the later event continues the earlier one; 0: it does not."""
    if later.oldest_at <= earlier.oldest_at:
        return 0.0
    alike = similarity(later.profile.centroid, earlier.profile.centroid)
    return alike if alike >= _NEEDED else 0.0
