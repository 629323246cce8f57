"""When invented articles are published: spread over days that end now, more by day than by night. Pure."""

import math
from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import accumulate

BUSIEST_HOUR = 13  # UTC: afternoon in Europe, morning in America
NIGHT, WEEKEND = 0.3, 0.6  # of what the busiest hours and the days of the week bring
HOUR = timedelta(hours=1)


class Calendar:
    """The days before a moment, as an even stream of articles fills them."""

    def __init__(self, ends_at: datetime, days: int) -> None:
        self.begins_at = ends_at - timedelta(days=days)
        self._passed = list(accumulate((self._busy(hour) for hour in range(days * 24)), initial=0.0))

    def at(self, share: float) -> datetime:
        """When so much of all articles (0 to 1) has been published."""
        passed = share * self._passed[-1]
        hour = min(bisect_right(self._passed, passed), len(self._passed) - 1) - 1
        within = (passed - self._passed[hour]) / (self._passed[hour + 1] - self._passed[hour])
        return self.begins_at + HOUR * (hour + within)

    def _busy(self, hour: int) -> float:
        moment = self.begins_at + HOUR * hour
        wave = (1 + math.cos((moment.hour - BUSIEST_HOUR) / 24 * math.tau)) / 2
        return (NIGHT + (1 - NIGHT) * wave) * (WEEKEND if moment.weekday() >= 5 else 1)
