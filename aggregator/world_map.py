"""The world map of the countries page: shapes, and how dark each country stands. Touches no database.

The shapes are Natural Earth's, in whole units of a drawing 1,000 wide. A country too small to have one is a dot; "-"
are lands that ISO 3166-1 gives no code.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")
LEVELS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A country on the map. level: 0 without articles, else 1 to LEVELS; d: an SVG path, or x and y of a dot."""

    iso: str
    level: int
    count: int
    d: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class WorldMap:
    width: int
    height: int
    lands: list[Place]
    told: list[Place]

    @property
    def scale(self) -> list[int]:
        return list(range(1, LEVELS + 1))


@cache
def drawing() -> dict[str, Any]:
    """The map as it stands in the file, read once."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def world_map(counts: Mapping[str, int]) -> WorldMap:
    """Return the map for a number of articles by country code; countries missing there have no source of ours.

    lands: those without a source, only drawn;  told: those with one, for links.
    """
    file = drawing()
    most = max(counts.values(), default=0)
    shapes, dots = file["shapes"], file["dots"]
    lands = [Place(iso, 0, 0, d=d) for iso, d in shapes.items() if iso not in counts]
    told = [Place(iso, level_of(count, most), count, d=shapes[iso]) for iso, count in counts.items() if iso in shapes]
    small = [iso for iso in counts if iso in dots]
    told += [Place(iso, level_of(counts[iso], most), counts[iso], x=dots[iso][0], y=dots[iso][1]) for iso in small]
    return WorldMap(file["width"], file["height"], lands, told)


def level_of(count: int, most: int) -> int:
    """From 1 for a single article to LEVELS for the country that tells most, by orders of magnitude; 0 for none."""
    if count <= 0:
        return 0
    if most <= 1:
        return LEVELS
    return 1 + round((LEVELS - 1) * log(count) / log(most))
