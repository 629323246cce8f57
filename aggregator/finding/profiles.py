"""What a story is compared by, as it grows article by article. Opaque to others; stored as JSON."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aggregator.finding.features import KEY_TERMS, TERMS_MAX, Features
from aggregator.finding.vectors import best, unit


@dataclass(frozen=True, slots=True)
class Profile:
    """centroid: the mean of its articles' vectors, of unit length; count: of how many."""

    centroid: Mapping[str, float] = field(default_factory=dict)
    count: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"centroid": dict(self.centroid), "count": self.count}

    @classmethod
    def from_json(cls, data: Any) -> "Profile":
        """Read what as_json gave, also of an earlier version, also a part of it; a bare vector is a centroid."""
        if not isinstance(data, dict):
            return cls()
        centroid = data.get("centroid")
        if not isinstance(centroid, dict):
            centroid = data
        weights = {str(term): float(weight) for term, weight in centroid.items() if isinstance(weight, int | float)}
        count = data.get("count")
        return cls(weights, count if isinstance(count, int) and isinstance(data.get("centroid"), dict) else 1)


def begun(features: Features, at: datetime) -> Profile:
    """The profile of a story that begins with this article."""
    return Profile(dict(features.vector), 1)


def grown(profile: Profile, features: Features, at: datetime) -> Profile:
    """The profile with one more article."""
    return joined(profile, begun(features, at))


def joined(one: Profile, other: Profile) -> Profile:
    """The profile of two stories that are one."""
    total: dict[str, float] = defaultdict(float, {term: weight * one.count for term, weight in one.centroid.items()})
    for term, weight in other.centroid.items():
        total[term] += weight * other.count
    return Profile(unit(best(total, TERMS_MAX)), one.count + other.count)


def index_terms(profile: Profile) -> list[str]:
    """The terms by which articles find the story; at most 20, the heaviest first."""
    return list(best(profile.centroid, KEY_TERMS))
