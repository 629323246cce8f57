"""From feeds that are due to entries whose pages are to be read (reading.py): fetch, parse, store.

Rows are leased before they are worked on and every step writes its state into the row, so any number of
workers may run this at once, twice, or be killed in the middle: nothing is lost, nothing is stored twice.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta

import structlog

from feeds.apart import at_once_or_apart
from feeds.attempts import Attempt, answered, failed, held
from feeds.clock import database_now
from feeds.errors import FeedsError, FetchError, HostOnHold
from feeds.fetching import Fetcher, open_fetcher
from feeds.models import Feed, FeedQuerySet
from feeds.parsing import parse_feed
from feeds.recording import record_attempts
from feeds.sandbox import sandbox
from feeds.storing import store_entries
from feeds.streaming import Worker, stream

log = structlog.get_logger(__name__)

FEEDS_PER_BATCH = 200
# What a batch has not reached by then it hands back; the leases of a killed worker run out a little later.
BATCH_SECONDS = 120
LEASE = timedelta(seconds=180)
# When so many publishers, asked in one pass, are all silent, and none has answered lately, our own line is down.
OUTAGE_FEEDS = 10
OUTAGE_RETRY = timedelta(minutes=1)
LATELY = timedelta(minutes=10)
OUR_FAULT = "We failed to read this, and it is our fault: the details are in our log. We try again later."


@dataclass(slots=True)
class Refreshed:
    """What a pass over feeds did, in numbers of feeds and of entries."""

    feeds: int = 0
    unchanged: int = 0
    failed: int = 0
    entries_new: int = 0

    def add(self, other: "Refreshed") -> None:
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)


def refresh_due(limit: int = FEEDS_PER_BATCH, *, among: FeedQuerySet | None = None) -> Refreshed:
    """Take up to `limit` feeds (of all, or of those given) whose time has come and bring in what they announce."""
    now = database_now()
    due = (Feed.objects.all() if among is None else among).due(now)
    return refresh(due.lease(limit, until=now + LEASE))


def refresh(feeds: Sequence[Feed]) -> Refreshed:
    """Fetch, parse and store these leased feeds; each feed's row says afterwards how it went."""
    total = Refreshed()
    silent: list[int] = []
    attempts = stream(
        feeds, open_feed_reader, budget_seconds=BATCH_SECONDS, unreached=lambda feed: Attempt(feed, is_unreached=True)
    )
    for batch in attempts:
        silent += [attempt.feed.pk for attempt in batch if is_silence(attempt.error)]
        for stored in at_once_or_apart(batch, store, store_nothing):
            total.add(stored)
    if len(silent) == total.feeds >= OUTAGE_FEEDS:
        forgive_outage(silent)
    return total


def forgive_outage(silent: Sequence[int]) -> None:
    """Punish none of these feeds (ids) for an outage of our own; leave it at that where others answer.

    Dead feeds may come due together by chance: without the second look they would be asked every minute for ever.
    """
    now = database_now()
    if not Feed.objects.filter(succeeded_at__gt=now - LATELY).exists():
        log.warning("nobody answers: our own connection seems to be down", feeds=len(silent))
        Feed.objects.filter(pk__in=silent).forgive_outage(now + OUTAGE_RETRY)


def is_silence(error: FeedsError | None) -> bool:
    """Say whether a failure is that no answer came at all, from anywhere."""
    return isinstance(error, FetchError) and error.status is None and not error.permanent


def store_nothing(attempt: Attempt) -> Refreshed:
    """Note on the feed's row that the database refused what it brought."""
    return store([Attempt(attempt.feed, error=FeedsError(OUR_FAULT))])


def store(attempts: Sequence[Attempt]) -> Refreshed:
    """Write the entries and the feeds' state of some attempts; the caller's transaction makes it all or nothing."""
    now = database_now()
    new_counts = store_entries(attempts, now)
    record_attempts(attempts, new_counts, now)
    reached = [attempt for attempt in attempts if attempt.is_asked]
    return Refreshed(
        feeds=len(reached),
        unchanged=sum(not attempt.parsed and not attempt.error for attempt in reached),
        failed=sum(attempt.error is not None for attempt in reached),
        entries_new=sum(new_counts.values()),
    )


@asynccontextmanager
async def open_feed_reader() -> AsyncIterator[Worker]:
    """Give the coroutine function that looks at one feed."""
    async with open_fetcher() as fetcher:

        async def look_at(feed: Feed) -> Attempt:
            try:
                return await fetch_and_parse(feed, fetcher)
            except HostOnHold as hold:
                return held(feed, hold)
            except FeedsError as error:
                return failed(feed, error)
            except Exception:
                log.exception("a feed could not be read", feed=feed.pk, url=feed.url)
                return failed(feed, FeedsError(OUR_FAULT))

        yield look_at


async def fetch_and_parse(feed: Feed, fetcher: Fetcher) -> Attempt:
    """Ask a feed, conditionally; parse the answer unless it is what we had. Raises FeedsError where none came."""
    document = await fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
    body_hash = hashlib.sha256(document.body).hexdigest()
    if document.is_unchanged or body_hash == feed.body_hash:
        return answered(feed, document)
    try:
        parsed = await sandbox().acall(
            parse_feed,
            document.body,
            url=document.final_url,
            content_type=document.content_type,
            now=document.fetched_at,
        )
    except FeedsError as error:
        return failed(feed, error, document=document)
    return answered(feed, document, parsed=parsed, body_hash=body_hash)
