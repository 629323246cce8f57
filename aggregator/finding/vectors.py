"""Sparse vectors: mappings of term to weight."""

import math
from collections.abc import Mapping
from typing import Any

_SCALE = 1000
_KNOWN = {str(weight): weight / _SCALE for weight in range(_SCALE + 1)}


def similarity(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How much two vectors share, 0 to 1: the cosine, less where one says little."""
    if len(other) < len(one):
        one, other = other, one
    return sum([weight * other[term] for term, weight in one.items() if term in other])


def best(scored: Mapping[str, float], n: int) -> dict[str, float]:
    """The n heaviest of positive weight, the heaviest first, equals in the order of their terms."""
    heaviest = sorted(sorted(scored), key=scored.__getitem__, reverse=True)[:n]  # stable: equals stay as they stood
    return {term: weight for term in heaviest if (weight := scored[term]) > 0}


def unit(vector: Mapping[str, float], little: float = 0.0) -> dict[str, float]:
    """The vector at length 1; or shorter, by as much as its own length is near to `little`."""
    length = math.sqrt(sum([weight * weight for weight in vector.values()]) + little * little)
    return {term: round(weight / length, 4) for term, weight in vector.items()} if length else {}


def mean(
    one: Mapping[str, float], mass: float, other: Mapping[str, float], other_mass: float, most: int
) -> dict[str, float]:
    """The mean of two vectors that weigh so much, cut to its heaviest, at length 1."""
    total = {term: weight * mass for term, weight in one.items()}
    for term, weight in other.items():
        total[term] = total.get(term, 0.0) + weight * other_mass
    return unit(best(total, most))


def packed(vector: Mapping[str, float]) -> str:
    """The vector as one string; `unpacked` reads it. Terms hold no space."""
    return " ".join([f"{term} {round(weight * _SCALE)}" for term, weight in vector.items()])


def unpacked(data: Any) -> dict[str, float]:
    """A vector of a string that `packed` gave, or of a mapping; of anything else none."""
    if isinstance(data, dict):
        return {str(term): float(weight) for term, weight in data.items() if isinstance(weight, int | float)}
    if not isinstance(data, str):
        return {}
    parts = data.split(" ")
    try:
        if len(parts) % 2 == 0:
            return dict(zip(parts[::2], map(_KNOWN.__getitem__, parts[1::2]), strict=True))
    except KeyError:
        pass  # not as `packed` writes a vector of unit length
    try:
        return {term: int(weight) / _SCALE for term, weight in zip(parts[::2], parts[1::2], strict=True)}
    except ValueError:
        return {}
