"""How the site does, in numbers: for `status`, the health page and /metrics."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Model

from aggregator.models import Article, Story
from aggregator.throughput import lags_of_last_hour
from feeds.health import feed_counts, silent_feeds, waiting_entries
from feeds.manners.outages import is_line_down
from feeds.models import Entry, FetchRecord, Host, Notice, Source

QUEUES = ("fetch", "work")
VERSIONS_OF = ("Django", "celery", "feedparser", "trafilatura", "aiohttp")
# What apps above this one count; each adds its function when it is ready.
COUNTS_OF_OTHERS: list[Callable[[], Mapping[str, int]]] = []
COUNTED_UP_TO = 1_000_000  # rows; counting more takes longer than anybody waits


@dataclass(frozen=True, slots=True)
class Status:
    """counts of rows; lag: seconds from a publisher's time stamp to our page, over the last hour; queues: messages.

    line_is_down: whether no publisher answers at all, so that the fault is ours and no feed counts as failing.
    handling_seconds: from our first sight of an article to our page. overdue_seconds: of the feed that waits longest.
    estimated: which counts are the database's estimate, there being too many rows to be counted.
    """

    counts: dict[str, int]
    line_is_down: bool
    due: int
    failing: int
    overdue_seconds: float
    lag_seconds: dict[str, float | None]
    handling_seconds: dict[str, float | None]
    queues: dict[str, int | None]
    versions: dict[str, str]
    estimated: list[str]


def status(now: datetime) -> Status:
    feeds, waiting, lags = feed_counts(now), waiting_entries(), lags_of_last_hour(now)
    tables: dict[str, type[Model]] = {"entries": Entry, "articles": Article, "records": FetchRecord}
    sizes = {name: row_count(model) for name, model in tables.items()}
    return Status(
        counts={
            "sources": Source.objects.count(),
            "feeds": feeds.all,
            "feeds_paused": feeds.paused,
            "feeds_retired": feeds.retired,
            "feeds_silent": len(silent_feeds(now)),
            "hosts_on_hold": Host.objects.on_hold(now).count(),
            "notices_open": Notice.objects.open().count(),
            "entries": sizes["entries"][0],
            "entries_waiting_for_their_page": waiting[Entry.State.NEW],
            "entries_ready": waiting[Entry.State.READY],
            "entries_refused": Entry.objects.filter(state=Entry.State.REFUSED).exclude(read_error="").count(),
            "articles": sizes["articles"][0],
            "stories": Story.objects.standing().count(),
            "records": sizes["records"][0],
            **{name: number for counts in COUNTS_OF_OTHERS for name, number in counts().items()},
        },
        line_is_down=is_line_down(now),
        due=feeds.due,
        failing=feeds.failing,
        overdue_seconds=round(feeds.overdue_seconds, 1),
        lag_seconds=dict(lags.publication),
        handling_seconds=dict(lags.handling),
        queues=queue_lengths(),
        versions=versions(),
        estimated=[name for name, (_, is_estimated) in sizes.items() if is_estimated],
    )


def row_count(model: type[Model], exact_up_to: int = COUNTED_UP_TO) -> tuple[int, bool]:
    """Count the rows of a table; where there are too many, return the planner's estimate and True."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        # As the planner does it: the density at the last analysis times the size of today.
        cursor.execute(
            """SELECT CASE WHEN relpages > 0 AND reltuples >= 0
                           THEN reltuples / relpages * pg_relation_size(oid) / current_setting('block_size')::int END
               FROM pg_class WHERE oid = %s::regclass""",
            [table],
        )
        estimate = cursor.fetchone()[0]
    if estimate is not None and estimate > exact_up_to:
        return round(estimate), True
    return model._default_manager.count(), False


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
