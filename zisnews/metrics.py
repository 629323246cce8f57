"""/metrics: how the site does, for Prometheus. Gauges alone, read from Postgres and Redis when they are asked for.

Every process would count for itself, and rows are pruned: so nothing here counts since a start. What happened is
given for the last minutes, and named so. No label has more values than the code names: none is a feed or a host.
"""

import time
from collections.abc import Iterable, Iterator, Mapping

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from aggregator import throughput
from aggregator.models import Article
from aggregator.status import QUEUES, queue_lengths, row_count, versions
from comments.figures import longest_waiting, waiting_counts
from feeds import health
from feeds.clock import database_now
from feeds.models import Entry, FetchRecord, Host, Notice, Push, Source, Subscription
from zisnews.admin_site import is_secured
from zisnews.disk import picture_disk
from zisnews.health import BEAT_KEY, ages_of_workers

KEPT_SECONDS = 10  # however often it is scraped, the database is asked once in this time
KEY = "metrics:1"
COUNTED_UP_TO = 20_000  # rows; the database's estimate does for more


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for staff or whoever knows the token; to others there is nothing at this address."""
    if not is_allowed(request):
        raise Http404
    response = HttpResponse(text(), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def is_allowed(request: HttpRequest) -> bool:
    """Never by what anybody can claim, such as an address of origin: by a session of staff's, or by the secret."""
    token = settings.ZIS_METRICS_TOKEN
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and constant_time_compare(given.strip(), token):
        return True
    return bool(request.user.is_active and request.user.is_staff and is_secured(request))


def text() -> bytes:
    """The metrics in Prometheus' text format, at most KEPT_SECONDS old."""
    try:
        if kept := cache.get(KEY):
            return kept
    except redis.RedisError:
        return collected()
    fresh = collected()
    cache.set(KEY, fresh, KEPT_SECONDS)
    return fresh


def collected() -> bytes:
    registry = CollectorRegistry()
    registry.register(Site())
    return generate_latest(registry)


class Site(Collector):
    """All metrics of the site, read at the moment they are collected."""

    def describe(self) -> Iterable[Metric]:
        return []  # else the registry would collect them to learn their names

    def collect(self) -> Iterator[Metric]:
        now = database_now()
        yield from feed_metrics(now)
        yield from entry_metrics(now)
        yield from article_metrics(now)
        yield from push_metrics()
        yield from comment_metrics(now)
        yield from machine_metrics()
        info = InfoMetricFamily("zis_versions", "Versions of what the site runs on.")
        info.add_metric([], {name.lower(): version for name, version in versions().items()})
        yield info


def gauge(name: str, text: str, value: float | None) -> GaugeMetricFamily:
    """A number by itself; without a sample where it is not known."""
    family = GaugeMetricFamily(name, text)
    if value is not None:
        family.add_metric([], value)
    return family


def gauges(name: str, text: str, label: str, values: Mapping[str, float | None]) -> GaugeMetricFamily:
    """A number for each value of a label; those that are not known are left out."""
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        if value is not None:
            family.add_metric([key], value)
    return family


def feed_metrics(now) -> Iterator[Metric]:
    feeds = health.feed_counts(now)
    states = {
        "well": feeds.active - feeds.failing - feeds.new,
        "failing": feeds.failing,
        "new": feeds.new,
        "paused": feeds.paused - feeds.retired,
        "retired": feeds.retired,
    }
    yield gauges("zis_feeds", "Feeds by state; each is in one.", "state", states)
    yield gauge("zis_feeds_due", "Feeds whose time has come and that nobody is asking.", feeds.due)
    yield gauge("zis_feeds_leased", "Feeds that are being asked at the moment.", feeds.leased)
    yield gauge(
        "zis_feeds_overdue_seconds", "How long the feed that waits longest has been due.", feeds.overdue_seconds
    )
    yield gauge("zis_feeds_with_problems", "Feeds that are read, with something odd about them.", feeds.odd)
    yield gauge("zis_feeds_pushed", "Feeds whose hub has lately proven to push.", feeds.pushed)
    faults = {fault.value: count for fault, count in health.failing_by_fault().items()}
    yield gauges("zis_feeds_failing", "Failing feeds by what is wrong.", "fault", faults)
    yield gauge("zis_sources", "Sources.", Source.objects.count())
    yield gauge("zis_hosts_on_hold", "Hosts that are left alone for a while.", Host.objects.on_hold(now).count())
    yield gauge("zis_notices_open", "Notices no curator has dealt with.", Notice.objects.open().count())
    fetches = health.recent_fetches(now)
    yield gauges("zis_fetches_last_5_minutes", "Looks at feeds within five minutes by outcome.", "outcome", fetches)
    size, _ = row_count(FetchRecord, COUNTED_UP_TO)
    yield gauge("zis_fetch_records", "Looks at feeds that are kept, about.", size)


