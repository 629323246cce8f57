"""Every recorded feed document of the corpus, the whole way from HTTP to the database."""

import csv
import gzip
from pathlib import Path

import pytest

from feeds.clock import database_now
from feeds.ingestion import refresh_due
from feeds.models import Entry, Feed
from tests.factories import make_feed, make_source

pytestmark = pytest.mark.django_db
NOT_FEEDS = {"html", "json", "unknown", "xml:note", ""}


def documents(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "feeds" / "docs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def recorded(web, corpus) -> dict[int, dict[str, str]]:
    """Each document on a host of its own, with a feed; by the feed's id what docs.csv says of it."""
    source = make_source()
    rows = {}
    for number, row in enumerate(documents(corpus)):
        url = f"https://feed{number}.example/feed"
        web[url] = gzip.decompress((corpus / "feeds" / row["file"]).read_bytes())
        rows[make_feed(url=url, source=source).pk] = row
    return rows


def refresh_all() -> None:
    Feed.objects.active().check_now(database_now())
    while refresh_due().feeds:
        pass


def test_every_recorded_feed_gives_its_items_once_and_what_is_no_feed_says_so(recorded):
    refresh_all()

    counts = {feed.pk: feed.entries.count() for feed in Feed.objects.all()}
    failed = dict(Feed.objects.exclude(last_error="").values_list("pk", "last_error"))
    for pk, row in recorded.items():
        if row["format"] in NOT_FEEDS:
            assert failed[pk].endswith("."), row["id"]
        elif row["wellformed"] == "1":
            assert pk not in failed, (row["id"], failed.get(pk))
            # A few list an item twice: it is stored once.
            assert 0.85 * int(row["items"]) <= counts[pk] <= int(row["items"]), row["id"]
    wellformed = [pk for pk, row in recorded.items() if row["wellformed"] == "1" and row["format"] not in NOT_FEEDS]
    assert sum(counts[pk] for pk in wellformed) >= 0.99 * sum(int(recorded[pk]["items"]) for pk in wellformed)

    before = Entry.objects.count()
    Feed.objects.update(etag="", last_modified="", body_hash="")  # so that every document is read again
    refresh_all()
    assert Entry.objects.count() == before
