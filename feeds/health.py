"""How the feeds do, in numbers and lists: for the curators' health page, `status` and /metrics. Reads only.

Every query is bounded: over feeds and hosts (thousands), or by an index over the rows of the last minutes or day.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from feeds.faults import Fault, counted_by_fault, fault_of
from feeds.models import Entry, Feed, FetchRecord, Host

LISTED = 10  # of each kind on the health page; the rest is a link away
MOST_FAILING = 2_000  # that are looked at one by one
MOST_REASONS = 20
RECENT_MINUTES = 5

# Silent: nothing new for so many times its usual gap, within these bounds.
SILENT_GAPS, SILENT_AT_LEAST, SILENT_AT_MOST = 6, timedelta(hours=36), timedelta(days=90)
NEVER_SPOKE_AFTER = timedelta(days=3)
MOST_SUSPECTS, GAPS_LOOKED_AT = 1_000, 20


@dataclass(frozen=True, slots=True)
class FeedCounts:
    """How many feeds are in each state; a paused one is counted as nothing else."""

    all: int
    active: int
    paused: int
    retired: int
    failing: int
    odd: int
    due: int
    leased: int
    new: int
    pushed: int
    overdue_seconds: float  # of the feed that has waited longest for its turn


def feed_counts(now: datetime) -> FeedCounts:
    is_active = Q(is_paused=False, source__is_paused=False)
    is_due = is_active & Q(next_check_at__lte=now) & (Q(leased_until=None) | Q(leased_until__lt=now))
    counted = Feed.objects.aggregate(
        all=Count("pk"),
        active=Count("pk", filter=is_active),
        retired=Count("pk", filter=Q(retired_at__isnull=False)),
        failing=Count("pk", filter=is_active & Q(failure_count__gt=0)),
        odd=Count("pk", filter=is_active & ~Q(problems="")),
        due=Count("pk", filter=is_due),
        leased=Count("pk", filter=Q(leased_until__gte=now)),
        new=Count("pk", filter=is_active & Q(checked_at=None)),
        pushed=Count("pk", filter=is_active & Q(push_trusted_until__gt=now)),
        oldest=Min("next_check_at", filter=is_due),
    )
    oldest = counted.pop("oldest")
    paused = counted["all"] - counted["active"]
    return FeedCounts(**counted, paused=paused, overdue_seconds=(now - oldest).total_seconds() if oldest else 0.0)


@dataclass(frozen=True, slots=True)
class FailingGroup:
    """Feeds that fail for one kind of reason. worst: the first few, those that failed most often first."""

    fault: Fault
    count: int
    worst: Sequence[Feed]


def failing_groups() -> list[FailingGroup]:
    """The failing feeds by what is wrong, the largest group first."""
    feeds = defaultdict(list)
    rows = Feed.objects.failing().select_related("source")
    for feed in rows.only("title", "url", "failure_count", "last_error", "succeeded_at", "source__name")[:MOST_FAILING]:
        feeds[fault_of(feed.last_error)].append(feed)
    groups = [FailingGroup(fault, len(found), found[:LISTED]) for fault, found in feeds.items()]
    return sorted(groups, key=lambda group: -group.count)


def failing_by_fault() -> dict[Fault, int]:
    sentences = Feed.objects.failing().order_by().values_list("last_error").annotate(number=Count("pk"))
    return counted_by_fault(sentences)


@dataclass(frozen=True, slots=True)
class Silence:
    """A feed that answers but brings nothing. usual_gap: between its entries; None where it never brought any."""

    feed: Feed
    quiet_for: timedelta
    usual_gap: timedelta | None


def silent_feeds(now: datetime) -> list[Silence]:
    """Feeds that are well but have brought nothing new for much longer than they used to, the oddest first."""
    healthy = Feed.objects.active().filter(failure_count=0, succeeded_at__isnull=False).select_related("source")
    suspects = healthy.filter(new_entry_at__lt=now - SILENT_AT_LEAST).order_by("new_entry_at")[:MOST_SUSPECTS]
    chosen = {feed.pk: feed for feed in suspects.only("title", "url", "new_entry_at", "succeeded_at", "source__name")}
    gaps = usual_gaps(list(chosen))
    silent = []
    for feed in chosen.values():
        quiet, gap = now - feed.new_entry_at, gaps.get(feed.pk)  # type: ignore[operator]
        if quiet > min(max(SILENT_AT_LEAST, (gap or SILENT_AT_LEAST) * SILENT_GAPS), SILENT_AT_MOST):
            silent.append(Silence(feed, quiet, gap))
    silent.sort(key=lambda silence: -(silence.quiet_for / max(silence.usual_gap or silence.quiet_for, SILENT_AT_LEAST)))
    return silent + never_spoke(healthy, now)


def never_spoke(healthy: "QuerySet[Feed]", now: datetime) -> list[Silence]:
    """Feeds that were added days ago, answer, and never brought a single entry."""
    added = healthy.filter(new_entry_at=None, source__added_at__lt=now - NEVER_SPOKE_AFTER)
    rows = added.order_by("source__added_at").only("title", "url", "succeeded_at", "source__name", "source__added_at")
    return [Silence(feed, now - feed.source.added_at, None) for feed in rows[:MOST_SUSPECTS]]


def usual_gaps(feeds: Sequence[int]) -> dict[int, timedelta]:
    """Return the mean gap between the latest entries of these feeds, by the publisher's own stamps.

    By our first sight it would be nothing: all items of a feed's first reading were seen at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT feed.id, (max(latest.published_at) - min(latest.published_at)) / (count(*) - 1)
               FROM unnest(%s::bigint[]) AS feed (id) CROSS JOIN LATERAL (
                 SELECT published_at FROM feeds_entry
                 WHERE feed_id = feed.id ORDER BY seen_at DESC LIMIT %s) AS latest
               GROUP BY feed.id HAVING count(*) > 1""",
            [list(feeds), GAPS_LOOKED_AT],
        )
        return dict(cursor.fetchall())


def retired_feeds() -> "QuerySet[Feed]":
    """Feeds whose publisher took them down, the latest first."""
    return Feed.objects.filter(retired_at__isnull=False).select_related("source").order_by("-retired_at", "pk")


def feeds_with_suggestion() -> "QuerySet[Feed]":
    """Feeds that may live elsewhere by now."""
    return Feed.objects.exclude(suggested_url="").select_related("source").order_by("-failure_count", "pk")


def hosts_on_hold(now: datetime, limit: int = 100) -> list[Host]:
    """Hosts that are left alone, the longest first; each with `feed_count`."""
    hosts = list(Host.objects.on_hold(now).only("name", "held_until", "hold_reason")[:limit])
    names = [host.name for host in hosts]
    of_host = Feed.objects.filter(host__in=names).order_by().values_list("host").annotate(number=Count("pk"))
    counts = dict(of_host)
    for host in hosts:
        host.feed_count = counts.get(host.name, 0)  # type: ignore[attr-defined]
    return hosts


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not as it should be, and how often."""

    sentence: str
    count: int


