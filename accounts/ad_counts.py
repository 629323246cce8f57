"""How often ads are shown and followed: a number per ad and day, and nothing about whoever saw it.

Gathered in Redis, written to AdDay in batches. Without Redis nothing is counted, and an ad with a cap is not shown: it
could not be known how often it was. If Redis loses what it holds, what was gathered since the last batch is lost, and
caps count from nothing that day.
"""

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache

import redis
from django.conf import settings
from django.db.backends.utils import CursorWrapper

from zisnews.gathering import AWAY_SECONDS, Gathering, impatient_client

ADS_LOCK = 0x5A17  # any number that no other advisory lock of ours uses
DAY_SECONDS = 86_400

_PREFIX = f"{settings.CACHES['default']['KEY_PREFIX']}:ads"
GATHERED, TAKEN = f"{_PREFIX}:gathered", f"{_PREFIX}:taken"
SHOWN, CLICKED = "shown", "clicked"
# KEYS: how often each was shown today, what is gathered. ARGV: the ad, its cap, how long to know it, the field.
_TAKE = """
if redis.call('HINCRBY', KEYS[1], ARGV[1], 1) > tonumber(ARGV[2]) then
    redis.call('HINCRBY', KEYS[1], ARGV[1], -1)
    return 0
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('HINCRBY', KEYS[2], ARGV[4], 1)
return 1
"""


class Counter:
    """Redis' side of the counting. While Redis is away it is not asked for a while, so that no page waits for it."""

    def __init__(self, redis_url: str) -> None:
        self.redis = impatient_client(redis_url)
        self.script = self.redis.register_script(_TAKE)
        self.away_until = 0.0

    def add(self, ad: int, what: str, cap: int | None, now: datetime) -> bool:
        """Count one more, unless the cap of the day is reached or Redis is away; says whether it was counted."""
        if time.monotonic() < self.away_until:
            return False
        day = now.astimezone(UTC).date()
        field = f"{ad} {day} {what}"
        try:
            if cap is None:
                return bool(self.redis.hincrby(GATHERED, field, 1))
            return bool(self.script(keys=[f"{_PREFIX}:today:{day}", GATHERED], args=[ad, cap, DAY_SECONDS, field]))
        except redis.RedisError:
            self.away_until = time.monotonic() + AWAY_SECONDS
            return False


@cache
def _counter() -> Counter:
    return Counter(settings.REDIS_URL)


def take(ad: int, cap: int | None, now: datetime) -> bool:
    """Count that an ad is shown; False where its cap forbids it, however many ask at once."""
    return _counter().add(ad, SHOWN, cap, now) or cap is None


def note_click(ad: int, now: datetime) -> None:
    """Count that somebody followed an ad."""
    _counter().add(ad, CLICKED, None, now)


def write_gathered() -> int:
    """Add what was gathered since the last time to the days of their ads; returns how many were counted."""
    return Gathering(GATHERED, TAKEN, ADS_LOCK).write(_add)


def _add(cursor: CursorWrapper, batch: Mapping[str, int]) -> None:
    rows = sorted(by_day(batch).items())
    cursor.execute(
        """INSERT INTO accounts_adday (ad_id, day, shown_count, click_count)
           SELECT seen.* FROM unnest(%s::bigint[], %s::date[], %s::integer[], %s::integer[])
               AS seen (ad_id, day, shown, clicked)
           JOIN accounts_ad ON accounts_ad.id = seen.ad_id
           ON CONFLICT (ad_id, day) DO UPDATE SET
               shown_count = accounts_adday.shown_count + excluded.shown_count,
               click_count = accounts_adday.click_count + excluded.click_count""",
        [
            [ad for (ad, _day), _counts in rows],
            [day for (_ad, day), _counts in rows],
            [counts[SHOWN] for _key, counts in rows],
            [counts[CLICKED] for _key, counts in rows],
        ],
    )


def by_day(batch: Mapping[str, int]) -> dict[tuple[int, date], dict[str, int]]:
    """Counts of SHOWN and CLICKED by ad and day, from fields such as "7 2026-01-14 shown"."""
    found: dict[tuple[int, date], dict[str, int]] = {}
    for field, count in batch.items():
        ad, day, what = field.split(" ")
        found.setdefault((int(ad), date.fromisoformat(day)), {SHOWN: 0, CLICKED: 0})[what] += count
    return found
