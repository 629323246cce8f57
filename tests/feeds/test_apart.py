"""Rows that the database refuses cost no others."""

from collections.abc import Sequence
from datetime import timedelta

import psycopg2
import pytest
from django.db import DatabaseError, OperationalError

from aggregator.models import Article
from aggregator.publishing import publish_ready
from feeds import entry_rows, ingestion, reading
from feeds.apart import at_once_or_apart
from feeds.models import Entry, Feed
from tests.documents import item, page, rss
from tests.factories import A_WEDNESDAY, make_entry, make_feed
from tests.web import Answer

pytestmark = pytest.mark.django_db
BAD, GOOD = "https://bad.example/feed", "https://good.example/feed"
TOO_LONG = "https://bad.example/" + "a" * 2_000


def test_an_item_with_an_address_longer_than_we_store_is_published_without_it(web):
    web[BAD] = rss(item("Far away", link=TOO_LONG, guid="1"))
    make_feed(url=BAD)

    ingestion.refresh_due()
    publish_ready()

    assert list(Entry.objects.values_list("url", "state")) == [("", "published")]
    assert list(Article.objects.values_list("title", "url")) == [("Far away", "")]


def test_a_feed_whose_items_the_database_refuses_costs_no_other_feed_and_says_so(web, monkeypatch):
    monkeypatch.setattr(entry_rows, "LONGEST_ADDRESS", 10_000)
    web[BAD] = rss(item(link=TOO_LONG))
    web[GOOD] = rss(item("Good news", link="https://good.example/1"))
    bad = make_feed(url=BAD)
    make_feed(url=GOOD)

    absent = make_feed(url="https://good.example/absent")

    report = ingestion.refresh_due()

    assert (report.feeds, report.failed, report.entries_new) == (3, 2, 1)
    bad.refresh_from_db()
    absent.refresh_from_db()
    assert (bad.failure_count, bad.leased_until) == (1, None)
    assert "our fault" in bad.last_error
    assert "404" in absent.last_error
    assert absent.failure_count == 1
    assert bad.next_check_at > bad.checked_at
    assert Feed.objects.get(url=GOOD).failure_count == 0


def test_bytes_of_a_server_that_are_no_text_may_stand_in_a_sentence_of_ours(web):
    web[BAD] = Answer(body=rss(item()), headers={"Content-Encoding": b"\xff\xfe" * 3_000})
    make_feed(url=BAD)

    ingestion.refresh_due()

    sentence = Feed.objects.get().last_error
    assert "did not ask for" in sentence
    assert len(sentence) <= 1_000


def test_a_page_the_database_refuses_costs_no_other_page(web, monkeypatch):
    web[GOOD] = rss(item("One", link="https://good.example/1"), item("Two", link="https://good.example/2"))
    web["https://good.example/1"] = web["https://good.example/2"] = page()
    make_feed(url=GOOD)
    ingestion.refresh_due()
    as_it_is = reading.page_fields

    def with_half_a_surrogate_pair(found, url):
        fields = as_it_is(found, url)
        return fields | {"author": "\ud800"} if url.endswith("1") else fields

    monkeypatch.setattr(reading, "page_fields", with_half_a_surrogate_pair)

    reading.read_due_pages()

    one, two = Entry.objects.order_by("url")
    assert (one.state, one.page, two.state) == ("ready", None, "ready")
    assert "our fault" in one.read_error
    assert "again" not in one.read_error  # it is not
    assert two.page["text"]


def test_an_entry_the_database_refuses_to_publish_is_set_aside_and_costs_no_other():
    for number, country in enumerate(("GB", "FR")):
        entry = make_entry(
            state="ready",
            title=f"Entry {country}",
            published_at=A_WEDNESDAY,
            seen_at=A_WEDNESDAY + timedelta(seconds=number),
        )
        if country == "GB":
            entry.page = {"text": "", "html": "", "canonical_url": TOO_LONG}
            entry.save()

    report = publish_ready()

    assert (report.entries, report.articles_new) == (2, 1)
    assert [article.title for article in Article.objects.all()] == ["Entry FR"]
    refused = Entry.objects.get(title="Entry GB")
    assert refused.state == "refused"
    assert "our fault" in refused.read_error
    assert publish_ready().entries == 0


def test_a_picture_with_an_address_longer_than_we_store_is_left_out():
    make_entry(state="ready", image={"url": TOO_LONG, "caption": "", "credit": "", "width": None, "height": None})
    publish_ready()
    assert Article.objects.get().picture_url == ""


def test_a_database_that_is_away_is_no_fault_of_a_row():
    def away(rows):
        raise OperationalError("the connection is closed")

    with pytest.raises(OperationalError):
        at_once_or_apart([1, 2], away, pytest.fail)


def test_a_server_that_dies_in_the_middle_is_no_rows_fault():
    """psycopg2 raises a plain DatabaseError without a code then; the row would be given up for good."""
    rows = ["one"]
    given_up: list[str] = []

    def work(rows: Sequence[str]) -> None:
        raise psycopg2.DatabaseError("server closed the connection unexpectedly")

    with pytest.raises(DatabaseError):
        at_once_or_apart(rows, work, given_up.append)

    assert given_up == []
