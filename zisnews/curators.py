"""The curators' health page: what ails, how late the news is, what came in. Above the apps, as it shows all of them.

Numbers come from feeds.health, aggregator.throughput and aggregator.status; nothing is decided here.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from aggregator import throughput
from aggregator.status import QUEUES, queue_lengths
from feeds import health
from feeds.admin.charts import StackedBars, stacked_bars
from feeds.admin.words import span_of
from feeds.clock import database_now
from feeds.faults import WHAT_NEXT
from feeds.manners import hosts, outages
from feeds.models import CATEGORY_NAMES, Country, Display, Host, Notice
from zisnews.disk import Disk, picture_disk
from zisnews.health import BEAT_MAX_AGE_SECONDS, ages_of_workers

NOTICES_LISTED = 10
DAY = 24
OVERDUE_IS_BAD_SECONDS = 600
FULL_DISK = 0.9


def may_see(request: HttpRequest) -> None:
    if not request.user.has_perm("feeds.view_feed"):
        raise PermissionDenied


@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    """What a curator looks at first, the worst first."""
    may_see(request)
    now = database_now()
    feeds = health.feed_counts(now)
    hours = throughput.tallies(now)
    day = list(hours.values())[-DAY:]
    last_hour = throughput.articles_since(now - throughput.HOUR)
    queues = queue_lengths()
    workers = ages_of_workers(time.time(), QUEUES)
    fetches = health.recent_fetches(now)
    disk = picture_disk()
    notices = Notice.objects.open().select_related("feed__source")
    silent = health.silent_feeds(now)
    context = {
        **admin.site.each_context(request),
        "title": pgettext("how the site does", "Health"),
        "now": now,
        "alarms": list(
            alarms(
                feeds,
                queues,
                workers,
                disk,
                is_fetching=any(fetches.values()),
                is_line_down=outages.is_line_down(now),
            )
        ),
        "feeds": feeds,
        "fetch_count": sum(fetches.values()),
        "overdue": span_of_seconds(feeds.overdue_seconds),
        "notices": notices[:NOTICES_LISTED],
        "notice_count": notices.count(),
        "failing": [(group, WHAT_NEXT[group.fault]) for group in health.failing_groups()],
        "silent": [
            (silence, span_of(silence.quiet_for), span_of(silence.usual_gap) if silence.usual_gap else "")
            for silence in silent[: health.LISTED]
        ],
        "silent_count": len(silent),
        "hosts": health.hosts_on_hold(now, health.LISTED),
        "host_count": Host.objects.on_hold(now).count(),
        "retired": health.retired_feeds()[: health.LISTED],
        "suggested": health.feeds_with_suggestion()[: health.LISTED],
        "unreadable": health.unreadable_pages(now),
        "shortened": [
            (Display(display).label, reason, count) for display, reason, count in throughput.shortened(day)[:20]
        ],
        "lags": lags(now, day),
        "articles_last_hour": last_hour,
        # The present hour's tally may be a little older than the count of the last hour.
        "articles_last_day": max(last_hour, sum(tally.articles for tally in day)),
        "waiting": health.waiting_entries(),
        "queues": queues,
        "workers": {queue: span_of_seconds(age) for queue, age in workers.items()},
        "disk": disk,
        "charts": charts(hours),
    }
    return TemplateResponse(request, "admin/health.html", context)


def alarms(
    feeds: health.FeedCounts,
    queues: Mapping[str, int | None],
    workers: Mapping[str, float | None],
    disk: Disk | None,
    *,
    is_fetching: bool = False,
    is_line_down: bool = False,
) -> Iterator[str]:
    """What keeps news from coming in altogether, a sentence each."""
    if is_line_down:
        yield _(
            "No publisher answers: our own connection to the internet seems to be down. "
            "No feed is blamed for it; all are asked again each minute."
        )
    if None in queues.values():
        yield _("Redis does not answer: no job is handed out.")
    for queue, age in workers.items():
        is_busy = queue == "fetch" and is_fetching  # long batches may keep its workers from answering
        if not is_busy and (age is None or age > BEAT_MAX_AGE_SECONDS):
            yield _("The scheduler or the workers of the queue “%(queue)s” have not been heard of for two minutes.") % {
                "queue": queue
            }
    if feeds.overdue_seconds > OVERDUE_IS_BAD_SECONDS:
        yield _("Feeds wait for their turn: the longest has been due for %s.") % span_of_seconds(feeds.overdue_seconds)
    if disk and disk.used_share > FULL_DISK:
        yield _("The disk that holds the pictures is %d %% full.") % round(disk.used_share * 100)


def lags(now: datetime, day: list[throughput.Tally]) -> list[tuple[str, list[str]]]:
    """Rows of the table: what is measured, and its quantiles in words."""
    hour, whole_day = throughput.lags_of_last_hour(now), throughput.lags_of(day)
    rows = [
        (_("from the publisher's stamp, last hour"), hour.publication),
        (_("from the publisher's stamp, last 24 hours"), whole_day.publication),
        (_("from our first sight, last hour"), hour.handling),
        (_("from our first sight, last 24 hours"), whole_day.handling),
    ]
    return [(name, [span_of_seconds(values[key]) for key in ("p50", "p90", "p99")]) for name, values in rows]


def charts(hours: Mapping[datetime, throughput.Tally]) -> list[tuple[str, str, StackedBars]]:
    """Articles per hour by category and by country: (id, title, chart) each."""
    labels = [date_format(timezone.localtime(hour), "D H:i") for hour in hours]
    by_category = [{**tally.categories} for tally in hours.values()]
    by_country = [{**tally.countries} for tally in hours.values()]
    categories = {slug: str(name) for slug, name in CATEGORY_NAMES.items()}
    countries = {country.iso: country.name for country in Country.objects.filter(pk__in=set().union(*by_country))}
    return [
        (key, title, stacked_bars(counts, labels, names=names, others=_("all others")))
        for key, title, counts, names in (
            ("by-category", _("Articles per hour by category"), by_category, categories),
            ("by-country", _("Articles per hour by country"), by_country, countries),
        )
    ]


def span_of_seconds(seconds: float | None) -> str:
    return "–" if seconds is None else span_of(timedelta(seconds=seconds))


@require_POST
def deal_with_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a notice aside. Said twice, it stays at the first time."""
    if not request.user.has_perm("feeds.change_notice"):
        raise PermissionDenied
    Notice.objects.open().filter(pk=pk).deal_with(database_now())
    return HttpResponseRedirect(reverse("admin_health") + "#notices")


@require_POST
def lift_hold(request: HttpRequest) -> HttpResponse:
    """Let a host be asked again before its time."""
    if not request.user.has_perm("feeds.change_host"):
        raise PermissionDenied
    name = request.POST.get("host", "")[:261]
    if name and hosts.release(name):
        # The admin begins each message with a capital letter, which a host's name does not have.
        messages.success(request, _("The host %s is asked again.") % name)
    return HttpResponseRedirect(reverse("admin_health") + "#hosts")
