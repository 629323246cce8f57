"""Every recorded feed of the corpus: what is in it comes out, whatever its makers did to it."""

import csv
import gzip
import json
import re
import tarfile
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from feeds.errors import NotAFeed
from feeds.parsing import ParsedFeed, parse_feed

NOW = datetime(2026, 9, 1, tzinfo=UTC)

# Distinct identities over all documents of a series (the corpus' world.md, where they are counted by guid).
TRUE_COUNTS = {"2020-04": 4_651, "2020-05": 1_592, "2021-09": 2_320}

USUAL_DATE = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:[JFMASOND][a-z]{2}) \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})"


def documents(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "feeds" / "docs.csv").open(encoding="utf-8") as table:
        return list(csv.DictReader(table))


def read(corpus: Path, row: dict[str, str]) -> ParsedFeed | None:
    with gzip.open(corpus / "feeds" / row["file"]) as file:
        try:
            return parse_feed(file.read(), url=row["feed_url"] or "https://feeds.example/feed", now=NOW)
        except NotAFeed:
            return None


def is_feed(row: dict[str, str]) -> bool:
    return row["format"].startswith(("rss", "atom", "jsonfeed"))


def test_every_feed_lists_as_many_items_as_were_counted_in_it(corpus: Path):
    feeds = {row["id"]: (row, read(corpus, row)) for row in documents(corpus) if is_feed(row)}

    wrong = {id: (row["items"], feed and len(feed.listed)) for id, (row, feed) in feeds.items()
             if feed is None or len(feed.listed) != int(row["items"])}  # fmt: skip

    assert len(feeds) > 150
    assert wrong == {}


def test_what_is_no_feed_is_said_to_be_none(corpus: Path):
    others = [row for row in documents(corpus) if not is_feed(row)]

    assert [row["id"] for row in others if read(corpus, row) is not None] == []
    assert len(others) > 5


def test_the_format_is_told(corpus: Path):
    rows = [row for row in documents(corpus) if is_feed(row) and row["wellformed"] == "1"]
    told = {(row["format"], feed.format) for row in rows if (feed := read(corpus, row))}

    assert told == {
        ("rss2.0", "rss2.0"), ("rss0.91", "rss0.91"), ("rss0.92", "rss0.92"), ("rss0.94", "rss0.94"),
        ("rss1.0(rdf)", "rss1.0"), ("rss1.0(rdf)", "rss0.90"), ("atom", "atom1.0"), ("jsonfeed", "jsonfeed1.0"),
    }  # fmt: skip


def test_items_are_whole(corpus: Path):
    """Nearly all have what the document has: a text without tags, an address, a date, an identity of their own."""
    feeds = [feed for row in documents(corpus) if (feed := read(corpus, row))]
    items = [item for feed in feeds for item in feed.items]

    assert all(len({item.identity for item in feed.items}) == len(feed.items) for feed in feeds)
    assert sum(bool(item.title) for item in items) / len(items) > 0.995
    assert sum(bool(item.url) for item in items) / len(items) > 0.99
    assert sum(item.published_at is not None for item in items) / len(items) > 0.96
    assert sum(item.image is not None for item in items) / len(items) > 0.6
    assert not [item.title for item in items if "<p>" in item.description or "&nbsp;" in item.title + item.description]
    assert not [item for item in items if "\ufffd" in item.title]


def test_dates_agree_with_the_standard_library(corpus: Path):
    """It reads the usual RFC 2822, so it can vouch for those; the odd ones are in test_dates.py."""
    compared, wrong = 0, {}
    for row in documents(corpus):
        feed = read(corpus, row)
        if not feed or feed.format != "rss2.0":
            continue
        with gzip.open(corpus / "feeds" / row["file"]) as file:
            texts = re.findall(rb"<pubDate>\s*(%s)\s*</pubDate>" % USUAL_DATE, file.read())
        ours = {item.published_at for item in feed.items}
        theirs = {parsedate_to_datetime(text.decode()) for text in texts}
        compared += len(ours & theirs)
        if len(texts) >= len(feed.listed) and not ours <= theirs:
            wrong[row["id"]] = ours - theirs

    assert compared > 2_000
    assert wrong == {}


@pytest.mark.parametrize("series", TRUE_COUNTS)
def test_a_recorded_series_has_as_many_identities_as_items(series: str, corpus: Path):
    identities = set()
    with tarfile.open(corpus / "feeds" / f"series-{series}.tar.gz") as archive:
        bodies = {entry.name: file.read() for entry in archive if (file := archive.extractfile(entry))}
    for line in bodies.pop("manifest.jsonl").decode().splitlines():
        document = json.loads(line)
        try:
            feed = parse_feed(bodies[document["file"]], url=document["feed_url"], now=NOW)
        except NotAFeed:
            continue
        identities |= {(document["slug"], item.identity) for item in feed.items}

    assert len(identities) == TRUE_COUNTS[series]
