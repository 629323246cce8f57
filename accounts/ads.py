"""Which house ad a reader sees in a slot: chosen by chance and weight among those in force, and by nothing they read.

Only a reader without account sees any: for a user none is chosen at all, in no slot.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connection
from redis import RedisError

from accounts.ad_counts import take
from accounts.ad_version import VERSION
from accounts.models import Ad
from accounts.preferences import Preferences
from accounts.zones import country_of

KEPT = "ads:in-force"
KEPT_SECONDS = 60
MOST_ADS = 500


@dataclass(frozen=True, slots=True)
class HouseAd:
    """What a page shows of an ad, and what decides whether it does. Its link is not here: pages lead to /ad/<pk>/."""

    pk: int
    slot: str
    headline: str
    text: str
    advertiser: str
    picture: str
    picture_width: int
    picture_height: int
    starts_at: datetime
    ends_at: datetime | None
    weight: int
    countries: frozenset[str]
    cap_per_day: int | None

    def is_for(self, slot: str, country: str, now: datetime) -> bool:
        """Whether it may stand in this slot now for a reader in this country ("" where that is not known)."""
        is_now = self.starts_at <= now and (self.ends_at is None or now < self.ends_at)
        return is_now and self.slot == slot and (not self.countries or country in self.countries)


# Planned once: every page without an account asks for it where nothing is kept.
_NOT_OVER = f"""SELECT {", ".join({"pk": "id"}.get(name, name) for name in HouseAd.__dataclass_fields__)}
    FROM accounts_ad WHERE (ends_at IS NULL OR ends_at > %s) AND is_active ORDER BY id LIMIT {MOST_ADS}"""  # noqa: S608  names of ours


def ads_in_force(now: datetime) -> tuple[HouseAd, ...]:
    """Every ad that is shown or will be; none while the cache is away.

    Read from the database once a minute for all processes, and at once after a change (accounts.ad_version). What is
    kept says under which version it was read: what was read just before a change is not taken for what came after it.
    """
    try:
        found = cache.get_many([VERSION, KEPT])
        version = found.get(VERSION)
        if KEPT in found and found[KEPT][0] == version:
            return found[KEPT][1]
        ads = not_over(now)
        cache.set(KEPT, (version, ads), timeout=KEPT_SECONDS)
    except (RedisError, OSError):
        return ()
    return ads


def not_over(now: datetime) -> tuple[HouseAd, ...]:
    """Those that are shown now or will be. One query."""
    rows = connection.rows(_NOT_OVER, [now])  # type: ignore[attr-defined]  # zisnews.postgres
    ads = (dict(zip(HouseAd.__dataclass_fields__, row, strict=True)) for row in rows)
    return tuple(HouseAd(**ad | {"countries": frozenset(ad["countries"])}) for ad in ads)


def house_ad(ad: Ad) -> HouseAd:
    values = {field: getattr(ad, field) for field in HouseAd.__dataclass_fields__}
    return HouseAd(**values | {"countries": frozenset(ad.countries)})


def ad_for(
    slot: str,
    preferences: Preferences,
    ads: Sequence[HouseAd],
    now: datetime,
    *,
    is_registered: bool,
    is_counted: bool = True,
    chance: Callable[[], float] = random.random,
) -> HouseAd | None:
    """The ad to show in a slot, or None; it is counted as shown where the reader is a person (is_counted).

    One that has been shown as often as it may be today makes room for another. chance: a number from 0 up to 1.
    """
    if is_registered:
        return None
    country = country_of(preferences.time_zone)
    candidates = [ad for ad in ads if ad.is_for(slot, country, now)]
    while candidates:
        chosen = choose(candidates, chance())
        if not is_counted or take(chosen.pk, chosen.cap_per_day, now):
            return chosen
        candidates.remove(chosen)
    return None


def choose(candidates: Sequence[HouseAd], number: float) -> HouseAd:
    """One of several by weight. number: from 0 up to 1; each ad owns a stretch of it as wide as its weight. Pure."""
    left = number * sum(ad.weight for ad in candidates)
    for ad in candidates:
        left -= ad.weight
        if left < 0:
            return ad
    return candidates[-1]
