"""A curator lifts a host's hold: for every worker, wherever it heard of it."""

from datetime import timedelta

import pytest

from feeds.clock import database_now
from feeds.ingestion import refresh_due
from feeds.manners import hosts
from feeds.models import Feed, Host
from feeds.net import ledger
from tests.documents import item, rss
from tests.factories import make_feed
from tests.web import Answer

pytestmark = pytest.mark.django_db(transaction=True)
FEED = "https://busy.example/feed.xml"
HOST = "busy.example"


@pytest.fixture(autouse=True)
def fresh_book():
    yield
    ledger.here.lift(HOST)


def test_a_released_host_is_asked_at_once_though_it_had_wished_for_an_hour(web):
    web[FEED] = Answer(429, headers={"Retry-After": "3600"})
    make_feed(url=FEED)
    refresh_due()
    assert Host.objects.on_hold(database_now()).exists()
    web[FEED] = rss(item("News at last"))
    assert refresh_due().feeds == 0

    assert hosts.release(HOST)

    assert refresh_due().entries_new == 1
    assert not hosts.release(HOST)


def test_a_worker_elsewhere_follows_the_row_when_it_takes_its_next_feeds(web):
    web[FEED] = rss(item("News"))
    make_feed(url=FEED)
    now = database_now()
    Host.objects.create(name=HOST, held_until=now + timedelta(hours=1))
    hosts.recall_holds(now)
    assert HOST in ledger.here.held()
    Host.objects.update(held_until=now - timedelta(seconds=1))  # as another process releases it

    assert refresh_due().entries_new == 1


def test_feeds_that_fail_by_themselves_keep_their_turn_when_their_host_is_released():
    later = database_now() + timedelta(hours=5)
    waiting = make_feed(url=FEED, next_check_at=later)
    make_feed(url="https://busy.example/broken", next_check_at=later, failure_count=4)
    make_feed(url="https://busy.example/paused", next_check_at=later, is_paused=True)
    Host.objects.create(name=HOST, held_until=later)
    hosts.release(HOST)
    assert list(Feed.objects.due(database_now())) == [waiting]
    assert Feed.objects.filter(next_check_at=later).count() == 2
