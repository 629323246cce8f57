"""From feeds that are due to entries that are ready."""

import threading
from datetime import timedelta

import pytest

from feeds import ingestion, reading, sandbox
from feeds.clock import database_now
from feeds.errors import SandboxError
from feeds.models import Entry, Feed
from tests.documents import item, page, rss
from tests.factories import make_feed
from tests.web import Answer, bomb

pytestmark = pytest.mark.django_db
FEED = "https://paper.example/feed.xml"


def refresh_again() -> ingestion.Refreshed:
    """Look at every feed once more, due or not."""
    Feed.objects.active().check_now(database_now())
    return ingestion.refresh_due()


def read_pages_again() -> int:
    Entry.objects.update(read_after=database_now(), leased_until=None)
    return reading.read_due_pages()


def test_the_items_of_a_due_feed_become_entries(web):
    web[FEED] = rss(item("One", guid="1"), item("Two", link="https://paper.example/news/2", guid="2"))
    make_feed(url=FEED)

    report = ingestion.refresh_due()

    assert (report.feeds, report.failed, report.entries_new) == (1, 0, 2)
    assert set(Entry.objects.values_list("title", "state")) == {("One", "new"), ("Two", "new")}
    feed = Feed.objects.get()
    assert (feed.title, feed.failure_count, feed.leased_until) == ("The Paper", 0, None)
    assert feed.next_check_at > feed.checked_at


def test_a_feed_that_says_nothing_changed_is_asked_conditionally_and_left_alone(web):
    web[FEED] = rss(item())
    make_feed(url=FEED)
    ingestion.refresh_due()

    report = refresh_again()

    assert (report.unchanged, report.entries_new) == (1, 0)
    assert "if-none-match" in web.asked_for(FEED)[1].headers
    assert Entry.objects.count() == 1


def test_a_server_without_validators_that_sends_the_same_bytes_counts_as_unchanged(web):
    web[FEED] = Answer(body=rss(item()))
    make_feed(url=FEED)
    ingestion.refresh_due()
    assert refresh_again().unchanged == 1


def test_new_items_are_added_and_old_ones_stay_when_they_leave_the_feed(web):
    web[FEED] = rss(item("One", guid="1"))
    make_feed(url=FEED)
    ingestion.refresh_due()
    web[FEED] = rss(item("Two", guid="2"))

    assert refresh_again().entries_new == 1
    assert set(Entry.objects.values_list("title", flat=True)) == {"One", "Two"}


def test_an_item_with_a_new_headline_is_the_same_entry_ready_to_be_published_again(web):
    web[FEED] = rss(item("Talks begin", guid="1"))
    make_feed(url=FEED)
    ingestion.refresh_due()
    entry = Entry.objects.get()
    Entry.objects.all().mark_published()
    first_told = entry.published_at
    web[FEED] = rss(item("Talks fail", guid="1"))

    assert refresh_again().entries_new == 0

    entry = Entry.objects.get()
    assert (entry.title, entry.state, entry.published_at) == ("Talks fail", "ready", first_told)


def test_markup_that_changes_around_the_same_words_is_no_change(web):
    content = (
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[{}]]></content:encoded>"
    )
    web[FEED] = rss(item(guid="1", extra=content.format("<p data-ad='1'>Words</p>")))
    make_feed(url=FEED)
    ingestion.refresh_due()
    Entry.objects.all().mark_published()
    web[FEED] = rss(item(guid="1", extra=content.format("<p data-ad='2'>Words</p>")))
    refresh_again()
    assert Entry.objects.get().state == "published"


def test_an_item_without_a_link_is_ready_at_once_for_there_is_no_page_to_read(web):
    web[FEED] = rss(item("No link", link=None, guid="1"))
    make_feed(url=FEED)
    ingestion.refresh_due()
    assert Entry.objects.get().state == "ready"


