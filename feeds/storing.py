"""Writes what a batch of fetches brought: entries in one statement, the feeds' state in another."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.db import connection
from psycopg2.extras import execute_values

from feeds.errors import FeedsError, FetchError
from feeds.formats.plaintext import excerpt
from feeds.formats.xmltext import without_forbidden
from feeds.items import FeedItem, ParsedFeed, Picture
from feeds.models import Entry, Feed
from feeds.scheduling import back_off, next_interval, spread

LONGEST_ADDRESS = 2_000  # characters of Entry.url
LONGEST_SENTENCE = 1_000
OLDEST, NEWEST = timedelta(days=3650), timedelta(minutes=5)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one look at a feed went: unchanged (neither field), changed (parsed), or failed (error)."""

    feed: Feed
    parsed: ParsedFeed | None = None
    error: FeedsError | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    is_unreached: bool = False


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


FEED_COLUMNS = (
    "next_check_at interval_seconds etag last_modified body_hash checked_at succeeded_at new_entry_at failure_count "
    "last_error problems title"
).split()
RECORD = f"""
UPDATE feeds_feed AS feed SET {", ".join(f"{column} = new.{column}" for column in FEED_COLUMNS)}, leased_until = NULL
FROM (VALUES %s) AS new (id, lease, {", ".join(FEED_COLUMNS)})
WHERE feed.id = new.id AND feed.leased_until = new.lease
"""  # noqa: S608 - built from the column names above
RECORD_TYPES = (
    "(%s::bigint, %s::timestamptz, %s::timestamptz, %s::integer, %s, %s, %s, %s::timestamptz, %s::timestamptz, "
    "%s::timestamptz, %s::integer, %s, %s, %s)"
)


def record_attempts(attempts: Sequence[Attempt], new_counts: dict[int, int], now: datetime) -> None:
    """Write how each look went and when the next one is, for feeds whose lease is still ours; ends the lease."""
    rows = [feed_row(attempt, new_counts.get(attempt.feed.pk, 0), now) for attempt in attempts]
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, RECORD, rows, template=RECORD_TYPES, page_size=1000)


def feed_row(attempt: Attempt, new_count: int, now: datetime) -> tuple:
    """Return id, lease and the values of FEED_COLUMNS after this attempt."""
    feed = copy(attempt.feed)  # what is refused and written once more, each row apart, must not count twice
    apply_attempt(replace(attempt, feed=feed), new_count, now)
    return (feed.pk, feed.leased_until, *(getattr(feed, column) for column in FEED_COLUMNS))


def apply_attempt(attempt: Attempt, new_count: int, now: datetime) -> None:
    """Set the fields of the feed in memory as this attempt leaves them."""
    feed = attempt.feed
    if attempt.is_unreached:  # the batch ran out of time before its turn; no fault of the feed's
        feed.next_check_at = now
        return
    feed.checked_at = now
    if attempt.error:
        apply_failure(feed, attempt.error, now)
        return
    feed.succeeded_at, feed.failure_count, feed.last_error = now, 0, ""
    feed.interval_seconds = next_interval(feed.interval_seconds, has_news=new_count > 0)
    feed.next_check_at = now + timedelta(seconds=spread(feed.interval_seconds, feed.pk))
    if new_count:
        feed.new_entry_at = now
    feed.etag, feed.last_modified = attempt.etag[:500] or feed.etag, attempt.last_modified[:100] or feed.last_modified
    feed.body_hash = attempt.body_hash or feed.body_hash
    if attempt.parsed:
        feed.title = feed.title or attempt.parsed.title[:300]
        feed.problems = "\n".join(attempt.parsed.problems)
        feed.etag, feed.last_modified = attempt.etag[:500], attempt.last_modified[:100]


def apply_failure(feed: Feed, error: FeedsError, now: datetime) -> None:
    """Count the failure, keep its sentence for the curator, and wait longer each time."""
    feed.failure_count += 1
    feed.last_error = sentence_of(error)
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    feed.next_check_at = now + timedelta(seconds=spread(back_off(feed.failure_count, retry_after), feed.pk))


def sentence_of(error: FeedsError) -> str:
    """What went wrong as a row keeps it: words of a server's may be in it, whatever their length and bytes."""
    sentence = error.reason if isinstance(error, FetchError) else str(error)
    return excerpt(without_forbidden(sentence), LONGEST_SENTENCE)


READING_COLUMNS = "state page read_error read_after leased_until attempts".split()
RECORD_READING = f"""
UPDATE feeds_entry AS entry SET {", ".join(f"{column} = new.{column}" for column in READING_COLUMNS)}
FROM (VALUES %s) AS new (id, {", ".join(READING_COLUMNS)}) WHERE entry.id = new.id
"""  # noqa: S608 - built from the column names above
READING_TYPES = "(%s::bigint, %s, %s::jsonb, %s, %s::timestamptz, %s::timestamptz, %s::smallint)"


def record_readings(entries: Iterable[Entry]) -> None:
    """Write how reading the pages of these entries went, as their fields now have it."""
    rows = [
        (entry.pk, entry.state, json.dumps(entry.page) if entry.page else None, entry.read_error, entry.read_after,
         entry.leased_until, entry.attempts)
        for entry in entries
    ]  # fmt: skip
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, RECORD_READING, rows, template=READING_TYPES, page_size=200)
