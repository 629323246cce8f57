"""From entries that are new to entries that are ready: fetch the page, extract, store.

Rows are leased before they are worked on, as feeds are in ingestion.py, and the attempt counts from the lease: a page
may kill its reader.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import connection
from django.db.models import prefetch_related_objects
from psycopg2.extras import execute_values

from feeds.apart import at_once_or_apart
from feeds.attempts import sentence_of
from feeds.clock import database_now
from feeds.errors import FeedsError, FetchError, HostOnHold, SandboxError
from feeds.extraction import Page, extract
from feeds.fetching import PAGE_ACCEPT, Fetcher, open_fetcher
from feeds.keeping import kept_text
from feeds.manners import hosts
from feeds.manners.outages import is_silence, silent_in_outage
from feeds.manners.permission import Permissions
from feeds.manners.reservations import last_said, reservation
from feeds.models import Display, Entry
from feeds.models.feeds import OUTAGE
from feeds.net.bounds import PAGE_MAX_BYTES
from feeds.pages.kinds import READ_WITHOUT, no_page_by_type
from feeds.sandbox import sandbox
from feeds.streaming import Worker, stream, topped_up

log = structlog.get_logger(__name__)

PAGES_PER_BATCH = 120
# What a pass has not reached by then it hands back; the leases of a killed worker run out a little later.
BATCH_SECONDS = 150
BUSY_SECONDS = 60  # so long a pass takes on more pages as others are done
LEASE = timedelta(seconds=180)
RETRY = timedelta(minutes=2)
# News does not keep: what may not be read for longer after we saw it is published with what its feed says.
PATIENCE = timedelta(minutes=30)
ENOUGH_OF_A_VERSION = 500  # characters; an AMP or print page with less lacks the article's text
TOO_DEAR = "The source's rule takes too long on this page; its text was sought without it."
HELD_TOO_LONG = f"Its host asked to be left alone for longer than news keeps: {READ_WITHOUT}."
OUR_FAULT = "We failed to read its page, and it is our fault: the details are in our log."


def read_due_pages(limit: int = PAGES_PER_BATCH) -> int:
    """Take up to `limit` entries that wait for their page and make them ready; returns how many were taken."""
    return read_pages(lease_due(limit))


def keep_reading(
    seconds: float = BUSY_SECONDS,
    *,
    tell: Callable[[int], object] = lambda count: None,
    on_last: Callable[[], object] = lambda: None,
) -> int:
    """Make entries ready as long as any wait for their page; begin with none after so many seconds.

    Others take the place of those that are done: a server that is slow, or asks for long pauses, keeps none waiting.
    on_last: called when it takes on no more, though it may still wait for slow servers
    """
    more = topped_up(lease_due, PAGES_PER_BATCH, seconds=seconds, on_last=on_last)
    return read_pages(lease_due(PAGES_PER_BATCH), more=more, tell=tell)


def lease_due(limit: int) -> list[Entry]:
    """Take up to `limit` entries that wait for their page for ourselves."""
    now = database_now()
    hosts.recall_holds(now)
    Entry.objects.unread(now).give_up_on_killers()
    Entry.objects.give_up_on_held(now, PATIENCE, reason=HELD_TOO_LONG)
    return Entry.objects.unread(now).lease_for_reading(limit, until=now + LEASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """How reading one entry's page went: page, error, or neither where its turn did not come."""

    entry: Entry
    page: Page | None = None
    error: FeedsError | None = None
    url: str = ""


def read_pages(
    entries: Sequence[Entry],
    *,
    more: Callable[[int], Sequence[Entry]] | None = None,
    tell: Callable[[int], object] = lambda count: None,
) -> int:
    """Fetch and extract the pages of these leased entries; returns how many they were.

    more: gives further leased entries, told how many are still being read
    tell: told how many are done with, each time some are
    """
    permissions = Permissions((), what="page", with_reservations=True)
    count = 0

    def prepared(entries: Sequence[Entry]) -> Sequence[Entry]:
        """Look up what the loop needs to know, where nothing may ask the database."""
        nonlocal count
        count += len(entries)
        prefetch_related_objects(entries, "feed__source")
        permissions.expect(entry.url for entry in entries)
        return entries

    try:
        batches = stream(
            prepared(entries),
            partial(open_page_reader, permissions),
            budget_seconds=BATCH_SECONDS,
            unreached=Reading,
            more=(lambda left: prepared(more(left))) if more else None,
        )
        for batch in batches:
            hosts.keep_holds()
            permissions.remember()
            now = database_now()
            is_outage = any(is_silence(reading.error) for reading in batch) and bool(silent_in_outage(now))
            for reading in batch:
                apply_reading(reading, now, is_outage=is_outage)
            at_once_or_apart([reading.entry for reading in batch], record_readings, record_unreadable)
            tell(len(batch))
    finally:
        hosts.keep_holds()
        permissions.remember()
    return count


def record_unreadable(entry: Entry) -> None:
    """Let an entry go on without its page, which the database refused."""
    entry.page, entry.read_error = None, OUR_FAULT
    record_readings([entry])


@asynccontextmanager
async def open_page_reader(permissions: Permissions) -> AsyncIterator[Worker]:
    """Give the coroutine function that reads one entry's page."""
    async with open_fetcher() as fetcher:

        async def read(entry: Entry) -> Reading:
            try:
                return await fetch_and_extract(entry, fetcher, permissions)
            except FeedsError as error:
                return Reading(entry, error=error)
            except Exception:
                log.exception("a page could not be read", entry=entry.pk, url=entry.url)
                return Reading(entry, error=FeedsError(OUR_FAULT))

        yield read


