"""Articles per day as a sparkline, for lists of feeds and of sources: counted for the rows of one page at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.admin.views.main import ChangeList
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from feeds.admin.charts import sparkline
from feeds.clock import database_now
from feeds.models import Feed, Host, Source

DAYS, WEEK = 14, 7


def days_of_feeds(feeds: Iterable[int], now: datetime) -> dict[int, list[int]]:
    """How many entries each feed brought in each of the last periods of 24 hours, oldest first."""
    wanted = list(feeds)
    days = {feed: [0] * DAYS for feed in wanted}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT feed_id, floor(extract(epoch FROM %(now)s - seen_at) / 86400)::int AS days_ago, count(*)
               FROM feeds_entry
               WHERE feed_id = ANY(%(feeds)s) AND seen_at > %(now)s - make_interval(days => %(days)s)
               GROUP BY feed_id, days_ago""",
            {"now": now, "feeds": wanted, "days": DAYS},
        )
        for feed, days_ago, count in cursor.fetchall():
            days[feed][DAYS - 1 - min(max(days_ago, 0), DAYS - 1)] += count
    return days


def days_of_sources(sources: Iterable[int], now: datetime) -> dict[int, list[int]]:
    """The same of all feeds of each source together."""
    wanted = list(sources)
    feeds = dict(Feed.objects.filter(source__in=wanted).order_by().values_list("pk", "source_id"))
    days = {source: [0] * DAYS for source in wanted}
    for feed, counts in days_of_feeds(feeds, now).items():
        of_source = days[feeds[feed]]
        for number, count in enumerate(counts):
            of_source[number] += count
    return days


class ListWithDays(ChangeList):
    """A list whose rows each have `days`, what they brought in the last two weeks."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Feed | Source] = list(self.result_list)
        count = days_of_sources if self.model is Source else days_of_feeds
        days = count([row.pk for row in rows], database_now()) if rows else {}
        for row in rows:
            row.days = days[row.pk]  # type: ignore[union-attr]
        self.result_list = rows


class ListOfFeeds(ListWithDays):
    """A list whose rows each have `hold` as well: their host, where it is left alone at the moment."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names = {feed.host for feed in self.result_list}
        held = {host.name: host for host in Host.objects.on_hold(database_now()).filter(name__in=names)}
        for feed in self.result_list:
            feed.hold = held.get(feed.host)


def per_day(days: Sequence[int], source: Source) -> SafeString:
    """The mean of the last week, or of the time since its source was added, as a number; and two weeks as bars.

    What came on the first day is taken for a day's: divided by an hour, the items a feed begins with would be hundreds.
    """
    age = (timezone.now() - source.added_at) / timedelta(days=1)
    mean = f"{sum(days[-WEEK:]) / min(max(age, 1), WEEK):.1f}"
    return render_to_string("admin/feeds/_per_day.html", {"mean": mean, "line": sparkline(days)})
