"""Finds the marks of sources: the icon a site shows of itself, asked of its home page, drawn anew, stored by us.

Where there is none, pages show a monogram (aggregator/templatetags/marks.py).
"""

import hashlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urljoin

import structlog
from django.core.files.storage import default_storage
from django.db import transaction

from feeds.clock import database_now
from feeds.errors import FeedsError, FetchError, FileNotKept, HostOnHold, NotAPicture
from feeds.fetching import PAGE_ACCEPT, PICTURE_ACCEPT, Document, open_fetcher
from feeds.files import keep_file
from feeds.icons import MAX_MANIFEST_BYTES, MOST_ICONS, draw_mark, icons_of, icons_of_manifest
from feeds.manners import hosts
from feeds.manners.permission import Permissions
from feeds.models import Source
from feeds.net.bounds import PAGE_MAX_BYTES
from feeds.sandbox import sandbox
from feeds.streaming import Worker, stream

log = structlog.get_logger(__name__)

Fetch = Callable[..., Awaitable[Document]]

MARKS_PER_BATCH = 20
BATCH_SECONDS = 90
LEASE = timedelta(seconds=150)
ICON_MAX_BYTES = 1024 * 1024
MANIFEST_ACCEPT = "application/manifest+json, application/json;q=0.9, */*;q=0.5"
REFRESH = timedelta(days=30)
RETRY = timedelta(hours=1)  # four times as long after each failure, until it is REFRESH


@dataclass(frozen=True, slots=True)
class Found:
    """How looking for one source's mark went: a WebP; neither where it has none or its turn did not come; an error."""

    source: Source
    mark: bytes = b""
    error: FeedsError | None = None
    is_reached: bool = True


def find_due_marks(limit: int = MARKS_PER_BATCH) -> int:
    """Look for the marks of up to `limit` sources whose time has come; returns of how many."""
    sources = lease(limit)
    permissions = Permissions((source.site_url for source in sources), what="icon")
    open_worker = partial(open_finder, permissions)
    try:
        for batch in stream(sources, open_worker, budget_seconds=BATCH_SECONDS, unreached=unreached):
            hosts.keep_holds()
            for found in batch:
                record(found)
    finally:
        permissions.remember()
    return len(sources)


def unreached(source: Source) -> Found:
    return Found(source, is_reached=False)


def lease(limit: int) -> list[Source]:
    """Take up to `limit` sources whose mark is to be looked for; `mark_after` is the lease."""
    now = database_now()
    with transaction.atomic():
        due = Source.objects.filter(mark_after__lte=now, is_paused=False).order_by("mark_after", "pk")
        sources = list(due.select_for_update(skip_locked=True)[:limit])
        Source.objects.filter(pk__in=[source.pk for source in sources]).update(mark_after=now + LEASE)
    return sources


@asynccontextmanager
async def open_finder(permissions: Permissions) -> AsyncIterator[Worker]:
    """Give the coroutine function that looks for one source's mark."""
    async with open_fetcher() as fetcher:
        fetch = partial(fetcher.fetch, permission=permissions.at(fetcher))

        async def find(source: Source) -> Found:
            try:
                return Found(source, mark=await find_mark(source.site_url, fetch))
            except FeedsError as error:
                return Found(source, error=error)

        yield find


async def find_mark(site_url: str, fetch: Fetch) -> bytes:
    """Return the mark of the site at this address as a WebP, b"" where it has none we can show.

    Raises FetchError where it may have one that could not be had this time.
    """
    missed: FetchError | None = None
    for url in await icon_addresses(site_url, fetch):
        try:
            icon = await fetch(url, accept=PICTURE_ACCEPT, max_bytes=ICON_MAX_BYTES)
            return await sandbox().acall(draw_mark, icon.body)
        except HostOnHold:
            raise
        except FetchError as error:
            missed = missed if error.permanent else error
        except NotAPicture:
            continue
    if missed:
        raise missed
    return b""


async def icon_addresses(site_url: str, fetch: Fetch) -> list[str]:
    """Return where a site's icons are, the likeliest first, the place every site may have one last.

    Raises FetchError where its home page does not answer now.
    """
    fallback = urljoin(site_url, "/favicon.ico")
    try:
        page = await fetch(site_url, accept=PAGE_ACCEPT, max_bytes=PAGE_MAX_BYTES)
    except FetchError as error:
        if error.permanent:
            return [fallback]
        raise
    icons = await sandbox().acall(icons_of, page.body, url=page.final_url, content_type=page.content_type)
    urls = icons.urls or await manifest_icons(icons.manifest_url, fetch)
    return list(dict.fromkeys([*urls[: MOST_ICONS - 1], urljoin(page.final_url, "/favicon.ico")]))


async def manifest_icons(url: str, fetch: Fetch) -> tuple[str, ...]:
    """Return the icons a web app manifest names; none where there is none to be had."""
    if not url:
        return ()
    try:
        manifest = await fetch(url, accept=MANIFEST_ACCEPT, max_bytes=MAX_MANIFEST_BYTES)
    except FetchError:
        return ()
    return await sandbox().acall(icons_of_manifest, manifest.body, url=manifest.final_url)


def record(found: Found) -> None:
    """Keep the mark and say when it is looked for again; a source that has none, or none now, keeps the one it had."""
    source, now = found.source, database_now()
    changes = {"mark_attempts": 0, "mark_after": now + REFRESH * random.uniform(0.9, 1.1)}  # noqa: S311 - no secret
    if found.mark:
        try:
            changes["mark"] = keep(source, found.mark)
        except FileNotKept as error:
            log.error("a source's icon could not be kept", source=source.slug, reason=str(error))
            Source.objects.filter(pk=source.pk).update(mark_after=now + RETRY)
            return
    elif isinstance(found.error, HostOnHold):
        changes = {"mark_after": now + timedelta(seconds=found.error.seconds) + LEASE}
    elif found.error:
        log.info("a source's icon could not be had", source=source.slug, reason=str(found.error))
        wait = min(RETRY * 4 ** min(source.mark_attempts, 8), REFRESH)
        changes = {"mark_attempts": min(source.mark_attempts + 1, 100), "mark_after": now + wait}
    elif not found.is_reached:
        changes = {"mark_after": now}
    Source.objects.filter(pk=source.pk).update(**changes)
    if found.mark and source.mark and source.mark != changes["mark"]:
        default_storage.delete(source.mark)


def keep(source: Source, mark: bytes) -> str:
    """Store a mark; returns its name. Another mark has another name, as browsers keep files long."""
    name = f"marks/{source.pk}-{hashlib.blake2b(mark, digest_size=4).hexdigest()}.webp"
    keep_file(name, mark)
    return name
