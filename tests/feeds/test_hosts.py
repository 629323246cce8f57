"""Hosts that asked to be left alone, and hosts that have much: what is leased, and what is not."""

import threading
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection

from aggregator import pictures
from feeds import ingestion
from feeds.clock import database_now
from feeds.manners import hosts
from feeds.models import Entry, Feed, Host
from feeds.net.holds import Hold
from tests.documents import item, rss
from tests.factories import make_article, make_entry, make_feed
from tests.web import Answer

pytestmark = pytest.mark.django_db
BUSY = "https://busy.example"


def hold(seconds: int = 600, *, is_asked: bool = False, host: str = "busy.example") -> Host:
    hosts.hold(Hold(host, seconds, "It asked for rest.", is_asked), database_now())
    return Host.objects.get(name=host)


def rest_of(host: Host) -> float:
    assert host.held_until
    return (host.held_until - database_now()).total_seconds()


def lease_feeds(limit: int = 200) -> list[Feed]:
    now = database_now()
    return Feed.objects.due(now).lease(limit, until=now + timedelta(minutes=3))


def lease_entries(limit: int = 200) -> list[Entry]:
    now = database_now()
    return Entry.objects.unread(now).lease_for_reading(limit, until=now + timedelta(minutes=3))


def end_hold() -> None:
    Host.objects.update(held_until=database_now() - timedelta(seconds=1))


def test_one_feed_that_is_asked_too_often_puts_its_whole_host_on_hold(web):
    web[f"{BUSY}/1"] = Answer(429, headers={"Retry-After": "3600"})
    web[f"{BUSY}/2"] = web["https://well.example/rss"] = rss(item())
    first = make_feed(url=f"{BUSY}/1")
    ingestion.refresh_due()
    make_feed(url=f"{BUSY}/2")
    make_feed(url="https://well.example/rss")

    assert ingestion.refresh_due().feeds == 1

    assert web.asked_for(f"{BUSY}/2") == []
    host = Host.objects.get()
    assert (host.name, "429" in host.hold_reason) == ("busy.example", True)
    assert 3590 <= rest_of(host) <= 3600
    first.refresh_from_db()
    assert (first.failure_count, "429" in first.records.get().error) == (0, True)
    assert first.next_check_at - database_now() > timedelta(minutes=50)


def test_a_server_under_repair_that_says_for_how_long_is_on_hold_and_one_that_does_not_is_not(web):
    web[f"{BUSY}/1"] = Answer(503, headers={"Retry-After": "120"})
    web["https://broken.example/1"] = Answer(503)
    make_feed(url=f"{BUSY}/1")
    broken = make_feed(url="https://broken.example/1")

    ingestion.refresh_due()

    assert list(Host.objects.values_list("name", flat=True)) == ["busy.example"]
    broken.refresh_from_db()
    assert broken.failure_count == 1


def test_nothing_of_a_host_on_hold_is_leased_and_all_of_it_when_the_hold_ends():
    make_feed(url=f"{BUSY}/rss")
    make_entry(url=f"{BUSY}/page", feed=make_feed(next_check_at=database_now() + timedelta(hours=1)))
    make_article(picture_url=f"{BUSY}/picture.jpg", picture_after=database_now())
    hold()

    assert (lease_feeds(), lease_entries(), pictures.lease(9)) == ([], [], [])

    end_hold()
    assert [len(lease_feeds()), len(lease_entries()), len(pictures.lease(9))] == [1, 1, 1]


def test_a_wiped_redis_forgets_no_hold_even_for_who_is_sent_on_to_the_host(web):
    hold()
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
    web["https://well.example/rss"] = Answer(302, headers={"Location": f"{BUSY}/rss"})
    web[f"{BUSY}/rss"] = rss(item())
    make_feed(url=f"{BUSY}/rss")
    sent_on = make_feed(url="https://well.example/rss")

    ingestion.refresh_due()

    assert web.asked_for(f"{BUSY}/rss") == []
    sent_on.refresh_from_db()
    assert (sent_on.failure_count, sent_on.leased_until) == (0, None)
    assert sent_on.next_check_at - database_now() > timedelta(minutes=9)