def entry_metrics(now) -> Iterator[Metric]:
    waiting = health.waiting_entries()
    states = {"to_be_read": waiting[Entry.State.NEW], "to_be_published": waiting[Entry.State.READY]}
    yield gauges("zis_entries_waiting", "Entries that wait for a step.", "step", states)
    size, _ = row_count(Entry, COUNTED_UP_TO)
    yield gauge("zis_entries", "Entries of all states, about.", size)
    faults = {fault.value: count for fault, count in health.unreadable_by_fault(now, hours=1).items()}
    help_text = "Pages of entries first seen within the hour that could not be read, by what is wrong."
    yield gauges("zis_pages_unreadable_last_hour", help_text, "fault", faults)


def article_metrics(now) -> Iterator[Metric]:
    size, _ = row_count(Article, COUNTED_UP_TO)
    yield gauge("zis_articles", "Articles, about.", size)
    added = throughput.articles_since(now - throughput.HOUR)
    yield gauge("zis_articles_added_last_hour", "Articles that came in within the last sixty minutes.", added)
    lags = throughput.lags_of_last_hour(now)
    about = "of the articles of the last sixty minutes, to their page."
    yield quantiles("zis_lag_seconds", f"From the publisher's own time stamp, {about}", lags.publication)
    yield quantiles("zis_handling_seconds", f"From our first sight, {about}", lags.handling)


def quantiles(name: str, text: str, values: Mapping[str, float | None]) -> GaugeMetricFamily:
    shares = {f"{float(key.removeprefix('p')) / 100:g}": value for key, value in values.items()}
    return gauges(name, text, "quantile", shares)


def push_metrics() -> Iterator[Metric]:
    counted = dict(Subscription.objects.order_by().values_list("state").annotate(number=Count("pk")))
    states = {state: counted.get(state, 0) for state in Subscription.State.values}
    yield gauges("zis_push_subscriptions", "Subscriptions at hubs by state.", "state", states)
    yield gauge("zis_pushes_waiting", "Documents hubs sent that no worker has read yet.", Push.objects.count())


def comment_metrics(now) -> Iterator[Metric]:
    waiting, flagged = waiting_counts()
    yield gauge("zis_comments_waiting", "Comments that are not shown until a moderator has looked.", waiting)
    yield gauge("zis_comments_flagged", "Comments that somebody flagged and that are still shown.", flagged)
    longest = longest_waiting(now)
    seconds = longest.total_seconds() if longest else 0
    yield gauge("zis_comments_waiting_seconds", "How long the comment waits that has waited longest.", seconds)


def machine_metrics() -> Iterator[Metric]:
    yield gauges("zis_queue_messages", "Messages that wait in a queue.", "queue", queue_lengths())
    now = time.time()
    text = "Since the workers of a queue last answered the scheduler."
    yield gauges("zis_worker_age_seconds", text, "queue", ages_of_workers(now, QUEUES))
    try:
        ticked_at = cache.get(BEAT_KEY)
    except redis.RedisError:
        ticked_at = None
    yield gauge(
        "zis_beat_age_seconds", "Since the scheduler last ticked.", max(now - ticked_at, 0) if ticked_at else None
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        yield gauge("zis_database_bytes", "Size of the database.", cursor.fetchone()[0])
    if disk := picture_disk():
        yield gauge("zis_picture_disk_bytes", "Size of the disk that holds the pictures.", disk.total)
        yield gauge("zis_picture_disk_free_bytes", "What is free on it.", disk.free)
