"""One section of a story's comparison on a page of its own: all its countries, with every sentence.

A story that forty countries tell would make a page of half a megabyte, so its own page shows the first of each section
(`Perspective.is_brief`) and leads here for the others.
"""

from dataclasses import dataclass, replace

from django.core.exceptions import BadRequest

from aggregator.perspectives import Perspective
from zisnews.pagination import parse_numbers

FIELDS = {"words": "wording", "quotes": "quotes", "only": "only_here", "numbers": "differing"}  # by ?tab=
TEMPLATES = {"words": "_words", "quotes": "_quotes", "only": "_only", "numbers": "_numbers"}
PER_PAGE = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a section. told: the story with these figures of it alone, in full; after, next: places in it, next 0
    at its end
    """

    name: str
    told: Perspective
    after: int
    next: int

    @property
    def template(self) -> str:
        return f"aggregator/story/{TEMPLATES[self.name]}.html"


def part_of(told: Perspective, name: str, after: str) -> Part | None:
    """A page of the section that a name stands for; None where the story has none such.

    Raises BadRequest when `after` is no place in a list.
    """
    if told.comparison is None or name not in FIELDS:
        return None
    [place] = parse_numbers(after, 1) if after else [0]
    figures = getattr(told.comparison, FIELDS[name])
    if not figures:
        return None
    if place >= len(figures):
        raise BadRequest("Not a position in this list.")
    here, end = figures[place : place + PER_PAGE], place + PER_PAGE
    shown = replace(told, in_full=True, comparison=replace(told.comparison, **{FIELDS[name]: here}))
    return Part(name, shown, place, end if end < len(figures) else 0)
