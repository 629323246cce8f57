"""Pages are read no sooner than their hosts wish: delays, rests, servers that keep us waiting."""

import asyncio
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from feeds import ingestion, reading
from feeds.clock import database_now
from feeds.fetching import open_fetcher
from feeds.manners.permission import Permissions
from feeds.models import Entry, Host
from tests.documents import item, page, rss
from tests.factories import make_feed, make_source
from tests.feeds.waiting_pages import (
    PAGE,
    ROBOTS,
    SITE,
    read,
    wait_for_page,
)
from tests.web import Answer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "of_source", "gap"),
    [("0.4", None, 0.4), ("0.1", 1, 1.0), ("600", None, 60.0), ("2", 1, 2.0), ("", 1, 1.0)],
)
def test_the_longer_of_the_delays_that_host_and_curator_wish_is_kept(web, said, of_source, gap):
    web[ROBOTS] = f"User-agent: *\nCrawl-delay: {said}\n"
    permissions = Permissions([PAGE], what="page")

    async def ask() -> float:
        async with open_fetcher() as fetcher:
            return await permissions.at(fetcher, delay_seconds=of_source)(PAGE)

    assert asyncio.run(ask()) == gap


def test_pages_of_a_host_that_asks_for_a_delay_are_read_that_far_apart(web):
    web[ROBOTS] = "User-agent: *\nCrawl-delay: 0.5\n"
    for number in range(4):
        web[f"{SITE}/news/{number}"] = page()
        wait_for_page(f"{SITE}/news/{number}")

    reading.read_due_pages()

    times = [request.at for request in web.requests if "/news/" in request.url]
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(times))
    assert len(times) == 4


def test_a_curators_delay_for_a_source_is_kept(web):
    feed = make_feed(source=make_source(crawl_delay_seconds=1))
    for number in range(2):
        web[f"{SITE}/news/{number}"] = page()
        wait_for_page(f"{SITE}/news/{number}", feed=feed)

    reading.read_due_pages()

    first, second = (request.at for request in web.requests if "/news/" in request.url)
    assert second - first >= 1


def test_a_page_whose_turn_comes_too_late_waits_without_losing_an_attempt(web, monkeypatch):
    web[ROBOTS] = "User-agent: *\nCrawl-delay: 60\n"
    for number in range(4):
        web[f"{SITE}/news/{number}"] = page()
        wait_for_page(f"{SITE}/news/{number}")

    monkeypatch.setattr(reading, "open_fetcher", partial(open_fetcher, patience_seconds=0.5))

    reading.read_due_pages()

    waiting = Entry.objects.filter(state="new")
    assert (Entry.objects.filter(state="ready", read_error="").count(), waiting.count()) == (1, 3)
    assert {entry.attempts for entry in waiting} == {0}
    assert all(entry.read_after > database_now() for entry in waiting)


def test_a_host_that_asks_for_rest_gets_it_and_its_pages_lose_no_attempt(web):
    web[PAGE] = Answer(429, {"Retry-After": "600"})
    wait_for_page()

    entry = read()

    assert (entry.state, entry.attempts) == ("new", 0)
    assert timedelta(minutes=9) < entry.read_after - database_now() <= timedelta(minutes=10)


def test_a_host_that_asks_for_a_day_of_rest_costs_its_news_no_day(web):
    web[PAGE] = Answer(429, {"Retry-After": "86400"})
    wait_for_page()
    entry = read()
    assert (entry.state, entry.page) == ("ready", None)
    assert "We do not wait for it" in entry.read_error


def test_news_of_a_host_that_is_on_hold_for_a_day_is_published_without_its_page(web):
    now = database_now()
    for name, hours in (("long.example", 24), ("short.example", 0.2)):
        Host.objects.create(name=name, held_until=now + timedelta(hours=hours))
        wait_for_page(f"https://{name}/a")

    assert reading.read_due_pages() == 0

    assert dict(Entry.objects.values_list("host", "state")) == {"long.example": "ready", "short.example": "new"}
    assert "left alone for longer than news keeps" in Entry.objects.get(state="ready").read_error
    assert not web.requests


def test_feeds_are_polled_although_robots_txt_closes_them_but_not_closer_together_than_it_asks(web):
    web[ROBOTS] = "User-agent: *\nDisallow: /\nCrawl-delay: 0.5\n"
    wait_for_page(feed=make_feed(is_paused=True))
    reading.read_due_pages()
    feeds = [f"{SITE}/{name}.xml" for name in ("one", "two", "three")]
    for url in feeds:
        web[url] = rss(item(guid=url))
        make_feed(url=url)

    assert ingestion.refresh_due().failed == 0

    times = sorted(web.asked_for(url)[0].at for url in feeds)
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(times))


def test_a_server_that_keeps_us_waiting_keeps_no_other_page_from_being_read(web):
    slow = "https://slow.example/a"
    web[slow] = Answer(body=page(), delay=8)
    wait_for_page(slow)
    others = [f"https://paper{number}.example/a" for number in range(reading.PAGES_PER_BATCH + 30)]
    for url in others:
        web[url] = Answer(410)
        wait_for_page(url)

    assert reading.keep_reading(seconds=10) == len(others) + 1

    answered_at = web.asked_for(slow)[0].at + 8
    assert all(web.asked_for(url)[0].at < answered_at for url in others)
    assert not Entry.objects.filter(state="new").exists()
