"""How looks at feeds are written down: the feed's state, its rhythm, and the log curators read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from feeds import attempts, ingestion, tasks
from feeds.attempts import Attempt
from feeds.clock import database_now
from feeds.consequences import GONE_NEXT
from feeds.errors import FetchError, HostOnHold, NotAFeed
from feeds.items import NO_HINTS, FeedHints, FeedItem, ParsedFeed
from feeds.models import Feed, FetchRecord, Notice
from feeds.recording import record_attempts
from tests.documents import item, rss
from tests.factories import make_feed, make_source
from tests.web import Answer

pytestmark = pytest.mark.django_db
FEED = "https://paper.example/feed.xml"
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday


def leased(feed: Feed, now: datetime = NOW) -> Feed:
    feed.leased_until = now + timedelta(minutes=3)
    feed.save(update_fields=["leased_until"])
    return feed


def record(attempt: Attempt, *, new: int = 0, now: datetime = NOW) -> Feed:
    """Write one look at a feed that is leased for it; gives the row as it is afterwards."""
    leased(attempt.feed, now)
    record_attempts([attempt], {attempt.feed.pk: new}, now)
    return Feed.objects.get(pk=attempt.feed.pk)


def document(*dates: datetime | None, hints: FeedHints = NO_HINTS) -> ParsedFeed:
    items = [
        FeedItem(
            identity=str(number), title="T", url="", published_at=date, updated_at=None, author="", description="",
            content_html="", categories=(), image=None,
        )
        for number, date in enumerate(dates)
    ]  # fmt: skip
    return ParsedFeed("rss2.0", "The Paper", "", "en", items, [], hints=hints)


def test_a_look_leaves_a_record_with_what_came_and_how_long_it_took(web):
    web[FEED] = rss(item("One", guid="1"), item("Two", guid="2"))
    feed = make_feed(url=FEED)
    ingestion.refresh_due()
    Feed.objects.all().check_now(database_now())
    ingestion.refresh_due()

    first, second = FetchRecord.objects.order_by("at")

    assert (first.feed, first.status, first.entries_new, first.error) == (feed, 200, 2, "")
    assert first.size == len(web[FEED])
    assert (second.status, second.size, second.entries_new) == (304, 0, 0)
    assert first.at == feed.entries.first().seen_at


def test_a_failure_is_logged_with_its_status_and_whose_fault_it_is(web):
    web[FEED] = Answer(404)
    make_feed(url=FEED)
    make_feed(url="https://silent.example/feed")
    ingestion.refresh_due()

    missing, silent = FetchRecord.objects.order_by("feed")

    assert (missing.status, missing.entries_new) == (404, 0)
    assert "nothing at this address" in missing.error
    assert silent.status is None
    assert silent.error.endswith("we ask again later.")


def test_a_document_that_is_no_feed_is_logged_with_its_size(web):
    web[FEED] = b"<html><body>We are being rebuilt</body></html>"
    make_feed(url=FEED)
    ingestion.refresh_due()

    record = FetchRecord.objects.get()

    assert (record.status, record.size) == (200, len(web[FEED]))
    assert "not a feed" in record.error


def test_a_feed_that_was_not_reached_or_whose_host_is_on_hold_leaves_no_record_and_no_failure():
    feed, other = make_feed(failure_count=2, next_check_at=NOW), make_feed(next_check_at=NOW)

    unreached = record(Attempt(other, is_unreached=True))
    held = record(attempts.held(feed, HostOnHold(feed.url, "On hold.", seconds=600)))

    assert FetchRecord.objects.count() == 0
    assert unreached.next_check_at == NOW
    assert held.failure_count == 2
    assert timedelta(minutes=10) <= held.next_check_at - NOW <= timedelta(minutes=11)
    assert held.leased_until is None


def test_the_look_that_was_told_to_stay_away_is_logged_but_is_no_failure(web):
    web[FEED] = Answer(429, {"Retry-After": "3600"})
    make_feed(url=FEED)
    ingestion.refresh_due()

    record, feed = FetchRecord.objects.get(), Feed.objects.get()

    assert record.status == 429
    assert "too often" in record.error
    assert feed.failure_count == 0


def test_state_and_record_stand_or_fall_together():
    feed = leased(make_feed())
    with transaction.atomic():
        record_attempts([Attempt(feed, status=304)], {}, NOW)
        transaction.set_rollback(True)

    assert FetchRecord.objects.count() == 0
    assert Feed.objects.get().checked_at is None


def test_who_has_lost_the_lease_writes_nothing():
    feed = leased(make_feed())
    Feed.objects.update(leased_until=NOW + timedelta(hours=1))  # another worker's by now

    record_attempts([Attempt(feed, status=200)], {}, NOW)

    assert FetchRecord.objects.count() == 0
    assert Feed.objects.get().leased_until == NOW + timedelta(hours=1)


def test_a_feed_deleted_meanwhile_costs_the_others_nothing():
    gone, other = leased(make_feed()), leased(make_feed())
    Feed.objects.filter(pk=gone.pk).delete()

    record_attempts([Attempt(gone, status=200), Attempt(other, status=200)], {gone.pk: 1}, NOW)
    record_attempts([attempts.pushed(gone, size=7)], {gone.pk: 1}, NOW)

    assert FetchRecord.objects.get().feed == other


def test_a_curator_who_pauses_a_feed_while_it_is_asked_is_not_overruled():
    feed = leased(make_feed())
    Feed.objects.all().pause()

    record_attempts([Attempt(feed, parsed=document(NOW), status=200)], {feed.pk: 1}, NOW)

    assert Feed.objects.get().is_paused


def test_a_new_feed_begins_with_the_dates_of_its_items_as_its_history():
    blog = record(Attempt(make_feed(), parsed=document(*(NOW - timedelta(days=8 * n + 3) for n in range(30)))), new=30)
    agency = record(Attempt(make_feed(), parsed=document(*(NOW - timedelta(minutes=9 * n) for n in range(30)))), new=30)

    assert blog.interval_seconds > 30 * 60
    assert agency.interval_seconds <= 5 * 60
    assert len(blog.hourly_counts) == 24


def test_what_is_new_counts_for_the_hour_it_came_in_and_an_old_archive_does_not():
    feed = record(Attempt(make_feed(), parsed=document(NOW - timedelta(days=2))), new=1)
    quiet = list(feed.hourly_counts)

    feed = record(Attempt(feed, parsed=document(*[NOW - timedelta(days=400)] * 50)), new=50, now=NOW)
    assert feed.hourly_counts == pytest.approx(quiet)

    later = NOW + timedelta(hours=8)
    feed = record(Attempt(feed, parsed=document(*[later - timedelta(minutes=5)] * 9)), new=9, now=later)
    assert feed.hourly_counts[19] > 3 * quiet[19]
    assert feed.hourly_counts[10] == pytest.approx(quiet[10], rel=0.05)
    assert feed.new_entry_at == later


def test_news_makes_us_come_back_sooner_and_silence_later():
    feed = record(Attempt(make_feed(), parsed=document(*(NOW - timedelta(hours=6 * n) for n in range(1, 30)))), new=29)
    calm = feed.interval_seconds

    busy = record(Attempt(feed, parsed=document(*[NOW] * 8)), new=8)
    assert busy.interval_seconds < calm / 1.5

    a_month_later = NOW + timedelta(days=30)
    silent = record(Attempt(busy, status=304), now=a_month_later)
    assert silent.interval_seconds > 2 * calm


def test_followers_of_the_source_bring_us_back_sooner():
    dates = [NOW - timedelta(hours=n) for n in range(30)]
    alone = record(Attempt(make_feed(), parsed=document(*dates)))
    followed = record(Attempt(make_feed(source=make_source(follower_count=100)), parsed=document(*dates)))

    assert followed.interval_seconds < alone.interval_seconds / 2


def test_what_the_document_asks_for_is_kept_and_honoured_also_when_nothing_changed():
    asking = FeedHints(ttl_seconds=7200, skip_hours=(14, 15), hub_url="https://hub.example/", topic_url=FEED)
    feed = record(Attempt(make_feed(), parsed=document(NOW - timedelta(days=1), hints=asking), hints=asking))

    assert (feed.asked_interval_seconds, feed.hub_url, feed.topic_url) == (7200, "https://hub.example/", FEED)
    assert NOW.replace(hour=16) <= feed.next_check_at <= NOW.replace(hour=16, minute=11)

    later = NOW.replace(hour=20)
    assert record(Attempt(feed, status=304), now=later).next_check_at >= later + timedelta(hours=2)


def test_an_answer_that_says_it_stays_fresh_is_believed_this_once():
    feed = record(Attempt(make_feed(), parsed=document(NOW - timedelta(days=9)), fresh_seconds=5 * 3600))
    assert feed.next_check_at >= NOW + timedelta(hours=5)

    assert record(Attempt(feed, status=304)).next_check_at < NOW + timedelta(hours=5)


def test_a_feed_whose_hub_is_trusted_is_stretched_and_is_back_to_normal_when_it_is_not():
    usual = record(Attempt(make_feed(), parsed=document(*(NOW - timedelta(hours=n) for n in range(30)))))
    Feed.objects.update(push_trusted_until=NOW + timedelta(hours=1))
    trusted = record(Attempt(usual, status=304))
    tomorrow = NOW + timedelta(hours=2)
    doubted = record(Attempt(trusted, status=304), now=tomorrow)

    assert trusted.next_check_at - NOW > 5 * (usual.next_check_at - NOW)
    assert trusted.interval_seconds == usual.interval_seconds
    assert doubted.next_check_at - tomorrow < 3 * (usual.next_check_at - NOW)


def test_a_push_is_logged_and_counted_and_leaves_the_poll_alone():
    feed = record(Attempt(make_feed(etag="e", failure_count=0), parsed=document(NOW - timedelta(days=3)), etag="e"))
    before = Feed.objects.get()

    record_attempts([attempts.pushed(feed, parsed=document(*[NOW] * 5), size=99)], {feed.pk: 5}, NOW)
    after = Feed.objects.get()

    push = FetchRecord.objects.get(is_push=True)
    assert (push.size, push.entries_new, push.at) == (99, 5, NOW)
    assert after.recent_count > before.recent_count
    assert after.new_entry_at == NOW
    assert (after.etag, after.next_check_at, after.leased_until) == ("e", before.next_check_at, before.leased_until)


def test_a_push_counts_also_while_the_feed_is_being_asked():
    feed = leased(record(Attempt(make_feed(), parsed=document(NOW - timedelta(days=3)))))
    lease = feed.leased_until

    record_attempts([attempts.pushed(feed, parsed=document(NOW), size=99)], {feed.pk: 1}, NOW)

    assert Feed.objects.get().leased_until == lease
    assert FetchRecord.objects.filter(is_push=True).count() == 1


def test_a_clock_that_was_a_day_off_neither_starves_nor_hammers():
    dates = [NOW - timedelta(hours=n) for n in range(30)]
    feed = record(Attempt(make_feed(), parsed=document(*dates)))
    usual = feed.interval_seconds

    for jump in (timedelta(days=1), timedelta(days=-1)):
        after = record(Attempt(feed, parsed=document(*dates), status=200), new=1, now=NOW + jump)
        assert usual / 3 < after.interval_seconds < usual * 3
        assert all(0 <= rate < 1_000 for rate in after.hourly_counts)


def test_feeds_asked_in_a_future_that_was_none_are_asked_again_now():
    now = database_now()
    ahead = make_feed(checked_at=now + timedelta(days=1), next_check_at=now + timedelta(days=1, hours=1))
    asleep = make_feed(checked_at=now - timedelta(hours=1), next_check_at=now + timedelta(hours=20))

    tasks.forgive_clock()

    ahead.refresh_from_db()
    assert ahead.next_check_at <= database_now() + timedelta(minutes=15)
    assert Feed.objects.get(pk=asleep.pk).next_check_at == asleep.next_check_at


def test_a_success_forgets_all_failures():
    feed = record(Attempt(make_feed(), error=FetchError(FEED, "No.", status=500)))
    feed = record(Attempt(feed, error=NotAFeed("This is a web page, not a feed.")))
    assert (feed.failure_count, feed.last_error) == (
        2,
        "This is a web page, not a feed. That is for the publisher to mend; we ask again later.",
    )

    feed = record(Attempt(feed, status=304))
    assert (feed.failure_count, feed.last_error, feed.succeeded_at) == (0, "", NOW)


def test_old_records_are_forgotten_in_small_batches_and_young_ones_kept():
    feed = make_feed()
    FetchRecord.objects.bulk_create(
        FetchRecord(feed=feed, at=NOW - timedelta(days=days)) for days in (1, 13, 15, 16, 17)
    )

    a_fortnight_ago = NOW - timedelta(days=14)
    assert FetchRecord.objects.forget_older_than(a_fortnight_ago, 2) == 2
    assert FetchRecord.objects.forget_older_than(a_fortnight_ago, 2) == 1
    assert FetchRecord.objects.forget_older_than(a_fortnight_ago, 2) == 0
    assert FetchRecord.objects.count() == 2


def test_the_hourly_task_forgets_what_is_older_than_two_weeks():
    feed, now = make_feed(), database_now()
    FetchRecord.objects.create(feed=feed, at=now - timedelta(days=15))
    FetchRecord.objects.create(feed=feed, at=now - timedelta(days=13))

    tasks.forget_old_records()

    assert FetchRecord.objects.get().at == now - timedelta(days=13)


def test_a_curator_is_told_the_same_once_until_it_is_dealt_with():
    feed = make_feed()
    for _ in range(3):
        Notice.objects.tell(feed, "It is gone.")
    assert Notice.objects.count() == 1

    Notice.objects.update(done_at=NOW)
    Notice.objects.tell(feed, "It is gone.")
    assert Notice.objects.open().count() == 1


def test_what_comes_next_is_said_of_a_feed_taken_down():
    feed = record(Attempt(make_feed(), error=FetchError(FEED, "Gone (410).", status=410, permanent=True)))
    assert feed.last_error == f"Gone (410). {GONE_NEXT}"