@pytest.mark.parametrize(
    ("days", "expected"), [(30, timedelta(minutes=5)), (-30, timedelta(days=-30)), (-9000, timedelta(days=-3650))]
)
def test_an_impossible_date_is_brought_back_to_the_possible(web, days, expected):
    told_at = (database_now() + timedelta(days=days)).replace(microsecond=0)
    web[FEED] = rss(item(published_at=told_at))
    make_feed(url=FEED)
    ingestion.refresh_due()
    entry = Entry.objects.get()
    assert abs(entry.published_at - entry.seen_at - expected) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(404), "404"),
        (Answer(500), "500"),
        (Answer(body=b""), "empty"),
        (Answer(body=b"<!doctype html><html><body><p>Subscribe!</p></body></html>"), "web page"),
        (Answer(body=b'{"detail": "no"}'), "JSON"),
        (Answer(body=rss(item()), cut=40), ""),
        (bomb("gzip"), "larger than"),
        (Answer(body=b"<rss><channel>" + b" " * 100_000, is_endless=True), "larger than"),
    ],
)
def test_a_feed_that_fails_says_why_on_its_row_and_costs_no_other_feed(web, answer, sentence):
    web[FEED] = answer
    web["https://good.example/rss"] = rss(item("Good news", link="https://good.example/1"))
    bad = make_feed(url=FEED)
    make_feed(url="https://good.example/rss")

    report = ingestion.refresh_due()

    assert (report.feeds, report.failed) == (2, 1)
    bad.refresh_from_db()
    assert bad.failure_count == 1
    assert sentence in bad.last_error
    assert bad.last_error.endswith(".")
    assert list(Entry.objects.values_list("title", flat=True)) == ["Good news"]


def test_each_failure_makes_the_next_look_later_and_a_success_forgets_them(web):
    web[FEED] = Answer(503)
    make_feed(url=FEED)
    waits = []
    for _ in range(3):
        refresh_again()
        feed = Feed.objects.get()
        waits.append(feed.next_check_at - feed.checked_at)
    assert waits[0] < waits[1] < waits[2]

    web[FEED] = rss(item())
    refresh_again()
    feed = Feed.objects.get()
    assert (feed.failure_count, feed.last_error) == (0, "")


def test_a_server_that_asks_for_an_hour_of_rest_gets_it(web):
    web[FEED] = Answer(429, {"Retry-After": "3600"})
    make_feed(url=FEED)
    ingestion.refresh_due()
    assert Feed.objects.get().next_check_at - database_now() >= timedelta(minutes=59)


def test_reading_goes_on_when_the_limited_processes_are_killed_in_the_middle(web):
    links = [f"https://paper{n}.example/1" for n in range(12)]
    web[FEED] = rss(*(item(f"News {n}", link=link, guid=str(n)) for n, link in enumerate(links)))
    for n, link in enumerate(links):
        web[link] = page(f"News {n}", *["A long report on the harbour council and its old lock. " * 40] * 200)
    make_feed(url=FEED)
    ingestion.refresh_due()
    is_over = threading.Event()
    killed = []

    def kill_readers() -> None:
        while not is_over.wait(0.3):
            for child in list(sandbox.sandbox()._children):
                child._process.kill()
                killed.append(child)

    killer = threading.Thread(target=kill_readers)
    killer.start()
    read_pages_again()
    is_over.set()
    killer.join()
    while Entry.objects.filter(state="new").exists():
        read_pages_again()

    assert killed
    ready = Entry.objects.filter(state="ready", read_error="")
    assert all("harbour council" in entry.page["text"] for entry in ready)
    assert ready.count() == len(links)


def test_a_paused_feed_or_source_is_not_asked(web):
    web[FEED] = rss(item())
    make_feed(url=FEED, is_paused=True)
    other = make_feed(url="https://other.example/rss")
    other.source.is_paused = True
    other.source.save()
    assert ingestion.refresh_due().feeds == 0
    assert web.requests == []


def test_a_leased_feed_is_nobody_elses_until_its_lease_ends():
    feed = make_feed(url=FEED)
    now = database_now()
    until = now + timedelta(minutes=3)
    assert Feed.objects.due(now).lease(10, until=until) == [feed]
    assert Feed.objects.due(now).lease(10, until=until) == []
    assert Feed.objects.due(until + timedelta(seconds=1)).lease(10, until=until) == [feed]


def test_a_worker_that_lost_its_lease_does_not_overwrite_what_the_next_one_wrote(web):
    web[FEED] = rss(item())
    make_feed(url=FEED)
    now = database_now()
    [late] = Feed.objects.due(now).lease(1, until=now)
    refresh_again()
    checked_at = Feed.objects.get().checked_at

    ingestion.refresh([late])

    assert Feed.objects.get().checked_at == checked_at
    assert Entry.objects.count() == 1


def test_the_page_of_a_new_entry_is_read_and_the_entry_is_ready(web):
    web[FEED] = rss(item("A headline", link="https://paper.example/news/1"))
    web["https://paper.example/news/1"] = page("A headline")
    make_feed(url=FEED)
    ingestion.refresh_due()

    assert reading.read_due_pages() == 1

    entry = Entry.objects.get()
    assert (entry.state, entry.read_error) == ("ready", "")
    assert "harbour council" in entry.page["text"]
    assert "All rights reserved" not in entry.page["text"]


