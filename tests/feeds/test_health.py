"""Which feeds ail, which are silent, what is left alone: the numbers behind the health page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feeds import health
from feeds.clock import database_now
from feeds.faults import Fault
from feeds.models import Host, Source
from tests.factories import make_entry, make_feed, make_record, make_source

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now():
    return database_now()


def well(now, **fields):
    """A feed that answers, whose last new entry came `quiet` ago."""
    quiet = fields.pop("quiet", timedelta(0))
    return make_feed(succeeded_at=now, checked_at=now, new_entry_at=now - quiet, **fields)


def entries_every(gap: timedelta, feed, *, until, count: int = 10):
    for number in range(count):
        make_entry(feed=feed, published_at=until - gap * number, seen_at=until)


def test_each_feed_is_counted_in_its_state(now):
    well(now, next_check_at=now + HOUR)
    make_feed(failure_count=3, last_error="The server answered 503.", checked_at=now, next_check_at=now + HOUR)
    make_feed(is_paused=True, retired_at=now, failure_count=9)
    make_feed(source=make_source(is_paused=True))
    make_feed(next_check_at=now - timedelta(seconds=90))
    make_feed(next_check_at=now - HOUR, leased_until=now + HOUR, checked_at=now)
    well(now, problems="The dates are wrong.", push_trusted_until=now + DAY, next_check_at=now + HOUR)

    counts = health.feed_counts(now)

    assert (counts.all, counts.active, counts.paused, counts.retired) == (7, 5, 2, 1)
    assert (counts.failing, counts.odd, counts.pushed) == (1, 1, 1)
    assert (counts.due, counts.leased, counts.new) == (1, 1, 1)
    assert counts.overdue_seconds == pytest.approx(90, abs=5)


def test_without_feeds_all_counts_are_nothing(now):
    counts = health.feed_counts(now)
    assert (counts.all, counts.due, counts.overdue_seconds) == (0, 0, 0.0)
    assert health.failing_groups() == health.silent_feeds(now) == health.hosts_on_hold(now) == []


def test_failing_feeds_stand_together_by_whose_fault_it_is_the_worst_first():
    gone = [make_feed(failure_count=count, last_error="There is nothing at this address (404).") for count in (1, 7)]
    make_feed(failure_count=2, last_error="The server turns us away (403).")
    make_feed(failure_count=5, last_error="The server answered 503.", is_paused=True)

    groups = health.failing_groups()

    assert [(group.fault, group.count) for group in groups] == [(Fault.GONE, 2), (Fault.CLOSED, 1)]
    assert list(groups[0].worst) == gone[::-1]
    assert health.failing_by_fault()[Fault.GONE] == 2


def test_a_group_lists_a_few_feeds_and_counts_them_all():
    for _ in range(health.LISTED + 2):
        make_feed(failure_count=1, last_error="There is nothing at this address (404).")
    (group,) = health.failing_groups()
    assert (group.count, len(group.worst)) == (health.LISTED + 2, health.LISTED)


def test_a_feed_is_silent_by_its_own_rhythm_not_by_a_fixed_time(now):
    hourly, weekly = (well(now, title=title, quiet=4 * DAY) for title in ("hourly", "weekly"))
    entries_every(HOUR, hourly, until=now - 4 * DAY)
    entries_every(7 * DAY, weekly, until=now - 4 * DAY)

    (silence,) = health.silent_feeds(now)

    assert silence.feed == hourly
    assert silence.quiet_for == 4 * DAY
    assert silence.usual_gap == HOUR


def test_a_quiet_weekend_day_makes_no_feed_silent(now):
    entries_every(timedelta(minutes=5), well(now, quiet=DAY), until=now - DAY)
    assert health.silent_feeds(now) == []


def test_the_oddest_silence_comes_first(now):
    daily, hourly = well(now, quiet=20 * DAY), well(now, quiet=20 * DAY)
    entries_every(2 * DAY, daily, until=now - 20 * DAY)
    entries_every(HOUR, hourly, until=now - 20 * DAY)
    assert [silence.feed for silence in health.silent_feeds(now)] == [hourly, daily]


def test_a_feed_that_never_brought_anything_is_silent_after_some_days(now):
    old, new = make_source(), make_source()
    Source.objects.filter(pk=old.pk).update(added_at=now - 10 * DAY)
    mute = make_feed(source=old, succeeded_at=now)
    make_feed(source=new, succeeded_at=now)
    (silence,) = health.silent_feeds(now)
    assert (silence.feed, silence.usual_gap) == (mute, None)


@pytest.mark.parametrize("fields", [{"failure_count": 2}, {"is_paused": True}])
def test_a_feed_that_fails_or_is_paused_is_not_called_silent(now, fields):
    well(now, quiet=60 * DAY, **fields)
    assert health.silent_feeds(now) == []


def test_hosts_on_hold_come_with_the_number_of_their_feeds(now):
    make_feed(url="https://busy.example/a")
    make_feed(url="https://busy.example/b")
    Host.objects.create(name="busy.example", held_until=now + HOUR, hold_reason="It says we ask too often (429).")
    Host.objects.create(name="free.example", held_until=now - HOUR)
    (host,) = health.hosts_on_hold(now)
    assert (host.name, host.feed_count) == ("busy.example", 2)  # type: ignore[attr-defined]


def test_pages_that_were_not_read_are_counted_by_reason(now):
    for reason, age in (
        ("Not found (404).", HOUR),
        ("Not found (404).", HOUR),
        ("No article.", HOUR),
        ("Old.", 2 * DAY),
    ):
        make_entry(read_error=reason, state="published", seen_at=now - age)
    make_entry(state="published", seen_at=now)
    make_entry(state="new", read_error="Its turn comes later.", seen_at=now)
    reasons = health.unreadable_pages(now)
    assert [(reason.sentence, reason.count) for reason in reasons] == [("Not found (404).", 2), ("No article.", 1)]
    assert health.unreadable_by_fault(now)[Fault.GONE] == 2


def test_looks_of_the_last_minutes_are_counted_by_their_outcome(now):
    feed = make_feed()
    make_record(feed)
    make_record(feed, status=200, entries_new=3)
    make_record(feed, status=503, error="The server answered 503.")
    make_record(feed, is_push=True, status=None, entries_new=1)
    make_record(feed, minutes_ago=60)
    assert health.recent_fetches(database_now()) == {"pushed": 1, "failed": 1, "unchanged": 1, "news": 1}


def test_no_number_reads_all_entries_or_all_records(now):
    """5 million entries and 10 million records must not be read: each query goes by one of their indexes."""
    feed = well(now, quiet=4 * DAY)
    entries_every(HOUR, feed, until=now - 4 * DAY)
    make_record(feed)
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        for number in (
            health.silent_feeds, health.unreadable_pages, health.unreadable_by_fault, health.recent_fetches,
        ):  # fmt: skip
            number(now)
        health.waiting_entries()
        asked = [query["sql"] for query in queries.captured_queries]
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on feeds_entry" not in plan, plan
            assert "Seq Scan on feeds_fetchrecord" not in plan, plan
