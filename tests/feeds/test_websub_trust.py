"""Polling is stretched while pushes prove reliable, and back to normal when they do not."""

from datetime import datetime, timedelta

import pytest

from feeds.clock import database_now
from feeds.models import Feed, FetchRecord, Subscription
from feeds.websub import trust
from feeds.websub.words import push_condition
from tests.factories import make_entry, make_feed

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return database_now()


@pytest.fixture
def feed(now) -> Feed:
    """A feed whose hub has promised to push for ten days, three days ago; it is asked every fifteen minutes."""
    feed = make_feed(hub_url="https://hub.example/", checked_at=now - HOUR, next_check_at=now + 5 * HOUR)
    Subscription.objects.create(
        feed=feed,
        hub_url=feed.hub_url,
        topic_url=feed.url,
        state=Subscription.State.ACTIVE,
        created_at=now - 3 * DAY,
        expires_at=now + 7 * DAY,
    )
    return feed


def push_comes(feed: Feed, at: datetime) -> None:
    FetchRecord.objects.create(feed=feed, at=at, is_push=True, entries_new=1)


def poll_finds(feed: Feed, *, at: datetime, published_at: datetime) -> None:
    """A poll at this moment found an entry new which is dated so."""
    FetchRecord.objects.create(feed=feed, at=at, entries_new=1, status=200)
    make_entry(feed=feed, seen_at=at, published_at=published_at)


def trusted_until(feed: Feed) -> datetime | None:
    return Feed.objects.get(pk=feed.pk).push_trusted_until


def test_a_hub_that_only_confirmed_is_not_trusted(feed, now):
    trust.withdraw(now)
    assert trusted_until(feed) is None


def test_a_push_earns_trust_for_a_day(feed, now, settings):
    settings.ZIS_WEBSUB = True
    trust.earn([feed.pk], now)
    assert trusted_until(feed) == now + DAY
    assert "more seldom" in push_condition(Feed.objects.get())


def test_trust_does_not_outlast_what_the_hub_promised(feed, now):
    Subscription.objects.update(expires_at=now + HOUR)
    trust.earn([feed.pk], now)
    assert trusted_until(feed) == now + HOUR


@pytest.mark.parametrize("change", [{"state": "failed"}, {"feed": None, "state": "leaving"}, {"state": "asked"}])
def test_a_subscription_that_is_not_live_earns_none_and_ends_what_there_was(feed, now, change):
    trust.earn([feed.pk], now)
    Subscription.objects.update(**change)
    assert trust.withdraw(now) == 1
    assert trusted_until(feed) is None
    trust.earn([feed.pk], now)
    assert trusted_until(feed) is None


def test_trust_stays_while_polls_find_nothing_that_a_push_should_have_brought(feed, now):
    trust.earn([feed.pk], now)
    FetchRecord.objects.create(feed=feed, at=now - 30 * MINUTE, entries_new=0, status=200)
    assert trust.withdraw(now) == 0
    assert trusted_until(feed)


def test_a_poll_that_finds_what_a_push_should_have_brought_takes_trust_back_and_polls_as_usual(feed, now):
    trust.earn([feed.pk], now)
    poll_finds(feed, at=now - 5 * MINUTE, published_at=now - 30 * MINUTE)

    assert trust.withdraw(now) == 1

    feed.refresh_from_db()
    assert feed.push_trusted_until is None
    assert feed.next_check_at <= now + MINUTE  # an hour after the last look, where every quarter is usual


@pytest.mark.parametrize(
    ("at", "published_at", "why"),
    [
        (5, 6, "so young that its push may still have been on its way"),
        (5, 4 * 24 * 60, "dated before there was a subscription"),
        (25 * 60, 26 * 60, "more than a day ago"),
        (1, 10, "its push may still come"),
    ],
)
def test_what_a_push_could_not_have_brought_is_no_miss(feed, now, at, published_at, why):
    trust.earn([feed.pk], now)
    poll_finds(feed, at=now - at * MINUTE, published_at=now - published_at * MINUTE)
    assert trust.withdraw(now) == 0, why


@pytest.mark.parametrize("minutes", [-1.5, 1.5])
def test_a_push_that_came_about_when_a_poll_found_the_same_is_no_miss(feed, now, minutes):
    trust.earn([feed.pk], now)
    poll_finds(feed, at=now - 10 * MINUTE, published_at=now - 30 * MINUTE)
    push_comes(feed, now - 10 * MINUTE + minutes * MINUTE)
    assert trust.withdraw(now) == 0


def test_after_a_miss_no_push_earns_trust_for_a_day(feed, now):
    poll_finds(feed, at=now - 5 * HOUR, published_at=now - 6 * HOUR)
    trust.earn([feed.pk], now)
    assert trusted_until(feed) is None

    trust.earn([feed.pk], now + 20 * HOUR)
    assert trusted_until(feed) == now + 44 * HOUR


def test_trust_ends_by_itself_when_a_day_passes_without_a_push(feed, now):
    trust.earn([feed.pk], now - 25 * HOUR)
    assert trust.withdraw(now) == 1
    assert Feed.objects.get().next_check_at <= now + MINUTE


def test_losing_trust_does_not_cut_short_the_back_off_of_a_feed_that_fails(feed, now):
    Feed.objects.update(failure_count=3)
    trust.earn([feed.pk], now - 25 * HOUR)
    trust.withdraw(now)
    assert Feed.objects.get().next_check_at == feed.next_check_at


def test_a_miss_of_one_feed_costs_no_other_its_trust(feed, now):
    other = make_feed(hub_url=feed.hub_url)
    Subscription.objects.create(feed=other, topic_url="x", state="active", expires_at=now + DAY)
    poll_finds(feed, at=now - 5 * MINUTE, published_at=now - 30 * MINUTE)
    trust.earn([feed.pk, other.pk], now)
    assert (trusted_until(feed), trusted_until(other)) == (None, now + DAY)


def polls_find_undated(feed: Feed, *hours_ago: float, after: timedelta = HOUR) -> None:
    """Polls so long ago each found an entry new that has no date; the poll before each found nothing."""
    now = database_now()
    for hours in hours_ago:
        at = now - hours * HOUR
        FetchRecord.objects.create(feed=feed, at=at - after, status=304)
        poll_finds(feed, at=at, published_at=at)


def test_entries_without_dates_that_polls_find_twice_take_trust_back(feed, now):
    trust.earn([feed.pk], now)
    polls_find_undated(feed, 40, 2)

    assert trust.withdraw(now) == 1
    trust.earn([feed.pk], now)
    assert trusted_until(feed) is None


@pytest.mark.parametrize(
    ("hours_ago", "after", "why"),
    [
        ((2,), HOUR, "once may be chance"),
        ((80, 2), HOUR, "the first was too long ago"),
        ((20, 2), 15 * MINUTE, "it may have come just before the poll"),
    ],
)
def test_entries_without_dates_that_may_have_come_just_now_are_no_miss(feed, now, hours_ago, after, why):
    trust.earn([feed.pk], now)
    polls_find_undated(feed, *hours_ago, after=after)

    assert trust.withdraw(now) == 0, why


def test_an_entry_without_a_date_of_which_a_push_told_is_no_miss(feed, now):
    trust.earn([feed.pk], now)
    polls_find_undated(feed, 20, 2)
    push_comes(feed, now - 2.5 * HOUR)

    assert trust.withdraw(now) == 0
