"""What a curator's rule would make of one page of a source, beside what we make of it without: asked for, kept.

The web process asks and shows, a worker fetches (previewing.py); what lies between them lies in the cache, under a key
nobody guesses.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.cache import cache

from feeds import orders
from feeds.clock import database_now

KEPT_SECONDS = 1800
PATIENCE_SECONDS = 90  # a page that has not come by then will not: no worker runs, or it was lost


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
    """Have a worker read a page by this rule and without; returns the key under which what came of it is found.

    Raises QueueAway.
    """
    key = secrets.token_urlsafe(24)
    preview = Preview(source_id, url, text_selector, clutter_selector, database_now())
    with orders.asking_redis():
        keep(key, preview)
    orders.send("feeds.tasks.make_preview", [key])
    return key


def find(key: str) -> Preview | None:
    """Return an order or what came of it; None where there is none under this key (any longer). Raises QueueAway."""
    with orders.asking_redis():
        kept = cache.get(f"preview:{key}") if key and len(key) < 100 else None
    if kept is None:
        return None
    sides = {name: Side(**kept[name]) for name in ("without", "with_rule")}
    return Preview(**{**kept, "asked_at": datetime.fromisoformat(kept["asked_at"]), **sides})


def keep(key: str, preview: Preview) -> None:
    """Keep plain values: the cache would pickle a dataclass, and an older release of ours may read it."""
    kept = asdict(preview) | {"asked_at": preview.asked_at.isoformat()}
    cache.set(f"preview:{key}", kept, KEPT_SECONDS)
