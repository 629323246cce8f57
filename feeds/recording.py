"""Writes how looks at feeds went: each feed's state and when it is asked next, in one statement for a batch."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection
from psycopg2.extras import execute_values

from feeds.attempts import Attempt, sentence_of
from feeds.errors import FeedsError, FetchError
from feeds.models import Feed
from feeds.scheduling import back_off, next_interval, spread

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
