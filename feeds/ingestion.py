"""From feeds that are due to entries whose pages are to be read (reading.py): fetch, parse, store.

Rows are leased before they are worked on and every step writes its state into the row, so any number of
workers may run this at once, twice, or be killed in the middle: nothing is lost, nothing is stored twice.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial

import structlog

from feeds.apart import at_once_or_apart
from feeds.attempts import Attempt, answered, failed, held
from feeds.clock import database_now
from feeds.errors import FeedsError, FetchError, HostOnHold
from feeds.fetching import Fetcher, open_fetcher
from feeds.manners import hosts
from feeds.manners.outages import forgive_outage, is_silence, line
from feeds.models import Feed, FeedQuerySet
from feeds.parsing import parse_feed
from feeds.recording import record_attempts
from feeds.sandbox import sandbox
from feeds.storing import store_entries
from feeds.streaming import Worker, stream, topped_up

log = structlog.get_logger(__name__)

FEEDS_PER_BATCH = 500  # asked at a time, or waiting for their turn at a host
FEEDS_IN_HAND = 2_000  # of a pass that goes on: so many that no host is idle between two of its feeds
# What a pass has not reached by then it hands back; the leases of a killed worker run out a little later.
BATCH_SECONDS = 150
LEASE = timedelta(seconds=180)
BUSY_SECONDS = 60  # so long a pass takes on more feeds as others are done
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


Tell = Callable[[Refreshed], object]


def refresh_due(limit: int = FEEDS_PER_BATCH, *, among: FeedQuerySet | None = None) -> Refreshed:
    """Take up to `limit` feeds (of all, or of those given) whose time has come and bring in what they announce."""
    return refresh(lease_due(limit, among))


def keep_refreshing(
    seconds: float = BUSY_SECONDS,
    *,
    among: FeedQuerySet | None = None,
    tell: Tell = lambda refreshed: None,
    on_last: Callable[[], object] = lambda: None,
) -> Refreshed:
    """Bring in what due feeds announce, as long as there are any; begin with none after so many seconds.

    Others take the place of those that are done, so that a slow server keeps nobody waiting.
    on_last: called when it takes on no more, though it may still wait for slow servers
    """
    take = partial(lease_due, among=among)
    more = topped_up(take, FEEDS_IN_HAND, seconds=seconds, on_last=on_last)
    return refresh(take(FEEDS_PER_BATCH), more=more, tell=tell)


def lease_due(limit: int, among: FeedQuerySet | None = None) -> list[Feed]:
    """Take up to `limit` due feeds for ourselves."""
    now = database_now()
    hosts.recall_holds(now)
    due = (Feed.objects.all() if among is None else among).due(now)
    feeds = due.lease(limit, until=now + LEASE)
    delays = hosts.crawl_delays(feed.host for feed in feeds)
    for feed in feeds:
        feed.delay_seconds = delays.get(feed.host)
    return feeds


def refresh(
    feeds: Sequence[Feed],
    *,
    more: Callable[[int], Sequence[Feed]] | None = None,
    tell: Tell = lambda refreshed: None,
) -> Refreshed:
    """Fetch, parse and store these leased feeds; each feed's row says afterwards how it went.

    more: gives further leased feeds, told how many are still being asked
    tell: told what was stored, each time something was
    """
    total = Refreshed()
    silent = 0
    attempts = stream(
        feeds,
        open_feed_reader,
        budget_seconds=BATCH_SECONDS,
        unreached=lambda feed: Attempt(feed, is_unreached=True),
        more=more,
    )
    for batch in attempts:
        hosts.keep_holds()
        silent += sum(is_silence(attempt.error) for attempt in batch)
        for stored in at_once_or_apart(batch, store, store_nothing):
            total.add(stored)
            tell(stored)
    hosts.keep_holds()
    if 0 < total.feeds == silent:
        forgive_outage()
    elif total.feeds:
        line.tell(is_down=False)
    return total


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
            except HostOnHold as error:
                return held(feed, error)
            except FetchError as error:
                return failed(feed, error, seconds=error.spent_seconds)
            except Exception:
                log.exception("a feed could not be read", feed=feed.pk, url=feed.url)
                return failed(feed, FeedsError(OUR_FAULT))

        yield look_at


async def fetch_and_parse(feed: Feed, fetcher: Fetcher) -> Attempt:
    """Ask a feed, conditionally; parse the answer unless it is what we had. Raises FetchError."""
    document = await fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified, gap=feed.delay_seconds)
    if document.is_unchanged:
        return answered(feed, document)
    body_hash = hashlib.sha256(document.body).hexdigest()
    if body_hash == feed.body_hash:
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
