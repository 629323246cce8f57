"""What a curator's rule would make of one page of a source, beside what we make of it without: asked for, made, kept.

The web process asks and shows, a worker fetches; what lies between them lies in the cache, under a key nobody guesses.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.core.cache import cache

from feeds import hosts
from feeds.clock import database_now
from feeds.errors import FeedsError, FetchError
from feeds.extraction import Page
from feeds.fetching import open_fetcher
from feeds.models import Source
from feeds.permission import Permissions
from feeds.reading import fetch_page

log = structlog.get_logger(__name__)

KEPT_SECONDS = 1800
PATIENCE_SECONDS = 90  # a page that has not come by then will not: no worker runs, or it was lost
MAX_HTML = 300_000  # characters of either side that are kept
OUR_FAULT = "We failed to read this page, and it is our fault: the details are in our log."


@dataclass(frozen=True, slots=True)
class Side:
    """One reading of the page. html is sanitised; problem is a sentence, where the rule does not fit."""

    title: str = ""
    html: str = ""
    words: int = 0
    problem: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """An order for a preview, and once it is made what came of it: both sides, or an error in a sentence."""

    source_id: int
    url: str
    text_selector: str
    clutter_selector: str
    asked_at: datetime
    is_made: bool = False
    error: str = ""
    without: Side = Side()
    with_rule: Side = Side()

    @property
    def rule(self) -> dict[str, str]:
        return {"text_selector": self.text_selector, "clutter_selector": self.clutter_selector}

    def is_overdue(self, now: datetime) -> bool:
        return not self.is_made and (now - self.asked_at).total_seconds() > PATIENCE_SECONDS


def order(source_id: int, url: str, *, text_selector: str, clutter_selector: str) -> str:
    """Have a worker read a page by this rule and without; returns the key under which what came of it is found."""
    from feeds.tasks import make_preview  # noqa: PLC0415  which imports this module

    key = secrets.token_urlsafe(24)
    _keep(key, Preview(source_id, url, text_selector, clutter_selector, database_now()))
    make_preview.delay(key)
    return key


def find(key: str) -> Preview | None:
    """Return an order or what came of it; None where there is none under this key (any longer)."""
    kept = cache.get(f"preview:{key}") if len(key) < 100 else None
    if kept is None:
        return None
    sides = {name: Side(**kept[name]) for name in ("without", "with_rule")}
    return Preview(**{**kept, "asked_at": datetime.fromisoformat(kept["asked_at"]), **sides})


def make(key: str) -> None:
    """Carry out an order: fetch its page, read it with and without the rule. Done already, it does nothing."""
    preview = find(key)
    if preview is None or preview.is_made:
        return
    try:
        made = _made(preview)
    except FetchError as error:
        made = {"error": error.reason}
    except Exception:
        log.exception("a preview could not be made", url=preview.url)
        made = {"error": OUR_FAULT}
    _keep(key, replace(preview, is_made=True, **made))


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


def _keep(key: str, preview: Preview) -> None:
    """Keep plain values: the cache would pickle a dataclass, and an older release of ours may read it."""
    kept = asdict(preview) | {"asked_at": preview.asked_at.isoformat()}
    cache.set(f"preview:{key}", kept, KEPT_SECONDS)
