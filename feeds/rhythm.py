"""A feed's rhythm: how many new entries to expect of it, hour by hour. Pure.

Newsrooms publish by day, in their own zone; they change slowly over weeks; and within a day news comes in bursts and
lulls. So two averages are kept that fade with time, and nothing else:

- ``hourly``: for each hour of the day (UTC) the entries that come in it, with a half-life of a week. An entry counts
  half for the hour it came in and a quarter for each of its neighbours, as nobody publishes by the clock.
- ``recent``: the entries of late, with a half-life of ninety minutes. Against what the hours just gone usually bring
  it says how busy the feed is now: three times as busy as usual in a burst, a third of it on a holiday. That too fades
  into the usual as we look further ahead.

A feed we have never seen brings its history along: the dates of the items it lists.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HALF_LIFE_DAYS = 7
RECENT_HALF_LIFE_HOURS = 1.5
HISTORY = timedelta(days=4 * HALF_LIFE_DAYS)  # older dates hardly count any more
UNKNOWN_PER_HOUR = 0.5  # what is expected of a feed without a single date: a dozen entries a day
MOST_PER_HOUR = 1_000.0

_OF_A_DAY = 1 - 2 ** (-1 / HALF_LIFE_DAYS)  # of an average over days, what one of them weighs
_EVENNESS = 0.1  # of each hour's rate, the share that is the whole day's: no hour is ruled out
_DOUBT = 0.5  # entries that must have come, or failed to come, before busyness says anything
# What one entry an hour adds to ``recent``, by how many hours ago it came.
_RECENT_WEIGHTS = tuple(2 ** (-(ago + 0.5) / RECENT_HALF_LIFE_HOURS) for ago in range(12))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Entries an hour by hour of the day (24 figures), entries of late, and the moment both were true."""

    hourly: Sequence[float]
    recent: float
    at: datetime

    @property
    def per_hour(self) -> float:
        """Entries an hour, over a whole day."""
        return sum(self.hourly) / 24

    def expected(self, now: datetime) -> "Expectation":
        """What to expect from now on."""
        fade = _left(now - self.at, HALF_LIFE_DAYS * 24)
        even = _EVENNESS * self.per_hour
        usual = [fade * ((1 - _EVENNESS) * rate + even) for rate in self.hourly]
        of_late = sum(usual[now.hour - ago] * weight for ago, weight in enumerate(_RECENT_WEIGHTS))
        recent = self.recent * _left(now - self.at, RECENT_HALF_LIFE_HOURS)
        return Expectation(usual, busyness=(_DOUBT + recent) / (_DOUBT + of_late))

    def counting(self, moments: Iterable[datetime], now: datetime) -> "Rhythm":
        """The rhythm after new entries, which came at these moments."""
        fade = _left(now - self.at, HALF_LIFE_DAYS * 24)
        hourly = [rate * fade for rate in self.hourly]
        recent = self.recent * _left(now - self.at, RECENT_HALF_LIFE_HOURS)
        for moment in moments:
            _count(hourly, moment, _OF_A_DAY)
            recent += _left(now - moment, RECENT_HALF_LIFE_HOURS)
        return Rhythm([min(rate, MOST_PER_HOUR) for rate in hourly], min(recent, MOST_PER_HOUR), now)


@dataclass(frozen=True, slots=True)
class Expectation:
    """Entries an hour to expect by hour of the day, and how much busier than that it is right now."""

    usual: Sequence[float]
    busyness: float

    def rate(self, hour: int, hours_ahead: float) -> float:
        """Entries an hour in this hour of the day, so many hours from now."""
        return self.usual[hour] * (1 + (self.busyness - 1) * 2 ** (-hours_ahead / RECENT_HALF_LIFE_HOURS))


def rhythm_of(dates: Iterable[datetime | None], now: datetime) -> Rhythm:
    """The rhythm of a feed whose first document lists items of these dates; future ones and None do not count.

    The document shows a window into the past, from its oldest item until now; hours it does not show are taken for
    average ones. The oldest tenth is left out: items pinned for weeks say nothing of the others.
    """
    past = sorted(date for date in dates if date and date <= now)
    if not past:
        return steady(UNKNOWN_PER_HOUR, now)
    known = [date for date in past[len(past) // 10 :] if now - date < HISTORY]
    if len(known) < 2:
        return steady(1 / max(_hours(now - past[-1]), 24), now)
    span = max(_hours(now - known[0]), 0.25)
    counts = [0.0] * 24
    for date in known:
        _count(counts, date, _left(now - date, HALF_LIFE_DAYS * 24))
    shown = [0.0] * 24
    for ago in range(24):
        shown[now.hour - ago] = _weight_of_hour(span - ago)
    average = sum(counts) / sum(shown)
    hourly = [min((count + average) / (days + 1), MOST_PER_HOUR) for count, days in zip(counts, shown, strict=True)]
    return Rhythm(hourly, min(sum(_left(now - date, RECENT_HALF_LIFE_HOURS) for date in known), MOST_PER_HOUR), now)


def steady(per_hour: float, now: datetime) -> Rhythm:
    """As many entries at any hour, no more and no fewer of late."""
    return Rhythm([per_hour] * 24, per_hour * sum(_RECENT_WEIGHTS), now)


def _count(hourly: list[float], moment: datetime, weight: float) -> None:
    hour = moment.hour
    hourly[hour] += weight / 2
    hourly[hour - 1] += weight / 4
    hourly[(hour + 1) % 24] += weight / 4


def _weight_of_hour(hours_back: float) -> float:
    """What one hour of the day weighs, with the fading, in a window that goes so far back from its last occurrence."""
    days, rest = divmod(max(hours_back, 0), 24)
    faded = 2 ** (-days / HALF_LIFE_DAYS)
    return (1 - faded) / _OF_A_DAY + min(rest, 1) * faded


def _left(elapsed: timedelta, half_life_hours: float) -> float:
    """What is left after so long; all of it where the clock was set back."""
    return 2 ** (-max(_hours(elapsed), 0) / half_life_hours)


def _hours(elapsed: timedelta) -> float:
    return elapsed.total_seconds() / 3600
