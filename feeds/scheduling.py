"""When to ask a feed again. Pure: facts in, seconds and moments out.

**The interval.** Every request costs us and the publisher something, and every entry that waits for our next look is
late by that much. At a rate of r entries an hour, looking each τ hours costs REQUEST_COST / τ + r · τ / 2 an hour,
which is least at τ = √(2 · REQUEST_COST / r): a feed four times as busy is asked twice as often. Where the rate changes
with the hour, the same rule says: look again when ∫ √r dt, from now on, has come to √(2 · REQUEST_COST). So a feed that
sleeps at night is asked seldom then, and in time in the morning. The rate is rhythm.py's.

**Followers.** An entry of a source that many follow is waited for by many: it weighs more, and the shortest interval
is shorter.

**What the publisher asks for** (``ttl``, Cache-Control, Expires) is the least we wait, up to a day. But where a feed
has shown that it publishes clearly more often than it says, deeds count: then we wait an hour for its words, not more.
Hours and days it says it sleeps (``skipHours``, ``skipDays``) are left out, unless it names them all.

**Pushes.** A feed whose hub has lately proven to tell us of news is asked six times more seldom.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import log2, sqrt

from feeds.rhythm import Rhythm

MINUTE, HOUR, DAY = 60, 3600, 86400
SHORTEST_SECONDS, LONGEST_SECONDS = 2 * MINUTE, DAY
SHORTEST_UNFOLLOWED_SECONDS = 4 * MINUTE
REQUEST_COST_SECONDS = 30  # one request weighs as much as one entry that is late by so much
MOST_FOLLOWERS = 63  # who follow a source shorten its interval up to here
ENTRIES_THAT_CONTRADICT = 2  # in the time a feed asks us to wait: it does not mean it
PUSHED_FACTOR, LONGEST_PUSHED_SECONDS = 6, 6 * HOUR
FIRST_FAILURE_SECONDS, LONGEST_BACK_OFF_SECONDS = 5 * MINUTE, DAY
SPREAD = 0.1
HOURS_OF_A_WEEK = 7 * 24


def next_interval(rhythm: Rhythm, now: datetime, *, follower_count: int = 0, asked_seconds: int | None = None) -> int:
    """Return the seconds to the next look: 2 minutes to 24 hours.

    asked_seconds: how long the feed itself says that nothing changes, or None
    """
    wait = max(worthwhile_wait(rhythm, now, follower_count), shortest_interval(follower_count))
    return int(min(max(wait, honoured(asked_seconds, rhythm)), LONGEST_SECONDS))


def stretched(interval: int) -> int:
    """Return the seconds to the next look at a feed whose hub tells us of news by itself."""
    return max(interval, min(interval * PUSHED_FACTOR, LONGEST_PUSHED_SECONDS))


def worthwhile_wait(rhythm: Rhythm, now: datetime, follower_count: int = 0) -> float:
    """Return the seconds until so much is to be expected that another look is worth its cost; at most a day."""
    expected = rhythm.expected(now)
    missing = sqrt(2 * REQUEST_COST_SECONDS / HOUR / weight_of(follower_count))
    ahead, hour = 0.0, now.hour
    step = 1 - (now.minute * 60 + now.second) / HOUR  # to the next full hour, then hour by hour
    while ahead < 24:
        worth = sqrt(expected.rate(hour, ahead + step / 2)) * step
        if worth >= missing:
            return (ahead + step * missing / worth) * HOUR
        missing -= worth
        ahead, hour, step = ahead + step, (hour + 1) % 24, 1.0
    return DAY


def weight_of(follower_count: int) -> float:
    """What an entry weighs by those who follow its source: 1 with none, 2 with one, 4 with seven, at most 7."""
    return 1 + log2(1 + min(follower_count, MOST_FOLLOWERS))


def shortest_interval(follower_count: int) -> float:
    """Return the seconds between two looks at the least: 4 minutes with no followers, 2 with many."""
    share = (weight_of(follower_count) - 1) / (weight_of(MOST_FOLLOWERS) - 1)
    return SHORTEST_UNFOLLOWED_SECONDS + share * (SHORTEST_SECONDS - SHORTEST_UNFOLLOWED_SECONDS)


def honoured(asked_seconds: int | None, rhythm: Rhythm) -> int:
    """Return what we grant of the time a feed asks us to wait: all, up to a day; an hour where its deeds contradict."""
    asked = min(asked_seconds or 0, DAY)
    is_contradicted = rhythm.per_hour * asked / HOUR >= ENTRIES_THAT_CONTRADICT
    return min(asked, HOUR) if is_contradicted else asked


def back_off(failures: int, retry_after: int | None = None) -> int:
    """Return the seconds to wait after so many failures in a row: doubling, a day at most, never for ever.

    retry_after: what the server asked for, in seconds; it is honoured up to a day.
    """
    doubled = FIRST_FAILURE_SECONDS * 2 ** min(max(failures - 1, 0), 10)
    return min(max(doubled, retry_after or 0), LONGEST_BACK_OFF_SECONDS)


def spread(seconds: float, seed: int) -> float:
    """Lengthen a wait by up to a tenth, the same for one feed each time, so that feeds do not march in step.

    Thousands that were held up together drift apart by a tenth of their interval with each look. Never shorter: what
    a server asked for is kept.
    """
    return seconds * (1 + SPREAD * share_of(seed))


def share_of(seed: int) -> float:
    """Return a number in [0, 1) that looks like chance and is always the same for one feed."""
    return (seed * 2654435761 % 2**32) / 2**32  # Knuth's multiplicative hash


def outside(moment: datetime, skip_hours: Collection[int], skip_days: Collection[int], seed: int = 0) -> datetime:
    """Return the moment, or where a feed sleeps then (hours and days of GMT; Monday is 0), one soon after it wakes.

    Whoever says that he sleeps always is not believed.
    """
    if not skip_hours and not skip_days:
        return moment
    waking = moment
    for _ in range(HOURS_OF_A_WEEK + 1):
        if waking.hour not in skip_hours and waking.weekday() not in skip_days:
            return waking
        waking = waking.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1, minutes=10 * share_of(seed))
    return moment
