"""Tells our hub which of our feeds have something new, so that it can push (WebSub, section 7; the usual form of it).

Only whoever runs a site with an address of its own (SITE_URL) and names a hub (ZIS_WEBSUB_HUB) announces anything.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from aggregator.models import Article
from feeds.errors import FetchError
from feeds.fetching import open_fetcher

log = structlog.get_logger(__name__)

ANNOUNCED_KEY = "announced-until"
LONGEST_LOOK_BACK = timedelta(hours=1)  # what a hub missed for longer, its subscribers find by polling
TOPICS_PER_REQUEST = 100


def announce(now: datetime) -> int:
    """Send the hub the addresses of feeds with articles added since the last time; returns how many.

    A hub that does not answer is told the same and more the next time. Told twice, it only looks twice.
    """
    if not (settings.ZIS_WEBSUB_HUB and settings.SITE_URL):
        return 0
    since = max(cache.get(ANNOUNCED_KEY, now - LONGEST_LOOK_BACK), now - LONGEST_LOOK_BACK)
    topics = topics_between(since, now)
    try:
        asyncio.run(tell_hub(topics))
    except FetchError as error:
        log.warning("our hub could not be told of new articles", hub=settings.ZIS_WEBSUB_HUB, error=str(error))
        return 0
    cache.set(ANNOUNCED_KEY, now, timeout=None)
    return len(topics)


def topics_between(since: datetime, until: datetime) -> list[str]:
    """The addresses of the feeds that articles added after `since` stand in."""
    added = Article.objects.filter(added_at__gt=since, added_at__lte=until).order_by()
    rows = set(added.values_list("source__slug", "source__country", "category"))
    if not rows:
        return []
    paths = {reverse("feed_front"), reverse("feed_latest")}
    for slug, iso, category in rows:
        paths |= {reverse("feed_source", args=[slug]), reverse("feed_country", args=[iso.lower()])}
        paths.add(reverse("feed_category", args=[category]))
    return [settings.SITE_URL + path for path in sorted(paths)]


async def tell_hub(topics: Sequence[str]) -> None:
    """Raises FetchError where the hub does not take it."""
    async with open_fetcher() as fetcher:
        for start in range(0, len(topics), TOPICS_PER_REQUEST):
            batch = topics[start : start + TOPICS_PER_REQUEST]
            await fetcher.post(settings.ZIS_WEBSUB_HUB, fields={"hub.mode": "publish", "hub.url": batch})