def unreadable_pages(now: datetime, *, hours: int = 24) -> list[Reason]:
    """Why pages of entries first seen in the last hours could not be read, the most frequent reason first."""
    reasons = _unread_since(now - timedelta(hours=hours), limit=MOST_REASONS)
    return [Reason(sentence, number) for sentence, number in reasons]


def unreadable_by_fault(now: datetime, *, hours: int = 24) -> dict[Fault, int]:
    return counted_by_fault(_unread_since(now - timedelta(hours=hours)))


def _unread_since(moment: datetime, *, limit: int | None = None) -> list[tuple[str, int]]:
    """(Reason, how many) of entries whose page was given up; one that is tried again is not. By entry_unreadable."""
    given_up = [Entry.State.READY, Entry.State.PUBLISHED, Entry.State.REFUSED]
    entries = Entry.objects.filter(state__in=given_up, seen_at__gt=moment).exclude(read_error="").order_by()
    return list(entries.values_list("read_error").annotate(number=Count("pk")).order_by("-number")[:limit])


def waiting_entries() -> dict[str, int]:
    """How many entries wait for a step; those that are done with are too many to be counted."""
    states = (Entry.State.NEW, Entry.State.READY)
    return {state.value: Entry.objects.filter(state=state).count() for state in states}


def recent_fetches(now: datetime, *, minutes: int = RECENT_MINUTES) -> dict[str, int]:
    """How the looks of the last minutes ended."""
    records = FetchRecord.objects.filter(at__gt=now - timedelta(minutes=minutes))
    return records.aggregate(
        pushed=Count("pk", filter=Q(is_push=True)),
        failed=Count("pk", filter=Q(is_push=False) & ~Q(error="")),
        unchanged=Count("pk", filter=Q(is_push=False, error="", entries_new=0)),
        news=Count("pk", filter=Q(is_push=False, error="", entries_new__gt=0)),
    )
