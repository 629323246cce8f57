"""How the site does, in numbers: for `status`, and for whoever watches it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from aggregator.models import Article, Story
from feeds.models import Entry, Feed, Source

QUEUES = ("fetch", "work")
VERSIONS_OF = ("Django", "celery", "feedparser", "trafilatura", "aiohttp")


@dataclass(frozen=True, slots=True)
class Status:
    """counts of rows; lag: seconds from a publisher's time stamp to our page, over the last hour; queues: messages."""

    counts: dict[str, int]
    due: int
    failing: int
    lag_seconds: dict[str, float | None]
    queues: dict[str, int | None]
    versions: dict[str, str]


def status(now: datetime) -> Status:
    active = Feed.objects.active()
    entries = Entry.objects.aggregate(
        waiting=Count("pk", filter=Q(state=Entry.State.NEW)),
        ready=Count("pk", filter=Q(state=Entry.State.READY)),
        refused=Count("pk", filter=Q(state=Entry.State.REFUSED)),
        all=Count("pk"),
    )
    return Status(
        counts={
            "sources": Source.objects.count(),
            "feeds": Feed.objects.count(),
            "feeds_paused": Feed.objects.count() - active.count(),
            "entries": entries["all"],
            "entries_waiting_for_their_page": entries["waiting"],
            "entries_ready": entries["ready"],
            "entries_refused": entries["refused"],
            "articles": Article.objects.count(),
            "stories": Story.objects.standing().count(),
        },
        due=Feed.objects.due(now).count(),
        failing=Feed.objects.failing().count(),
        lag_seconds=lag(now),
        queues=queue_lengths(),
        versions=versions(),
    )


def lag(now: datetime) -> dict[str, float | None]:
    """Return how long articles of the last hour took from the source's own time to our page: median and 95 %.

    Articles already old when their feed was first read are left out: they say nothing of us.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
                      percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)
               FROM (SELECT extract(epoch FROM added_at - published_at) AS seconds FROM aggregator_article
                     WHERE added_at > %s AND published_at > %s AND published_at < seen_at) AS lags""",
            [now - timedelta(hours=1), now - timedelta(hours=1)],
        )
        median, p95 = cursor.fetchone()
    return {"p50": median, "p95": p95}


def queue_lengths() -> dict[str, int | None]:
    """Return how many messages wait in each queue; None where Redis does not answer."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
    try:
        return {queue: client.llen(queue) for queue in QUEUES}
    except redis.RedisError:
        return dict.fromkeys(QUEUES)
    finally:
        client.close()


def versions() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return {name: version(name) for name in VERSIONS_OF} | {"PostgreSQL": cursor.fetchone()[0].split()[0]}
