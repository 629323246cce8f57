"""Finds the marks of sources: the icon a site shows of itself, asked of its home page, drawn anew, stored by us.

Where there is none, pages show a monogram (aggregator/templatetags/marks.py).
"""

import hashlib
import random
from datetime import timedelta
from urllib.parse import urljoin

import structlog
from django.core.files.storage import default_storage
from django.db import transaction

from feeds.clock import database_now
from feeds.errors import FetchError, FileNotKept, HostOnHold, NotAPicture
from feeds.fetching import PAGE_ACCEPT, PICTURE_ACCEPT
from feeds.files import keep_file
from feeds.icons import MAX_MANIFEST_BYTES, MOST_ICONS, draw_mark, icons_of, icons_of_manifest
from feeds.models import Source
from feeds.net.bounds import PAGE_MAX_BYTES
from feeds.picture_fetching import LEASE, Fetch, Found, find_pictures
from feeds.sandbox import sandbox

log = structlog.get_logger(__name__)

MARKS_PER_BATCH = 20
ICON_MAX_BYTES = 1024 * 1024
MANIFEST_ACCEPT = "application/manifest+json, application/json;q=0.9, */*;q=0.5"
REFRESH = timedelta(days=30)
RETRY = timedelta(hours=1)  # four times as long after each failure, until it is REFRESH


def find_due_marks(limit: int = MARKS_PER_BATCH) -> int:
    """Look for the marks of up to `limit` sources whose time has come; returns of how many."""
    sources = lease(limit)
    for found in find_pictures(sources, mark_of, urls=(source.site_url for source in sources), what="icon"):
        record(found)
    return len(sources)


def lease(limit: int) -> list[Source]:
    """Take up to `limit` sources whose mark is to be looked for; `mark_after` is the lease."""
    now = database_now()
    with transaction.atomic():
        due = Source.objects.filter(mark_after__lte=now, is_paused=False).order_by("mark_after", "pk")
        sources = list(due.select_for_update(skip_locked=True)[:limit])
        Source.objects.filter(pk__in=[source.pk for source in sources]).update(mark_after=now + LEASE)
    return sources


async def mark_of(source: Source, fetch: Fetch) -> bytes | None:
    return await find_mark(source.site_url, fetch) or None


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


def record(found: Found[Source, bytes]) -> None:
    """Keep the mark and say when it is looked for again; a source that has none, or none now, keeps the one it had."""
    source, now, wait = found.wanting, database_now(), found.wait
    changes = {"mark_attempts": 0, "mark_after": now + REFRESH * random.uniform(0.9, 1.1)}  # noqa: S311 - no secret
    if found.picture:
        try:
            changes["mark"] = keep(source, found.picture)
        except FileNotKept as error:
            log.error("a source's icon could not be kept", source=source.slug, reason=str(error))
            changes = {"mark_after": now + RETRY}
    elif wait is not None:
        changes = {"mark_after": now + wait}
    elif found.error:
        log.info("a source's icon could not be had", source=source.slug, reason=str(found.error))
        longer = min(RETRY * 4 ** min(source.mark_attempts, 8), REFRESH)
        changes = {"mark_attempts": min(source.mark_attempts + 1, 100), "mark_after": now + longer}
    Source.objects.filter(pk=source.pk).update(**changes)
    if source.mark and source.mark != changes.get("mark", source.mark):
        default_storage.delete(source.mark)


def keep(source: Source, mark: bytes) -> str:
    """Store a mark; returns its name. Another mark has another name, as browsers keep files long."""
    name = f"marks/{source.pk}-{hashlib.blake2b(mark, digest_size=4).hexdigest()}.webp"
    keep_file(name, mark)
    return name
