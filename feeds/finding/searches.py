"""A curator's search for the feeds behind an address: ordered and kept.

The web process orders and shows, a worker asks the outside (searching.py); what lies between them lies in the cache
for an hour, under a key nobody guesses and only that curator's pages look under.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from feeds import orders
from feeds.clock import database_now

KEPT_SECONDS = 3600
PATIENCE_SECONDS = 120  # twice what a search may take; without a word by then, no worker runs, or the order was lost


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
    """Have a worker search; returns the key under which that curator finds how far it is. Raises QueueAway."""
    key = secrets.token_urlsafe(24)
    now = database_now()
    with orders.asking_redis():
        keep(curator_id, key, Search(typed, now, now))
    orders.send("feeds.tasks.search_feeds", [curator_id, key])
    return key


def find(curator_id: int, key: str) -> Search | None:
    """Return a search of this curator's; None where there is none under this key (any longer). Raises QueueAway."""
    with orders.asking_redis():
        kept = cache.get(_name(curator_id, key)) if len(key) < 100 else None
    if kept is None:
        return None
    moments = {name: datetime.fromisoformat(kept[name]) for name in ("ordered_at", "heard_at")}
    return Search(**{**kept, **moments})


def _name(curator_id: int, key: str) -> str:
    return f"search:{curator_id}:{key}"


def keep(curator_id: int, key: str, search: Search) -> None:
    """Keep plain values: the cache would pickle a dataclass, and another release of ours may read it."""
    moments = {name: getattr(search, name).isoformat() for name in ("ordered_at", "heard_at")}
    cache.set(_name(curator_id, key), asdict(search) | moments, KEPT_SECONDS)
