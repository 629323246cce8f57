"""Writes how looks at feeds went: each feed's state and when it is asked next, and the log curators read.

Three statements for a batch of any size, and two more where documents were new. Rows are locked in one order.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import connection
from psycopg2.extras import execute_values

from feeds.attempts import Attempt, sentence_for_curators
from feeds.clock import database_now
from feeds.consequences import apply_attempt, count_entries
from feeds.departures import settle_departures
from feeds.models import Feed, FetchRecord

LOCK = """
SELECT feed.id, source.follower_count, feed.push_trusted_until FROM feeds_feed AS feed
JOIN (VALUES %s) AS ours (id, lease) ON feed.id = ours.id AND feed.leased_until = ours.lease
JOIN feeds_source AS source ON source.id = feed.source_id
ORDER BY feed.id FOR NO KEY UPDATE OF feed
"""
# What a look may change, and what only new documents or entries change; with the types of their values.
STATE = {
    "next_check_at": "timestamptz", "interval_seconds": "integer", "etag": "text", "last_modified": "text",
    "checked_at": "timestamptz", "succeeded_at": "timestamptz", "failure_count": "integer", "last_error": "text",
    "moved_to": "text", "moved_count": "integer", "moved_at": "timestamptz",
    "gone_count": "integer", "gone_at": "timestamptz",
}  # fmt: skip
RHYTHM = {
    "hourly_counts": "float8[]", "recent_count": "float8", "counted_at": "timestamptz", "new_entry_at": "timestamptz",
}  # fmt: skip
DOCUMENT = RHYTHM | {
    "body_hash": "text", "problems": "text", "title": "text", "asked_interval_seconds": "integer",
    "skip_hours": "smallint[]", "skip_days": "smallint[]", "hub_url": "text", "topic_url": "text",
}  # fmt: skip
RECORD = {
    "feed_id": "bigint", "at": "timestamptz", "is_push": "boolean", "status": "smallint", "size": "integer",
    "entries_new": "integer", "milliseconds": "integer", "error": "text",
}  # fmt: skip
KEPT = timedelta(days=14)
FORGOTTEN_AT_ONCE = 5_000


def record_attempts(attempts: Sequence[Attempt], new_counts: Mapping[int, int], now: datetime) -> None:
    """Write how each look went and when the next one is, for feeds whose lease is still ours; ends the lease.

    A push has no lease, and only adds to the feed's rhythm and the log.
    To be called in a transaction: the log and the state stand or fall together.
    """
    now = now.astimezone(UTC)
    record_looks([attempt for attempt in attempts if not attempt.is_push], new_counts, now)
    record_pushes([attempt for attempt in attempts if attempt.is_push], new_counts, now)


def record_looks(attempts: Sequence[Attempt], new_counts: Mapping[int, int], now: datetime) -> None:
    ours = lock([attempt.feed for attempt in attempts])
    after: list[Attempt] = []
    for before in attempts:
        if known := ours.get(before.feed.pk):
            # A copy: what is refused and written once more, each row apart, must not count twice.
            attempt = replace(before, feed=twin(before.feed))
            follower_count, attempt.feed.push_trusted_until = known
            apply_attempt(attempt, new_counts.get(attempt.feed.pk, 0), now, follower_count)
            attempt.feed.leased_until = None
            after.append(attempt)
    update([attempt.feed for attempt in after], STATE | {"leased_until": "timestamptz"})
    update([attempt.feed for attempt in after if attempt.parsed], DOCUMENT)
    log([attempt for attempt in after if attempt.is_asked], new_counts, now)
    settle_departures([attempt.feed for attempt in after if attempt.is_asked], now)


def record_pushes(attempts: Sequence[Attempt], new_counts: Mapping[int, int], now: datetime) -> None:
    """Count what pushes brought and log them; feeds deleted in the meantime are passed over."""
    if not attempts:
        return
    pks = [attempt.feed.pk for attempt in attempts]
    feeds = {feed.pk: feed for feed in Feed.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)}
    after = [replace(attempt, feed=feeds[attempt.feed.pk]) for attempt in attempts if attempt.feed.pk in feeds]
    for attempt in after:
        if new_count := new_counts.get(attempt.feed.pk, 0):
            since = max(filter(None, (attempt.feed.checked_at, attempt.feed.counted_at)), default=now)
            count_entries(attempt, new_count, since, now)
    update([feed for pk, feed in feeds.items() if new_counts.get(pk)], RHYTHM)
    log(after, new_counts, now)


def lock(feeds: Sequence[Feed]) -> dict[int, tuple[int, datetime | None]]:
    """Keep others from these rows until the transaction ends.

    Returns, for those whose lease is still ours, how many follow their source, and until when their hub is trusted.
    """
    if not feeds:
        return {}
    rows = [(feed.pk, feed.leased_until) for feed in feeds]
    with connection.cursor() as cursor:
        template = "(%s::bigint, %s::timestamptz)"
        found = execute_values(cursor.cursor, LOCK, rows, template=template, page_size=len(rows), fetch=True)
    return {pk: (follower_count, trusted_until) for pk, follower_count, trusted_until in found}


def update(feeds: Sequence[Feed], columns: Mapping[str, str]) -> None:
    """Write these columns of feeds as they are in memory."""
    if not feeds:
        return
    setting = ", ".join(f"{column} = new.{column}" for column in columns)
    statement = (
        f"UPDATE feeds_feed AS feed SET {setting} FROM {rows_of({'id': 'bigint', **columns})} AND feed.id = new.id"  # noqa: S608
    )
    write(statement, [{"id": feed.pk} | {column: getattr(feed, column) for column in columns} for feed in feeds])


def rows_of(columns: Mapping[str, str]) -> str:
    """Rows of these columns and types, out of one JSON: to spell and parse each value by itself takes longer."""
    return f"json_to_recordset(%s::json) AS new ({', '.join(map(' '.join, columns.items()))}) WHERE true"


def write(statement: str, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [json.dumps(rows, ensure_ascii=False, default=datetime.isoformat)])


def twin(feed: Feed) -> Feed:
    """A copy of what is in memory of a feed; copy() takes a model apart and puts it together, in ten times as long."""
    other = Feed.__new__(Feed)
    other.__dict__ = feed.__dict__.copy()
    return other


def log(attempts: Iterable[Attempt], new_counts: Mapping[int, int], now: datetime) -> None:
    """Leave one record for each look that spoke to a server, or push."""
    rows = [
        {
            "feed_id": attempt.feed.pk,
            "at": now,
            "is_push": attempt.is_push,
            "status": attempt.status,
            "size": attempt.size,
            "entries_new": new_counts.get(attempt.feed.pk, 0),
            "milliseconds": attempt.milliseconds,
            "error": sentence_for_curators(attempt.error) if attempt.error else "",
        }
        for attempt in attempts
    ]
    write(f"INSERT INTO feeds_fetchrecord ({', '.join(RECORD)}) SELECT * FROM {rows_of(RECORD)}", rows)  # noqa: S608


def forget_old_records() -> int:
    """Delete some of the records older than two weeks; returns how many."""
    return FetchRecord.objects.forget_older_than(database_now() - KEPT, FORGOTTEN_AT_ONCE)
