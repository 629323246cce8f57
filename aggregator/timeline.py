"""Who published when, as places on a line. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

LANES = 8  # countries beyond share the last one
MARGIN = 1.5  # per cent of the width, so that no mark is cut off
STEPS = [
    *(timedelta(minutes=minutes) for minutes in (5, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12)),
    *(timedelta(days=days) for days in (1, 2, 4, 7, 14, 28, 56, 112)),
]
MOST_TICKS = 4
AT_THE_EDGE = 0.05  # of the time; a label in the middle of a moment so near an end would stick out


class Report(NamedTuple):
    """The first time a source told the story. article, slug: where to read it."""

    article: int
    slug: str
    source: str
    country: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """A report on the line; x in per cent of its width."""

    x: float
    report: Report
    is_first: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """The reports of one country; of several where country is ""."""

    country: str
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment written under the line. is_day: a midnight, to be written as a date.

    anchor: which part of its words stands at x, as SVG calls it: "start", "middle" or "end", in the page's direction
    """

    x: float
    at: datetime
    is_day: bool
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Timeline:
    """reports: all of them in order of time; lanes: who told first first."""

    reports: list[Report]
    lanes: list[Lane]
    ticks: list[Tick]


def timeline(reports: Iterable[Report], zone: tzinfo, *, leftwards: bool = False) -> Timeline | None:
    """Lay reports out in time, with ticks at round hours of `zone`. None where there is nothing to compare.

    leftwards: time runs from right to left, as text does in Arabic.
    """
    ordered = sorted(reports, key=lambda report: (report.at, report.article))
    if len(ordered) < 2 or ordered[-1].at - ordered[0].at < timedelta(minutes=1):
        return None
    begin, end = ordered[0].at, ordered[-1].at

    def x_of(moment: datetime) -> float:
        part = (moment - begin) / (end - begin)
        return round(MARGIN + (100 - 2 * MARGIN) * (1 - part if leftwards else part), 2)

    marks: dict[str, list[Mark]] = defaultdict(list)
    for report in ordered:
        marks[report.country].append(Mark(x_of(report.at), report, report is ordered[0]))
    lanes = [Lane(country, found) for country, found in marks.items()]
    if len(lanes) > LANES:
        pooled = [mark for lane in lanes[LANES - 1 :] for mark in lane.marks]
        lanes = [*lanes[: LANES - 1], Lane("", sorted(pooled, key=lambda mark: mark.report.at))]
    moments = round_moments(begin.astimezone(zone), end.astimezone(zone))
    ticks = [
        Tick(x_of(moment), moment, moment.hour == moment.minute == 0, anchor_at((moment - begin) / (end - begin)))
        for moment in moments
    ]
    return Timeline(ordered, lanes, ticks)


def anchor_at(part: float) -> str:
    """Where the words of a moment stand that so large a part of the time is gone at."""
    return "start" if part < AT_THE_EDGE else "end" if part > 1 - AT_THE_EDGE else "middle"


def round_moments(begin: datetime, end: datetime) -> Sequence[datetime]:
    """The round moments from `begin` to `end`, MOST_TICKS at most, by the clock of their zone."""
    step = next((step for step in STEPS if (end - begin) / step <= MOST_TICKS), STEPS[-1])
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    count = (begin - midnight) // step + 1
    moments: list[datetime] = []
    while (moment := midnight + count * step) <= end and len(moments) < MOST_TICKS:
        moments.append(moment)
        count += 1
    return moments
