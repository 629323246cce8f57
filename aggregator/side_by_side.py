"""Two countries of one story next to one another: whatever the story's page has of either. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.comparing.sections import (
    CalledBy,
    Comparison,
    Differing,
    Naming,
    OnlyHere,
    SharedQuote,
    Side,
    Speaker,
    Value,
)
from aggregator.perspectives import Column, Perspective
from aggregator.timeline import Report


@dataclass(frozen=True, slots=True)
class OneSide:
    """What one of the two has. words: by language, for a country may tell a story in several."""

    column: Column
    first: Report | None
    words: list[Side]
    only: OnlyHere | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The two, and what they have to be compared in; `names`, `quotes` and `numbers` have a part for each, in order.

    Of what neither has nothing stands here.
    """

    sides: tuple[OneSide, OneSide]
    names: list[tuple[Naming, tuple[CalledBy | None, CalledBy | None]]]
    quotes: list[SharedQuote]
    speakers: list[Speaker]
    numbers: list[tuple[Differing, tuple[list[Value], list[Value]]]]

    @property
    def countries(self) -> tuple[str, str]:
        return self.sides[0].column.country, self.sides[1].column.country

    @property
    def have_words(self) -> bool:
        return any(side.words for side in self.sides)

    @property
    def have_only(self) -> bool:
        return any(side.only for side in self.sides)


def side_by_side(told: Perspective, one: str, other: str) -> Pair | None:
    """The two countries of these codes; None where they are the same, or do not both tell the story."""
    columns = {column.country: column for column in told.columns}
    codes = one.upper(), other.upper()
    if codes[0] == codes[1] or not (codes[0] in columns and codes[1] in columns):
        return None
    comparison = told.comparison
    return Pair(
        sides=(_side(told, columns[codes[0]]), _side(told, columns[codes[1]])),
        names=_names(comparison, codes) if comparison else [],
        quotes=_quotes(comparison, codes) if comparison else [],
        speakers=_speakers(comparison, codes) if comparison else [],
        numbers=_numbers(comparison, codes) if comparison else [],
    )


def first_two(columns: Sequence[Column]) -> tuple[str, str] | None:
    """The two that tell most, to begin with."""
    return (columns[0].country, columns[1].country) if len(columns) > 1 else None


def _side(told: Perspective, column: Column) -> OneSide:
    comparison, iso = told.comparison, column.country
    return OneSide(
        column,
        first=next((report for report in told.reports if report.country == iso), None),
        words=[side for side in comparison.wording if side.country == iso] if comparison else [],
        only=next((here for here in comparison.only_here if here.country == iso), None) if comparison else None,
    )


def _names(
    comparison: Comparison, codes: tuple[str, str]
) -> list[tuple[Naming, tuple[CalledBy | None, CalledBy | None]]]:
    found = []
    for naming in comparison.naming:
        called = {one.country: one for one in naming.countries}
        two = called.get(codes[0]), called.get(codes[1])
        if any(two):
            found.append((naming, two))
    return found


def _quotes(comparison: Comparison, codes: tuple[str, str]) -> list[SharedQuote]:
    return [quote for quote in comparison.quotes if set(codes) <= set(quote.countries)]


def _speakers(comparison: Comparison, codes: tuple[str, str]) -> list[Speaker]:
    return [one for one in comparison.speakers if any(heard.country in codes for heard in one.countries)]


def _numbers(comparison: Comparison, codes: tuple[str, str]) -> list[tuple[Differing, tuple[list[Value], list[Value]]]]:
    found = []
    for thing in comparison.differing:
        one, other = ([value for value in thing.values if iso in value.countries] for iso in codes)
        # The two may well agree where others differ.
        if one and other and not any(value in other for value in one):
            found.append((thing, (one, other)))
    return found