async def fetch_and_extract(entry: Entry, fetcher: Fetcher, permissions: Permissions) -> Reading:
    """Fetch the page an entry announces and make text of it. Raises FeedsError.

    Where that is an AMP or print version with little text, the whole page is read in its place.
    """
    page = await read_address(entry.url, entry, fetcher, permissions)
    if page.fuller_url and len(page.text) < ENOUGH_OF_A_VERSION:
        try:
            fuller = await read_address(page.fuller_url, entry, fetcher, permissions)
        except FeedsError as error:
            log.info("a whole page could not be read", entry=entry.pk, url=page.fuller_url, reason=str(error))
        else:
            page = fuller if len(fuller.text) > len(page.text) else page
    return Reading(entry, page=page, url=page.canonical_url)


async def read_address(url: str, entry: Entry, fetcher: Fetcher, permissions: Permissions) -> Page:
    """Fetch one page for an entry and make text of it, by its source's rule where it has one. Raises FeedsError."""
    source = entry.feed.source
    read = await fetch_page(url, fetcher, permissions, delay_seconds=source.crawl_delay_seconds)
    rule = source.page_rule
    if not rule:
        return await read(now=entry.seen_at)
    try:
        return await read(now=entry.seen_at, **rule)
    except SandboxError:  # it may be the rule that takes too long on this page
        return replace(await read(now=entry.seen_at), rule_problem=TOO_DEAR)


async def fetch_page(
    url: str, fetcher: Fetcher, permissions: Permissions, *, delay_seconds: float | None
) -> Callable[..., Awaitable[Page]]:
    """Fetch a page, as far as its host lets us; returns what reads it in the sandbox: `extract` but for `now` and rule.

    delay_seconds: what a curator has set for its source. Raises FetchError.
    """
    document = await fetcher.fetch(
        url,
        accept=PAGE_ACCEPT,
        max_bytes=PAGE_MAX_BYTES,
        permission=permissions.at(fetcher, delay_seconds=delay_seconds),
        refusal=no_page_by_type,
    )
    of_host = permissions.reservation_of(document.final_url)
    of_document = reservation(document.reservation, document.reservation_policy)

    async def read(*, now: datetime, **rule: str) -> Page:
        return await sandbox().acall(
            extract,
            document.body,
            url=document.final_url,
            content_type=document.content_type,
            robots=document.robots,
            reserved=last_said([of_host, of_document]),
            now=now,
            **rule,
        )

    return read


def apply_reading(reading: Reading, now: datetime, *, is_outage: bool = False) -> None:
    """Set the fields of the entry in memory as this reading leaves them.

    is_outage: our own line is down; a silence is then nobody's attempt
    """
    entry = reading.entry
    entry.leased_until = None
    if reading.page:
        entry.state, entry.read_error = Entry.State.READY, reading.page.rule_problem
        entry.page = page_fields(reading.page, reading.url)
    elif reading.error is None:
        entry.attempts -= 1
    elif isinstance(reading.error, HostOnHold):
        entry.attempts -= 1
        put_off(entry, sentence_of(reading.error), now + timedelta(seconds=reading.error.seconds))
    elif is_outage and is_silence(reading.error):
        entry.attempts -= 1
        put_off(entry, OUTAGE, now + RETRY)
    elif is_worth_another_try(reading.error) and entry.attempts < Entry.MAX_ATTEMPTS:
        entry.read_error = sentence_of(reading.error)
        entry.read_after = now + RETRY * entry.attempts
    else:  # publishable with what the feed gave; a curator sees why there is no more
        entry.state, entry.read_error = Entry.State.READY, sentence_of(reading.error)


def put_off(entry: Entry, reason: str, until: datetime) -> None:
    """Read its page when it may be asked for, unless that is too late for news."""
    entry.read_error, entry.read_after = reason, until
    if entry.read_after > entry.seen_at + PATIENCE:
        entry.state = Entry.State.READY
        entry.read_error += f" We do not wait for it: {READ_WITHOUT}."


def is_worth_another_try(error: FeedsError) -> bool:
    """Say whether the same page or picture may be read a little later.

    Networks come and go, and a limited process may be killed for another reason than what it had in hand.
    """
    return isinstance(error, SandboxError) or (isinstance(error, FetchError) and not error.permanent)


def page_fields(page: Page, url: str) -> dict:
    """Return a page as the plain values Entry.page holds, with the address it is known under.

    Of a page that forbids us to show all of its text no more is held than may be shown.
    """
    published_at = page.published_at.isoformat() if page.published_at else None
    if page.display != Display.FULL_TEXT:
        page = replace(page, html="", text=kept_text(page.text, display=page.display, max_snippet=page.max_snippet))
    return {**asdict(page), "published_at": published_at, "canonical_url": url}


READING_COLUMNS = "state page read_error read_after leased_until attempts".split()
# The rows are locked in the order in which storing.py writes them, or a poll of the feed at this moment and this would
# wait for each other.
RECORD_READING = f"""
WITH new (id, {", ".join(READING_COLUMNS)}) AS (VALUES %s), held AS (
    SELECT id FROM feeds_entry WHERE id IN (SELECT id FROM new) ORDER BY feed_id, identity FOR NO KEY UPDATE
)
UPDATE feeds_entry AS entry SET {", ".join(f"{column} = new.{column}" for column in READING_COLUMNS)}
FROM new JOIN held USING (id) WHERE entry.id = new.id
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
