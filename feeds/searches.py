"""A curator's search for the feeds behind an address: ordered, made, kept.

The web process orders and shows, a worker asks the outside; what lies between them lies in the cache for an hour, under
a key nobody guesses and only that curator's pages look under.
"""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from django.core.cache import cache

from feeds.clock import database_now
from feeds.discovery import MOST_SECONDS, find_feeds

log = structlog.get_logger(__name__)

KEPT_SECONDS = 3600
PATIENCE_SECONDS = 2 * MOST_SECONDS  # without a word by then, no worker runs, or the order was lost
OUR_FAULT = "We failed in this search, and it is our fault: the details are in our log."


@dataclass(frozen=True, slots=True)
class Search:
    """A search, and once it is made what it found.

    asking, asked: the address that is asked at the moment, and how many were
    found:         a Discovery as built-in values; None until it is made
    """

    typed: str
    ordered_at: datetime
    heard_at: datetime
    asking: str = ""
    asked: int = 0
    found: dict[str, Any] | None = None

    def is_overdue(self, now: datetime) -> bool:
        return self.found is None and (now - self.heard_at).total_seconds() > PATIENCE_SECONDS


def order(curator_id: int, typed: str) -> str:
    """Have a worker search; returns the key under which that curator finds how far it is."""
    from feeds.tasks import search_feeds  # noqa: PLC0415  which imports this module

    key = secrets.token_urlsafe(24)
    now = database_now()
    _keep(curator_id, key, Search(typed, now, now))
    search_feeds.delay(curator_id, key)
    return key


def find(curator_id: int, key: str) -> Search | None:
    """Return a search of this curator's; None where there is none under this key (any longer)."""
    kept = cache.get(_name(curator_id, key)) if len(key) < 100 else None
    if kept is None:
        return None
    moments = {name: datetime.fromisoformat(kept[name]) for name in ("ordered_at", "heard_at")}
    return Search(**{**kept, **moments})


def make(curator_id: int, key: str) -> None:
    """Carry out a search that was ordered. Made already, it does nothing."""
    search = find(curator_id, key)
    if search is None or search.found is not None:
        return
    state = search
    begun_at, begun = database_now(), monotonic()

    def report(url: str) -> None:  # within an event loop, where the database is not to be asked
        nonlocal state
        now = begun_at + timedelta(seconds=monotonic() - begun)
        state = replace(state, asking=url, asked=state.asked + 1, heard_at=now)
        _keep(curator_id, key, state)

    try:
        found = find_feeds(search.typed, report=report).as_dict()
    except Exception:
        log.exception("a search for feeds failed", typed=search.typed)
        found = {"asked": search.typed, "failure": OUR_FAULT, "feeds": [], "tried": [], "not_looked_at": []}
    _keep(curator_id, key, replace(state, asking="", found=found))


def _name(curator_id: int, key: str) -> str:
    return f"search:{curator_id}:{key}"


def _keep(curator_id: int, key: str, search: Search) -> None:
    """Keep plain values: the cache would pickle a dataclass, and another release of ours may read it."""
    moments = {name: getattr(search, name).isoformat() for name in ("ordered_at", "heard_at")}
    cache.set(_name(curator_id, key), asdict(search) | moments, KEPT_SECONDS)
