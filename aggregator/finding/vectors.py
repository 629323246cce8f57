"""Sparse vectors: mappings of term to weight."""

import math
from collections.abc import Mapping


def similarity(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How much two vectors share, 0 to 1: the cosine, less where one says little."""
    if len(other) < len(one):
        one, other = other, one
    return sum([weight * other[term] for term, weight in one.items() if term in other])


def best(scored: Mapping[str, float], n: int) -> dict[str, float]:
    """The n heaviest of positive weight, the heaviest first, equals in the order of their terms."""
    heaviest = sorted(scored.items(), key=lambda item: (-item[1], item[0]))[:n]
    return {term: weight for term, weight in heaviest if weight > 0}


def unit(vector: Mapping[str, float], little: float = 0.0) -> dict[str, float]:
    """The vector at length 1; or shorter, by as much as its own length is near to `little`."""
    length = math.sqrt(sum([weight * weight for weight in vector.values()]) + little * little)
    return {term: round(weight / length, 4) for term, weight in vector.items()} if length else {}
