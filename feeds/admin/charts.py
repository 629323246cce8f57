"""Charts as plain geometry, which templates draw as SVG. Pure: numbers in, rectangles out.

No text is drawn: a chart is stretched to whatever width there is, and letters would stretch with it. Labels, legend
and the table of the same numbers are HTML around it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEIGHT = 100  # of every drawing, in its own units; widths follow from the number of columns
COLUMN, GAP = 10, 2
MOST_SERIES = 8  # that eyes tell apart; the rest is drawn as one


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; series: which colour it has."""

    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """What stands above one label: its bars, and the count of each series as the table shows it."""

    label: str
    total: int
    counts: Sequence[int]
    bars: Sequence[Bar]
    x: float


@dataclass(frozen=True, slots=True)
class Series:
    number: int
    name: str
    total: int


@dataclass(frozen=True, slots=True)
class StackedBars:
    """width, height: of the drawing. top: the count its upper edge stands for. marks: the labels below it."""

    columns: Sequence[Column]
    series: Sequence[Series]
    width: float
    height: float
    top: int
    marks: Sequence[str]

    @property
    def total(self) -> int:
        return sum(series.total for series in self.series)

    @property
    def half(self) -> int:
        """What the line in the middle stands for."""
        return self.top // 2

    @property
    def most(self) -> Column:
        """The highest column."""
        return max(self.columns, key=lambda column: column.total)


def stacked_bars(
    counts: Sequence[Mapping[str, int]], labels: Sequence[str], *, names: Mapping[str, str], others: str, marks: int = 5
) -> StackedBars:
    """Lay out a column for each label, its bars stacked by series, the largest series at the bottom.

    counts: of each column, by key of the series. names: what a key is called. others: the name of what is left over.
    """
    total = sum_of(counts)
    keys = largest(sorted(total, key=lambda key: (-total[key], key)))  # of equals the same ones whatever the order
    rows = [folded(column, keys) for column in counts]
    called = [names.get(key, key) for key in keys]
    if any(row[-1] for row in rows):
        called.append(others)
    totals = [sum(row) for row in rows]
    top = round_above(max(totals, default=0))
    columns = [
        Column(label, total, row[: len(called)], stack(row, number * COLUMN, top), number * COLUMN)
        for number, (label, row, total) in enumerate(zip(labels, rows, totals, strict=True))
    ]
    series = [Series(number, name, sum(row[number] for row in rows)) for number, name in enumerate(called)]
    return StackedBars(columns, series, len(columns) * COLUMN - GAP, HEIGHT, top, spread_out(labels, marks))


def sum_of(counts: Sequence[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for column in counts:
        total.update(column)
    return total


def largest(keys: Sequence[str]) -> list[str]:
    """Those that get a colour of their own; one too many, and the last colour is for all others."""
    return list(keys if len(keys) <= MOST_SERIES else keys[: MOST_SERIES - 1])


def folded(column: Mapping[str, int], keys: Sequence[str]) -> list[int]:
    """The counts in the order of `keys`, and what is left over."""
    own = [column.get(key, 0) for key in keys]
    return [*own, sum(column.values()) - sum(own)]


def stack(row: Sequence[int], x: float, top: int) -> list[Bar]:
    bars, y = [], float(HEIGHT)
    for number, count in enumerate(row):
        if count:
            height = round(count / top * HEIGHT, 2)
            y = round(y - height, 2)
            bars.append(Bar(number, x, max(y, 0), COLUMN - GAP, height))
    return bars


def round_above(most: int) -> int:
    """The next of 2, 4, 6, 8, 10, 20, 40 …, so that its half is a whole number too."""
    step = 1
    while True:
        for factor in (2, 4, 6, 8, 10):
            if factor * step >= most:
                return factor * step
        step *= 10


def spread_out(labels: Sequence[str], count: int) -> list[str]:
    """So many of the labels, evenly spread, the first and the last among them."""
    if len(labels) <= count:
        return list(labels)
    return [labels[round(number * (len(labels) - 1) / (count - 1))] for number in range(count)]


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A row of bars as small as a word; total and most say the same in numbers."""

    bars: Sequence[Bar]
    width: float
    height: float
    total: int
    most: int
    days: int


def sparkline(counts: Sequence[int]) -> Sparkline:
    """Lay out one bar for each count, oldest first; a count above nothing is never too low to be seen."""
    most = max(counts, default=0)
    bars = []
    for number, count in enumerate(counts):
        if count:
            height = max(round(count / most * HEIGHT, 2), 6)
            bars.append(Bar(0, number * COLUMN, HEIGHT - height, COLUMN - GAP, height))
    return Sparkline(bars, len(counts) * COLUMN - GAP, HEIGHT, sum(counts), most, len(counts))
