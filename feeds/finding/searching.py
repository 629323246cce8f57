"""Carries out the searches that curators order (searches.py). Runs in a worker."""

from dataclasses import replace
from datetime import timedelta
from time import monotonic

import structlog

from feeds.clock import database_now
from feeds.discovery import find_feeds
from feeds.finding.searches import PATIENCE_SECONDS, find, keep
from feeds.orders import is_first

log = structlog.get_logger(__name__)

OUR_FAULT = "We failed in this search, and it is our fault: the details are in our log."


def make(curator_id: int, key: str) -> None:
    """Carry out a search that was ordered. Made already, or being made by another worker, it does nothing."""
    search = find(curator_id, key)
    if (
        search is None
        or search.found is not None
        or not is_first(f"search:{key}:{search.ordered_at.timestamp()}", PATIENCE_SECONDS)
    ):
        return
    state = search
    begun_at, begun = database_now(), monotonic()

    def report(url: str) -> None:  # within an event loop, where the database is not to be asked
        nonlocal state
        now = begun_at + timedelta(seconds=monotonic() - begun)
        state = replace(state, asking=url, asked=state.asked + 1, heard_at=now)
        keep(curator_id, key, state)

    try:
        found = find_feeds(search.typed, report=report).as_dict()
    except Exception:
        log.exception("a search for feeds failed", typed=search.typed)
        found = {"asked": search.typed, "failure": OUR_FAULT, "feeds": [], "tried": [], "not_looked_at": []}
    keep(curator_id, key, replace(state, asking="", found=found))