def test_a_page_whose_server_forbids_snippets_is_shown_by_headline_only(web):
    web[FEED] = rss(item())
    web["https://paper.example/news/1"] = Answer(body=page(), headers={"X-Robots-Tag": "nosnippet"})
    make_feed(url=FEED)
    ingestion.refresh_due()
    reading.read_due_pages()
    assert Entry.objects.get().page["display"] == "headline"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [(Answer(404), "404"), (Answer(body=b"%PDF-1.7 ...", headers={"Content-Type": "application/pdf"}), "PDF")],
)
def test_a_page_that_can_not_be_read_leaves_the_entry_ready_with_what_the_feed_gave(web, answer, sentence):
    web[FEED] = rss(item())
    web["https://paper.example/news/1"] = answer
    make_feed(url=FEED)
    ingestion.refresh_due()

    reading.read_due_pages()

    entry = Entry.objects.get()
    assert (entry.state, entry.page) == ("ready", None)
    assert sentence in entry.read_error


def test_a_page_that_is_away_is_tried_three_times_then_the_entry_goes_on_without_it(web):
    web[FEED] = rss(item())
    web["https://paper.example/news/1"] = Answer(503)
    make_feed(url=FEED)
    ingestion.refresh_due()

    states = []
    for _ in range(3):
        read_pages_again()
        states.append(Entry.objects.get().state)

    assert states == ["new", "new", "ready"]
    assert "503" in Entry.objects.get().read_error


def test_a_page_whose_limited_process_was_killed_is_read_at_the_next_attempt(web):
    web[FEED] = rss(item("A headline", link="https://paper.example/news/1"))
    web["https://paper.example/news/1"] = page("A headline")
    make_feed(url=FEED)
    ingestion.refresh_due()
    [entry] = Entry.objects.unread(database_now()).lease_for_reading(1, until=database_now())
    killed = reading.Reading(entry, error=SandboxError("Its process was killed."))

    reading.apply_reading(killed, database_now())
    entry.save()
    read_pages_again()

    entry.refresh_from_db()
    assert (entry.state, entry.read_error) == ("ready", "")
    assert "harbour council" in entry.page["text"]


def test_a_page_that_kills_its_reader_each_time_is_given_up():
    feed = make_feed(url=FEED)
    now = database_now()
    Entry.objects.create(
        feed=feed, identity="1", url="https://paper.example/1", title="T", published_at=now, seen_at=now, read_after=now
    )
    for _ in range(Entry.MAX_ATTEMPTS):  # each time the worker dies with the lease in hand
        assert Entry.objects.unread(database_now()).lease_for_reading(1, until=database_now())

    assert reading.read_due_pages() == 0

    entry = Entry.objects.get()
    assert (entry.state, bool(entry.read_error)) == ("ready", True)


def test_a_bug_of_ours_costs_one_feed_and_is_called_our_fault(web, monkeypatch):
    web["https://good.example/rss"] = rss(item("Good", link="https://good.example/1"))
    broken = make_feed(url=FEED)
    make_feed(url="https://good.example/rss")
    as_it_is = ingestion.fetch_and_parse

    async def with_a_bug(feed, fetcher):
        return 1 / 0 if feed == broken else await as_it_is(feed, fetcher)

    monkeypatch.setattr(ingestion, "fetch_and_parse", with_a_bug)

    report = ingestion.refresh_due()

    broken.refresh_from_db()
    assert (report.feeds, report.entries_new, broken.failure_count) == (2, 1, 1)
    assert "our fault" in broken.last_error


def test_entries_are_inserted_in_one_order_so_that_two_workers_do_not_deadlock(web):
    web[FEED] = rss(*(item(guid=guid, link=f"https://paper.example/{guid}") for guid in "bca"))
    web["https://other.example/rss"] = rss(item(guid="d", link="https://other.example/d"))
    feeds = [make_feed(url=FEED), make_feed(url="https://other.example/rss")]

    ingestion.refresh_due()

    stored = list(Entry.objects.order_by("pk").values_list("feed", "identity"))
    of_first = [identity for feed, identity in stored if feed == feeds[0].pk]
    assert of_first == ["a", "b", "c"] and (feeds[1].pk, "d") in stored
