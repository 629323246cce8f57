"""What counts as a change of an item, and what a change may not touch."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from feeds.attempts import Attempt
from feeds.clock import database_now
from feeds.ingestion import Refreshed, refresh_due
from feeds.items import FeedItem
from feeds.models import Entry, Feed
from feeds.parsing import parse_feed
from feeds.reading import record_readings
from feeds.storing import store_entries
from tests.documents import item, rss
from tests.factories import make_feed

FEED = "https://paper.example/feed.xml"


def hash_of(title: str = "Old lock closes", description: str = "", content: str = "", url: str = "") -> str:
    return FeedItem("1", title, url, None, None, "", description, content, (), None).said


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Posted 3 min ago. The lock closes.", "Posted 2 hours ago. The lock closes."),
        ("Vor 3 Minuten. Die Schleuse", "Vor 15 Minuten. Die Schleuse"),
        ("il y a 5 minutes – l'écluse", "il y a 12 heures – l'écluse"),
        ("Hace 5 minutos", "Hace 2 horas"),
        ("5 минут назад", "18 минут назад"),
        ("船闸 3分钟前", "船闸 12小时前"),
        ("The lock closes. 12 comments", "The lock closes. 1,345 comments"),
        ("1.2K views · The lock", "3K views · The lock"),
        ("Points: 12 # Comments: 4", "Points: 90 # Comments: 31"),
        ("Comments (4)", "Comments (17)"),
        ("The lock https://t.example/?s=1 closes", "The lock https://t.example/?s=2 closes"),
        ("The lock\n closes", "The lock closes"),
    ],
)
def test_ages_and_counts_of_readers_are_no_change(before, after):
    assert hash_of(description=before) == hash_of(description=after)
    assert hash_of(content=f"<p>{before}</p>") == hash_of(content=f"<p>{after}</p>")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("12 dead at the lock", "19 dead at the lock"),
        ("The strike of 3 hours", "The strike of 4 hours"),
        ("Norland won by 12 points", "Norland won by 14 points"),
        ("It has 12 gates", "It has no gates"),
        ("5 < 6 and so on", "5 < 7 and so on"),
    ],
)
def test_other_words_and_numbers_are_a_change(before, after):
    assert hash_of(description=before) != hash_of(description=after)
    assert hash_of(title=before) != hash_of(title=after)


def test_scripts_and_tracking_are_no_change_and_another_page_is_one():
    assert hash_of(content="<p>A</p><script>var n = 1;</script>") == hash_of(
        content="<p>A</p><script>var n = 2;</script>"
    )
    assert hash_of(url="https://x.example/1?utm_source=a") == hash_of(url="http://x.example/1#top")
    assert hash_of(url="https://x.example/1?id=1") != hash_of(url="https://x.example/1?id=2")


@pytest.mark.parametrize("part", ["<", "<script ", "1,", "1 ", "vor 1 ", "http", "9" * 20, "comments: 1", "3 min "])
def test_a_hostile_text_takes_no_longer_than_its_length_asks(part):
    begin = time.process_time()
    hash_of(description=part * (400_000 // len(part)), content=part * (400_000 // len(part)))
    assert time.process_time() - begin < 1


def poll(web, *items: str) -> Refreshed:
    web[FEED] = rss(*items)
    Feed.objects.filter(url=FEED).exists() or make_feed(url=FEED)
    Feed.objects.active().check_now(database_now())
    return refresh_due()


def published(**ago) -> Entry:
    """The one entry, published, seen and read so long ago."""
    moment = database_now() - timedelta(**ago)
    Entry.objects.update(state="published", seen_at=moment, read_after=moment, attempts=1)
    return Entry.objects.get()


@pytest.mark.django_db
def test_the_page_of_a_changed_item_is_read_again_after_a_while(web):
    poll(web, item("Talks begin"))
    published(hours=2)

    poll(web, item("Talks fail"))

    entry = Entry.objects.get()
    assert (entry.state, entry.attempts, entry.title) == ("new", 0, "Talks fail")


@pytest.mark.django_db
def test_soon_after_the_last_reading_a_change_is_published_without_its_page(web):
    poll(web, item("Talks begin"))
    published(minutes=20)
    poll(web, item("Talks fail"))
    assert Entry.objects.get().state == "ready"


@pytest.mark.django_db
def test_an_item_that_changes_at_every_look_is_read_ever_more_seldom(web):
    poll(web, item("Live", description="Start"))
    published(days=8)
    Entry.objects.update(read_after=database_now() - timedelta(days=3))
    poll(web, item("Live", description="Goal"))
    assert Entry.objects.get().state == "ready"


@pytest.mark.django_db
def test_a_changed_item_whose_page_waits_or_is_read_already_goes_on_where_it_was(web):
    poll(web, item("Talks begin"))
    for state in ("new", "ready"):
        published(hours=2)
        Entry.objects.update(state=state, page={"text": "kept"})
        poll(web, item(f"Talks {state}"))
        entry = Entry.objects.get()
        assert (entry.state, entry.page, entry.title) == (state, {"text": "kept"}, f"Talks {state}")


@pytest.mark.django_db
def test_an_item_that_left_the_site_is_not_brought_back_by_its_feed(web):
    poll(web, item("Talks begin"))
    Entry.objects.all().bury()

    assert poll(web, item("Talks fail")).entries_new == 0

    entry = Entry.objects.get()
    assert (entry.state, entry.title) == ("gone", "")


@pytest.mark.django_db
def test_an_item_that_leaves_its_feed_is_left_alone(web):
    poll(web, item("One", guid="1"), item("Two", link="https://paper.example/news/2", guid="2"))
    before = set(Entry.objects.values_list("pk", "title", "state", "content_hash", "published_at"))
    poll(web, item("Two", link="https://paper.example/news/2", guid="2"))
    poll(web)
    assert set(Entry.objects.values_list("pk", "title", "state", "content_hash", "published_at")) == before


@pytest.mark.django_db
def test_beside_news_what_is_stored_just_so_is_neither_written_nor_locked(web):
    old = item("One", guid="1"), item("Two", link="https://paper.example/news/2", guid="2")
    poll(web, *old)

    assert poll(web, item("Three", link="https://paper.example/news/3", guid="3"), *old).entries_new == 1

    with connection.cursor() as cursor:
        cursor.execute("SELECT identity, xmax::text FROM feeds_entry ORDER BY identity")
        assert cursor.fetchall() == [("1", "0"), ("2", "0"), ("3", "0")]
    assert list(Entry.objects.order_by("pk").values_list("identity", flat=True)) == ["1", "2", "3"]


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-3, 0.5, 30])
def test_the_date_of_an_item_is_as_first_told_whatever_its_feed_says_later(web, days):
    now = database_now()
    poll(web, item("Talks begin", published_at=now - timedelta(hours=1)))
    first = Entry.objects.get().published_at
    poll(web, item("Talks fail", published_at=now + timedelta(days=days)))
    poll(web, item("Talks end"))
    assert Entry.objects.get().published_at == first


@pytest.mark.django_db
@pytest.mark.parametrize("published_at", [None, timedelta(days=400)])
def test_an_item_without_a_date_or_with_one_to_come_has_the_time_of_first_sight_for_ever(web, published_at):
    moment = published_at and database_now() + published_at
    poll(web, item("Talks begin", published_at=moment))
    entry = Entry.objects.get()
    assert timedelta(0) <= entry.published_at - entry.seen_at <= timedelta(minutes=5)
    poll(web, item("Talks fail", published_at=moment))
    assert Entry.objects.get().published_at == entry.published_at


@pytest.mark.django_db(transaction=True)
def test_a_feed_is_stored_while_its_pages_are_recorded_and_neither_waits_for_the_other_in_a_circle(web):
    links = [f"https://paper.example/{n}" for n in range(40)]
    poll(web, *(item(f"News {n}", link=link, guid=f"guid-{n}") for n, link in enumerate(links)))
    entries = list(Entry.objects.order_by("-identity"))
    feed, now = Feed.objects.get(), database_now()
    failed: list[Exception] = []

    def repeat(work: Callable[[int], object]) -> None:
        try:
            for number in range(60):
                with transaction.atomic():
                    work(number)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    def store(number: int) -> None:
        items = (item(f"News {n}, {number}", link=link, guid=f"guid-{n}") for n, link in enumerate(links))
        store_entries([Attempt(feed, parsed=parse_feed(rss(*items), url=FEED, now=now))], now)

    workers = [
        threading.Thread(target=repeat, args=(work,)) for work in (store, lambda number: record_readings(entries))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
