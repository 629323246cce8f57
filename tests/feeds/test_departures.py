"""Feeds that leave their address: taken down for good (410), or moved for good (301, 308)."""

from datetime import timedelta

import pytest

from feeds import ingestion
from feeds.clock import database_now
from feeds.departures import GONE_FOR, MOVED_FOR, settle_departures
from feeds.models import Feed, Notice
from tests.documents import item, rss
from tests.factories import make_feed
from tests.web import Answer

pytestmark = pytest.mark.django_db
FEED, NEW = "https://paper.example/feed.xml", "https://news.example/rss"


def look_again() -> Feed:
    """Ask every feed that is not paused once more."""
    Feed.objects.active().check_now(database_now())
    ingestion.refresh_due()
    return Feed.objects.order_by("pk")[0]


def let_time_pass(by: timedelta) -> None:
    for feed in Feed.objects.exclude(gone_at=None, moved_at=None):
        gone_at, moved_at = (moment and moment - by for moment in (feed.gone_at, feed.moved_at))
        Feed.objects.filter(pk=feed.pk).update(gone_at=gone_at, moved_at=moved_at)


def sentences() -> list[str]:
    return list(Notice.objects.open().values_list("sentence", flat=True))


def test_a_feed_gone_three_times_over_two_days_is_retired_and_the_curator_told(web):
    web[FEED] = Answer(410)
    make_feed(url=FEED)
    look_again()
    look_again()
    assert not look_again().is_paused
    let_time_pass(GONE_FOR)

    feed = look_again()

    assert feed.is_paused
    assert feed.retired_at == feed.checked_at
    assert feed.last_error in sentences()
    assert "410" in feed.last_error
    assert "We ask it no more" in feed.last_error
    assert look_again().checked_at == feed.checked_at


def test_two_farewells_are_not_enough_however_far_apart(web):
    web[FEED] = Answer(410)
    make_feed(url=FEED)
    look_again()
    let_time_pass(10 * GONE_FOR)

    assert not look_again().is_paused


@pytest.mark.parametrize("answer", [Answer(500), Answer(404), rss(item())])
def test_anything_else_in_between_resets_the_count(web, answer):
    web[FEED] = Answer(410)
    make_feed(url=FEED)
    look_again()
    look_again()
    web[FEED] = answer
    assert (look_again().gone_count, look_again().gone_at) == (0, None)
    web[FEED] = Answer(410)
    look_again()
    let_time_pass(GONE_FOR)

    feed = look_again()

    assert (feed.gone_count, feed.is_paused) == (2, False)


def test_a_curator_who_resumes_a_retired_feed_has_it_asked_at_once_and_counted_anew(web):
    web[FEED] = Answer(410)
    now = database_now()
    make_feed(url=FEED, is_paused=True, retired_at=now, gone_count=9, gone_at=now - 9 * GONE_FOR,
              next_check_at=now + timedelta(days=1))  # fmt: skip

    Feed.objects.all().resume()
    ingestion.refresh_due()

    feed = Feed.objects.get()
    assert (feed.is_paused, feed.retired_at, feed.gone_count) == (False, None, 1)


@pytest.mark.parametrize("status", [301, 308])
def test_a_feed_that_moved_for_good_is_followed_when_it_has_said_so_three_times_over_a_day(web, status):
    web[FEED], web[NEW] = Answer(status, {"Location": NEW}), rss(item())
    make_feed(url=FEED, suggested_url=NEW)

    for _ in range(5):
        assert look_again().url == FEED
    let_time_pass(MOVED_FOR)
    feed = look_again()

    assert (feed.url, feed.host, feed.moved_to, feed.suggested_url) == (NEW, "news.example", "", "")
    assert (feed.moved_count, feed.moved_at) == (0, None)
    assert [FEED in sentence and NEW in sentence and "6 times since" in sentence for sentence in sentences()] == [True]
    asked = len(web.asked_for(FEED))
    assert look_again().failure_count == 0
    assert len(web.asked_for(FEED)) == asked
    assert "if-none-match" in web.asked_for(NEW)[-1].headers  # what it had from there stays valid


