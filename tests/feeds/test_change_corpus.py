"""Publishers recorded over days, stored poll by poll: each item once, each date as first told, only real changes."""

import json
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from feeds.attempts import Attempt
from feeds.errors import FeedsError
from feeds.items import FeedItem, ParsedFeed
from feeds.models import Entry, Feed
from feeds.parsing import parse_feed
from feeds.storing import store_entries
from tests.factories import make_feed, make_source

pytestmark = pytest.mark.django_db
SERIES = "series-2020-05"  # 17 publishers over 41 hours, 227 documents
# Of the items seen again about one in fifty changed; by hand, nearly all of these were edited by somebody.
MOST_CHANGES = 0.04


@pytest.fixture(scope="module")
def polls(corpus: Path) -> dict[str, list[tuple[datetime, ParsedFeed]]]:
    """By publisher, when it was polled and what it listed."""
    found: dict[str, list[tuple[datetime, ParsedFeed]]] = {}
    with tarfile.open(corpus / "feeds" / f"{SERIES}.tar.gz") as archive:
        files = {member.name.removeprefix("./"): member for member in archive.getmembers() if member.isfile()}
        manifest = archive.extractfile(files["manifest.jsonl"]).read().decode()
        for row in map(json.loads, manifest.splitlines()):
            body = archive.extractfile(files[row["file"]]).read()
            fetched_at = datetime.fromisoformat(row["fetched_at"])
            try:
                parsed = parse_feed(body, url=row["feed_url"], now=fetched_at)
            except FeedsError:
                continue
            found.setdefault(row["slug"], []).append((fetched_at, parsed))
    return found


def replayed(
    polls: dict[str, list[tuple[datetime, ParsedFeed]]], altered: Callable[[FeedItem, int], FeedItem]
) -> Iterator[tuple[int, int, int]]:
    """Store each poll, its items altered by number of the poll; gives feed id, items listed and new entries of each."""
    source = make_source()
    for looks in polls.values():
        feed = make_feed(source=source)
        for number, (fetched_at, parsed) in enumerate(looks):
            items = [altered(item, number) for item in parsed.items]
            attempt = Attempt(feed, parsed=replace(parsed, items=items))
            new = store_entries([attempt], fetched_at).get(feed.pk, 0)
            Feed.objects.filter(pk=feed.pk).update(succeeded_at=fetched_at)
            feed.refresh_from_db()
            yield feed.pk, len(items), new


def as_recorded(item: FeedItem, _: int) -> FeedItem:
    return item


def test_items_are_stored_once_with_the_dates_first_told_and_few_count_as_changed(polls):
    listed = seen_again = 0
    for _, items, new in replayed(polls, as_recorded):
        Entry.objects.filter(state="ready").update(state="published")
        listed, seen_again = listed + items, seen_again + items - new

    first_told = {
        (number, item.identity): item.published_at
        for number, looks in enumerate(polls.values())
        for _, parsed in reversed(looks)
        for item in parsed.items
    }
    assert Entry.objects.count() == len(first_told)
    feeds = {pk: number for number, pk in enumerate(Feed.objects.order_by("pk").values_list("pk", flat=True))}
    clamped = [
        entry
        for entry in Entry.objects.all()
        if entry.published_at != first_told[feeds[entry.feed_id], entry.identity] and entry.published_at < entry.seen_at
    ]
    assert clamped == []
    assert seen_again > 3_000


def test_few_of_the_items_seen_again_count_as_changed(polls):
    seen_again = changed = 0
    hashes: dict[tuple[int, str], str] = {}
    for pk, items, new in replayed(polls, as_recorded):
        now = dict(Entry.objects.filter(feed=pk).values_list("identity", "content_hash"))
        changed += sum(hashes.get((pk, name), value) != value for name, value in now.items())
        hashes |= {(pk, name): value for name, value in now.items()}
        seen_again += items - new
    assert 0 < changed < MOST_CHANGES * seen_again


def test_the_same_publishers_with_new_guids_at_each_look_give_the_same_entries(polls):
    expected = Counter[int]()
    for pk, _, new in replayed(polls, as_recorded):
        expected[pk] += new
    plain = sorted(expected.values())

    with_addresses = Counter[int]()
    for pk, _, new in replayed(polls, lambda item, number: replace(item, identity=f"{number}:{item.identity}")):
        with_addresses[pk] += new

    assert sum(with_addresses.values()) <= sum(plain) * 1.01
    assert sum(with_addresses.values()) >= sum(plain) * 0.99
    assert Feed.objects.filter(pk__in=with_addresses, identity_by="link").count() == len(polls)
