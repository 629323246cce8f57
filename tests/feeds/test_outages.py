"""Our own line is down, or publishers are: who is punished for silence."""

from datetime import timedelta

import pytest
import structlog
from structlog.testing import capture_logs

from feeds import ingestion, reading
from feeds.clock import database_now
from feeds.manners import outages
from feeds.models import Entry, Feed, FetchRecord
from tests.documents import item, rss
from tests.factories import make_entry, make_feed
from tests.web import Answer, bomb

pytestmark = pytest.mark.django_db
MANY = outages.SILENT_HOSTS


def make_silent_feeds(count: int) -> None:
    """Feeds of hosts without any page, which hang up."""
    for n in range(count):
        make_feed(url=f"https://silent{n}.example/rss")


def note_answer(*, minutes_ago: float) -> None:
    """Some feed was answered so long ago, well or not."""
    at = database_now() - timedelta(minutes=minutes_ago)
    feed = make_feed(next_check_at=database_now() + timedelta(hours=1))
    FetchRecord.objects.create(feed=feed, at=at, status=404)


def punished() -> int:
    return Feed.objects.filter(failure_count=1).count()


def test_when_nobody_at_all_answers_it_is_our_own_line_and_no_feed_is_punished(web):
    make_silent_feeds(MANY)

    ingestion.refresh_due()

    for feed in Feed.objects.all():
        assert feed.failure_count == 0
        assert feed.next_check_at - feed.checked_at <= timedelta(minutes=2)
        assert "our own connection" in feed.last_error


def test_an_outage_is_found_out_over_passes_that_are_small_each_and_the_first_are_forgiven_too(web):
    note_answer(minutes_ago=5)
    make_silent_feeds(MANY)
    punished_after = []

    for _ in range(MANY // 2):
        ingestion.refresh_due(2)
        punished_after.append(punished())

    assert punished_after == [2, 4, 6, 8, 0]


def test_a_site_of_three_publishers_knows_an_outage_too_when_all_are_silent(web):
    make_silent_feeds(3)
    ingestion.refresh_due()
    assert punished() == 0


def test_two_silent_publishers_may_both_have_died(web):
    make_silent_feeds(2)
    ingestion.refresh_due()
    assert punished() == 2


def test_many_silent_feeds_of_one_host_are_that_hosts_fault(web):
    for n in range(MANY):
        make_feed(url=f"https://silent.example/{n}")
    note_answer(minutes_ago=5)

    ingestion.refresh_due()

    assert punished() == MANY


def test_one_answer_among_many_silences_says_that_our_line_is_well(web):
    web["https://good.example/rss"] = rss(item(link="https://good.example/1"))
    make_feed(url="https://good.example/rss")
    make_silent_feeds(MANY)

    ingestion.refresh_due()

    assert punished() == MANY


def test_dead_feeds_that_come_due_together_are_no_outage_while_others_answer(web):
    note_answer(minutes_ago=1)
    make_silent_feeds(MANY)

    ingestion.refresh_due()

    assert punished() == MANY


def test_who_was_asked_before_the_last_answer_came_is_no_witness(web):
    make_silent_feeds(MANY)
    at = database_now() - timedelta(minutes=5) + timedelta(seconds=10)
    note_answer(minutes_ago=5)
    for feed in Feed.objects.filter(url__contains="silent"):  # given up after the answer, asked before it
        FetchRecord.objects.create(feed=feed, at=at, status=None, milliseconds=10_100)

    assert outages.silent_since_last_answer() == {}


def test_answers_that_are_no_good_are_no_silence(web):
    for n in range(MANY):
        url = f"https://bad{n}.example/rss"
        web[url] = Answer(body=rss(item()), cut=40) if n % 2 else bomb("gzip", 20)
        make_feed(url=url)

    ingestion.refresh_due()

    assert punished() == MANY


def test_a_host_on_hold_is_no_silence(web):
    web["https://busy.example/rss"] = Answer(429)
    make_feed(url="https://busy.example/rss")
    make_silent_feeds(MANY)

    ingestion.refresh_due()

    assert punished() == MANY


def test_a_page_loses_no_attempt_to_an_outage_of_our_own(web):
    web["https://paper.example/robots.txt"] = Answer(404)
    entry = make_entry(url="https://paper.example/1", attempts=2)
    reading.read_due_pages()  # what robots.txt and reservations say is known from here on
    web.clear()
    note_answer(minutes_ago=5)
    make_silent_feeds(MANY)
    ingestion.refresh_due()
    Entry.objects.filter(pk=entry.pk).update(state="new", attempts=2, read_after=database_now(), seen_at=database_now())

    reading.read_due_pages()

    entry.refresh_from_db()
    assert (entry.state, entry.attempts) == ("new", 2)
    assert "our own connection" in entry.read_error


def test_a_silent_page_of_a_well_line_is_given_up_after_its_attempts(web):
    web["https://paper.example/robots.txt"] = Answer(404)
    entry = make_entry(url="https://paper.example/1")
    reading.read_due_pages()
    web.clear()
    note_answer(minutes_ago=1)
    Entry.objects.filter(pk=entry.pk).update(state="new", attempts=2, read_after=database_now(), seen_at=database_now())

    reading.read_due_pages()

    entry.refresh_from_db()
    assert (entry.state, entry.attempts) == ("ready", 3)


def test_whoever_watches_the_terminal_is_told_once_that_there_is_no_internet_and_once_that_it_is_back(web, monkeypatch):
    monkeypatch.setattr(outages, "log", structlog.get_logger())
    monkeypatch.setattr(outages.line, "is_down", False)
    make_silent_feeds(MANY)
    with capture_logs() as logs:
        for _ in range(3):
            Feed.objects.all().check_now(database_now())
            ingestion.refresh_due()
        web["https://silent0.example/rss"] = rss(item())
        for _ in range(2):
            Feed.objects.all().check_now(database_now())
            ingestion.refresh_due()

    assert [log["for_terminal"] for log in logs if "for_terminal" in log] == [outages.DOWN, outages.UP]


def test_publishers_that_answer_say_nothing_to_the_terminal(web, monkeypatch):
    monkeypatch.setattr(outages, "log", structlog.get_logger())
    monkeypatch.setattr(outages.line, "is_down", False)
    web["https://paper.example/rss"] = rss(item())
    make_feed(url="https://paper.example/rss")
    make_silent_feeds(2)
    with capture_logs() as logs:
        ingestion.refresh_due()

    assert not any("for_terminal" in log for log in logs)
