"""Writes the entries that a batch of feeds brought, in one statement."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection
from psycopg2.extras import execute_values

from feeds.attempts import Attempt
from feeds.items import FeedItem, ParsedFeed, Picture
from feeds.models import Entry, Feed

LONGEST_ADDRESS = 2_000  # characters of Entry.url
OLDEST, NEWEST = timedelta(days=3650), timedelta(minutes=5)
TAG = re.compile(r"<[^>]*>")


def clamped(moment: datetime | None, seen_at: datetime) -> datetime:
    """Return a moment no earlier than ten years before it was seen and at most five minutes after; None is now."""
    if moment is None:
        return seen_at
    return min(max(moment, seen_at - OLDEST), seen_at + NEWEST)


def content_hash(item: FeedItem) -> str:
    """Tell whether an item changed for a reader; markup and tracking around the words do not count."""
    words = "\0".join((item.title, item.url, item.description, TAG.sub("", item.content_html)))
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()


def picture_fields(picture: Picture | None) -> dict | None:
    return asdict(picture) if picture else None


ENTRY_COLUMNS = (
    "feed_id identity url title description content_html author categories image language published_at updated_at "
    "seen_at content_hash state attempts read_after read_error"
).split()
# What a changed item brings anew. Its dates stay as first told, or lists would reorder at every poll.
RENEWED = "url title description content_html author categories image updated_at content_hash".split()

UPSERT = f"""
INSERT INTO feeds_entry AS old ({", ".join(ENTRY_COLUMNS)}) VALUES %s
ON CONFLICT (feed_id, identity) DO UPDATE SET
    {", ".join(f"{column} = excluded.{column}" for column in RENEWED)},
    state = CASE WHEN old.state = 'new' THEN 'new' ELSE 'ready' END
WHERE old.content_hash <> excluded.content_hash
RETURNING feed_id, (xmax = 0)
"""  # noqa: S608 - built from the column names above


def store_entries(attempts: Iterable[Attempt], now: datetime) -> dict[int, int]:
    """Store the items of the feeds that answered; returns how many were new, by feed id.

    An item seen before with the same content is left alone; one with new content goes back to be published.
    """
    rows = [entry_row(a.feed, a.parsed, item, now) for a in attempts if a.parsed for item in a.parsed.items]
    rows.sort(key=lambda row: row[:2])  # by feed and identity: one order for all workers, or they would deadlock
    new_counts: dict[int, int] = {}
    if rows:
        with connection.cursor() as cursor:
            for feed_id, is_new in execute_values(cursor.cursor, UPSERT, rows, page_size=1000, fetch=True):
                new_counts[feed_id] = new_counts.get(feed_id, 0) + is_new
    return new_counts


def entry_row(feed: Feed, parsed: ParsedFeed, item: FeedItem, now: datetime) -> tuple:
    """Return the values of ENTRY_COLUMNS. NUL, which Postgres text can not hold, is dropped by parsing.

    An address longer than any page's is none: the item is published with what the feed gave.
    """
    url = item.url if len(item.url) <= LONGEST_ADDRESS else ""
    return (
        feed.pk,
        item.identity,
        url,
        item.title,
        item.description,
        item.content_html,
        item.author[:300],
        list(item.categories),
        json.dumps(picture_fields(item.image)) if item.image else None,
        (parsed.language or "")[:12],
        clamped(item.published_at, now),
        clamped(item.updated_at, now) if item.updated_at else None,
        now,
        content_hash(item),
        Entry.State.NEW if url else Entry.State.READY,
        0,
        now,
        "",
    )