def test_two_looks_over_however_many_days_are_not_enough(web):
    web[FEED], web[NEW] = Answer(301, {"Location": NEW}), rss(item())
    make_feed(url=FEED)
    look_again()
    let_time_pass(10 * MOVED_FOR)

    assert look_again().url == FEED


@pytest.mark.parametrize(
    "place",
    ["/", "", "/login?next=/feed.xml", "/users/sign_in", "/Account/Login", "/auth/", "/wp-login.php?redirect_to=x"],
)
def test_nobody_follows_to_a_home_page_or_a_login_even_where_a_feed_answers(web, place):
    target = f"https://paper.example{place}"
    web[FEED], web[target if place else f"{target}/"] = Answer(301, {"Location": target}), rss(item())
    make_feed(url=FEED)
    for _ in range(3):
        look_again()
        let_time_pass(MOVED_FOR)

    feed = look_again()

    assert (feed.url, feed.moved_to, feed.failure_count) == (FEED, "", 0)


def test_a_temporary_redirect_moves_nothing_nor_does_one_in_a_chain(web):
    web[FEED], web["https://paper.example/b"], web[NEW] = (
        Answer(301, {"Location": "/b"}),
        Answer(302, {"Location": NEW}),
        rss(item()),
    )
    make_feed(url=FEED)
    for _ in range(5):
        feed = look_again()

    assert (feed.url, feed.moved_to, feed.moved_count) == (FEED, "", 0)
    assert sentences() == []


def test_only_the_same_address_three_times_in_a_row_counts(web):
    web[NEW], web["https://other.example/rss"] = rss(item()), rss(item())
    make_feed(url=FEED)
    for target in (NEW, NEW, "https://other.example/rss", NEW, NEW):
        web[FEED] = Answer(301, {"Location": target})
        assert look_again().url == FEED
        let_time_pass(MOVED_FOR)
    web[FEED] = rss(item())
    look_again()
    let_time_pass(MOVED_FOR)
    web[FEED] = Answer(301, {"Location": NEW})

    assert (look_again().url, look_again().moved_count) == (FEED, 2)


def test_nobody_follows_to_an_address_that_gives_no_feed(web):
    web[FEED], web[NEW] = Answer(301, {"Location": NEW}), b"<html><body>Welcome to our new site</body></html>"
    make_feed(url=FEED)
    for _ in range(4):
        feed = look_again()

    assert (feed.url, feed.moved_count, feed.failure_count) == (FEED, 0, 4)


def test_nobody_follows_into_our_own_network(web):
    web[FEED] = Answer(301, {"Location": "http://127.0.0.1/feed"})
    make_feed(url=FEED)
    for _ in range(4):
        feed = look_again()

    assert (feed.url, feed.failure_count) == (FEED, 4)


def test_a_feed_that_moves_to_where_another_is_asked_already_is_paused(web):
    web[FEED], web[NEW] = Answer(301, {"Location": NEW}), rss(item())
    make_feed(url=FEED)
    make_feed(url=NEW, title="The News")
    for _ in range(2):
        look_again()
        let_time_pass(MOVED_FOR)
    feed = look_again()

    assert (feed.url, feed.is_paused) == (FEED, True)
    assert ["The News" in sentence for sentence in sentences()] == [True]
    assert not Feed.objects.get(url=NEW).is_paused


def test_a_curator_who_changes_the_address_meanwhile_is_right(web):
    feed = make_feed(url="https://mine.example/feed")
    feed.url, feed.moved_to, feed.moved_count = FEED, NEW, 3  # as it was when it was leased
    feed.moved_at = database_now() - MOVED_FOR

    settle_departures([feed], database_now())

    assert Feed.objects.get().url == "https://mine.example/feed"
    assert sentences() == []


def test_where_all_redirects_are_permanent_the_last_address_is_the_new_one(web):
    web[FEED], web["https://paper.example/b"], web[NEW] = (
        Answer(301, {"Location": "/b"}),
        Answer(308, {"Location": NEW}),
        rss(item()),
    )
    make_feed(url=FEED)

    assert look_again().moved_to == NEW