def test_a_host_that_does_not_say_how_long_rests_twice_as_long_each_time_it_asks_again_soon():
    rests = []
    for _ in range(3):
        rests.append(round(rest_of(hold()), -1))
        end_hold()
    assert rests == [600, 1200, 2400]

    Host.objects.update(held_until=database_now() - 2 * hosts.SOON)
    assert round(rest_of(hold()), -1) == 600


def test_a_host_that_says_how_long_rests_so_long_and_never_longer_than_a_day():
    assert round(rest_of(hold(30, is_asked=True))) == 30
    end_hold()
    assert round(rest_of(hold(30, is_asked=True))) == 30
    end_hold()
    assert round(rest_of(hold(10**6, is_asked=True))) == 86_400


def test_a_hold_is_never_shortened_by_another():
    hold(3600, is_asked=True)
    assert rest_of(hold(60, is_asked=True)) > 3500


def test_a_host_with_hundreds_of_feeds_leaves_room_for_one_with_a_single_feed():
    long_ago = database_now() - timedelta(hours=1)
    source = make_feed(url="https://single.example/rss", next_check_at=database_now()).source
    Feed.objects.bulk_create(
        Feed(source=source, url=f"https://many.example/{n}", next_check_at=long_ago) for n in range(400)
    )

    leased = lease_feeds()

    assert [feed.host for feed in leased].count("many.example") == 20
    assert "single.example" in {feed.host for feed in leased}
    assert lease_feeds() == []  # of each host so many at a time, to all workers together


def test_a_host_with_thousands_of_rows_at_the_front_does_not_hide_the_others(monkeypatch):
    monkeypatch.setattr("feeds.manners.fairness.FRONT", 50)
    long_ago = database_now() - timedelta(hours=1)
    source = make_feed(url="https://single.example/rss", next_check_at=database_now()).source
    Feed.objects.bulk_create(
        Feed(source=source, url=f"https://many{n % 2}.example/{n}", next_check_at=long_ago) for n in range(400)
    )
    assert "single.example" in {feed.host for feed in lease_feeds()}


def test_pages_and_pictures_are_shared_out_among_hosts_the_newest_first():
    feed = make_feed()
    for n in range(30):
        newest = database_now() - timedelta(minutes=n)
        make_entry(feed=feed, url=f"https://many.example/{n}", published_at=newest)
        make_article(picture_url=f"https://many.example/{n}.jpg", picture_after=database_now(), published_at=newest)
    make_entry(feed=feed, url="https://single.example/1")
    make_article(picture_url="https://single.example/1.jpg", picture_after=database_now(), minutes_ago=90)

    pages, shots = lease_entries(), pictures.lease(60)

    assert [page.url for page in pages] == [
        *(f"https://many.example/{n}" for n in range(10)),
        "https://single.example/1",
    ]
    assert [shot.picture_url.rpartition("/")[2] for shot in shots] == [*(f"{n}.jpg" for n in range(10)), "1.jpg"]


@pytest.mark.django_db(transaction=True)
def test_workers_that_lease_at_the_same_moment_never_get_the_same_rows_and_none_goes_without():
    source = make_feed(next_check_at=database_now() + timedelta(hours=1)).source
    Feed.objects.bulk_create(Feed(source=source, url=f"https://paper{n}.example/rss") for n in range(400))
    leased: list[list[int]] = []
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        leased.append([feed.pk for feed in lease_feeds(100)])
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(pks) for pks in leased] == [100] * 4
    assert len({pk for pks in leased for pk in pks}) == 400


def test_a_slow_server_keeps_nobody_waiting_who_comes_due_meanwhile(web):
    web["https://slow.example/rss"] = Answer(body=rss(item(guid="slow")), delay=4)
    web["https://quick.example/rss"] = rss(item(guid="quick"))
    make_feed(url="https://slow.example/rss")
    quick = make_feed(url="https://quick.example/rss", next_check_at=database_now() + timedelta(seconds=1))

    report = ingestion.keep_refreshing(seconds=10)

    assert report.entries_new == 2
    quick.refresh_from_db()
    slow = Feed.objects.get(url="https://slow.example/rss")
    assert quick.checked_at < slow.checked_at - timedelta(seconds=1)
