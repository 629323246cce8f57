"""Pushes and polls of the same feeds at the same time, by many workers; and what pushes do to the rhythm of polls."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from feeds import ingestion
from feeds.clock import database_now
from feeds.models import Entry, Feed, FetchRecord, Push, Subscription
from feeds.websub import pushes, subscribing, trust
from tests.documents import item, rss
from tests.factories import make_feed
from tests.hub import HUB

pytestmark = pytest.mark.django_db(transaction=True)

FEED = "https://paper.example/feed.xml"


def look_again() -> None:
    Feed.objects.active().check_now(database_now())
    ingestion.refresh_due()


def wait_of(feed: Feed) -> timedelta:
    """How long after its last look a feed is asked again."""
    feed.refresh_from_db()
    return feed.next_check_at - feed.checked_at


def let_time_pass(**by: float) -> None:
    """Everything that was recorded was so much earlier."""
    for record in FetchRecord.objects.all():
        FetchRecord.objects.filter(pk=record.pk).update(at=record.at - timedelta(**by))
    for entry in Entry.objects.all():
        Entry.objects.filter(pk=entry.pk).update(
            seen_at=entry.seen_at - timedelta(**by), published_at=entry.published_at - timedelta(**by)
        )
    for one in Subscription.objects.all():
        Subscription.objects.filter(pk=one.pk).update(created_at=one.created_at - timedelta(**by))


def test_polls_become_seldom_after_a_push_and_usual_again_after_one_was_missing(web, hub, site):
    web[FEED] = rss(item("One", guid="1"))
    feed = make_feed(url=FEED, hub_url=HUB)
    Feed.objects.update(interval_seconds=900)
    look_again()
    Feed.objects.update(hub_url=HUB)
    usual = wait_of(feed)
    subscribing.keep()
    hub.finish()
    look_again()
    assert wait_of(feed) < usual * 2  # confirmed, but not proven

    hub.distribute(FEED, rss(item("Two", guid="2")))
    while pushes.read_waiting():
        pass
    look_again()
    stretched = wait_of(feed)
    assert stretched > usual * 3

    let_time_pass(minutes=30)
    missed_at = database_now() - timedelta(minutes=10)
    web[FEED] = rss(item("Never pushed", link=f"{FEED}/3", guid="3", published_at=missed_at), item("One", guid="1"))
    look_again()
    assert Feed.objects.get().push_trusted_until
    let_time_pass(minutes=3)  # the hub had its time

    assert trust.withdraw(database_now()) == 1
    assert wait_of(feed) < stretched / 2
    look_again()
    assert wait_of(feed) < stretched / 2


def make_pushes(feeds: int, each: int) -> list[Subscription]:
    subscriptions = []
    for n in range(feeds):
        url = f"https://paper{n}.example/feed.xml"
        feed = make_feed(url=url, hub_url=HUB, next_check_at=database_now() + timedelta(hours=1))
        one = Subscription.objects.create(
            feed=feed, hub_url=HUB, topic_url=url, state="active", expires_at=database_now() + timedelta(days=1)
        )
        subscriptions.append(one)
    for k in range(each):
        for n, one in enumerate(subscriptions):
            page = f"https://paper{n}.example/{k}"
            body = rss(item(f"Version {k}", guid="1"), item(f"News {k}", link=page, guid=f"{n}-{k}"))
            Push.objects.create(subscription=one, body=body, content_type="application/rss+xml")
    return subscriptions


def in_thread(work) -> None:
    try:
        work()
    finally:
        connection.close()


def read_until_empty() -> None:
    while Push.objects.exists():
        pushes.read_waiting(5)


def test_many_workers_read_the_pushes_of_many_feeds_each_once_and_in_order(web):
    make_pushes(feeds=12, each=8)
    with ThreadPoolExecutor(4) as workers:
        for done in [workers.submit(in_thread, read_until_empty) for _ in range(4)]:
            done.result(60)
    assert FetchRecord.objects.filter(is_push=True).count() == 12 * 8
    assert Entry.objects.count() == 12 * (1 + 8)
    versions = Entry.objects.filter(title__startswith="Version").values_list("title", flat=True)
    assert set(versions) == {"Version 7"}


def test_polls_and_pushes_of_the_same_feeds_never_wait_for_each_other_in_a_circle(web):
    make_pushes(feeds=12, each=8)
    for n in range(12):
        web[f"https://paper{n}.example/feed.xml"] = rss(
            item(f"Polled {n}", link=f"https://paper{n}.example/polled", guid="polled")
        )

    def poll() -> None:
        while Push.objects.exists():
            look_again()

    def settle() -> None:
        while Push.objects.exists():
            trust.withdraw(database_now())

    with ThreadPoolExecutor(4) as workers:
        for done in [workers.submit(in_thread, work) for work in (read_until_empty, read_until_empty, poll, settle)]:
            done.result(60)
    look_again()
    assert Entry.objects.filter(title__startswith="News").count() == 12 * 8
    assert Entry.objects.filter(title__startswith="Polled").count() == 12
    assert not Feed.objects.filter(failure_count__gt=0).exists()
