"""Carries out the previews that curators order (previews.py). Runs in a worker."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from feeds.errors import FeedsError, FetchError
from feeds.extraction import Page
from feeds.fetching import open_fetcher
from feeds.manners import hosts
from feeds.manners.permission import Permissions
from feeds.models import Source
from feeds.orders import is_first
from feeds.previews import PATIENCE_SECONDS, Preview, Side, find, keep
from feeds.reading import fetch_page

log = structlog.get_logger(__name__)

MAX_HTML = 300_000  # characters of either side that are kept
OUR_FAULT = "We failed to read this page, and it is our fault: the details are in our log."


def make(key: str) -> None:
    """Carry out an order: fetch its page, read it with and without the rule.

    Done already, or being done by another worker, it does nothing.
    """
    preview = find(key)
    if preview is None or preview.is_made or not is_first(f"preview:{key}", PATIENCE_SECONDS):
        return
    try:
        made = _made(preview)
    except FetchError as error:
        made = {"error": error.reason_of_one_try}
    except Exception:
        log.exception("a preview could not be made", url=preview.url)
        made = {"error": OUR_FAULT}
    keep(key, replace(preview, is_made=True, **made))


def _made(preview: Preview) -> dict[str, Any]:
    delay_seconds = Source.objects.values_list("crawl_delay_seconds", flat=True).filter(pk=preview.source_id).first()
    permissions = Permissions([preview.url], what="page", with_reservations=True)
    try:
        return asyncio.run(_sides(preview, permissions, delay_seconds))
    finally:
        permissions.remember()
        hosts.keep_holds()


async def _sides(preview: Preview, permissions: Permissions, delay_seconds: float | None) -> dict[str, Side]:
    async with open_fetcher() as fetcher:
        read = await fetch_page(preview.url, fetcher, permissions, delay_seconds=delay_seconds)
    rule = {name: selector for name, selector in preview.rule.items() if selector}
    return {"without": await _side(read, preview), "with_rule": await _side(partial(read, **rule), preview)}


async def _side(read: Callable[..., Awaitable[Page]], preview: Preview) -> Side:
    try:
        page = await read(now=preview.asked_at)
    except FeedsError as error:
        return Side(error=str(error))
    if len(page.html) > MAX_HTML:
        return Side(page.title, "", len(page.text.split()), page.rule_problem, "The text is too long to be shown here.")
    return Side(page.title, page.html, len(page.text.split()), page.rule_problem)
