"""The threads on the page of an article as they were drawn for others: what nobody told apart need not be drawn anew.

A page of threads is kept by each process under all that is drawn of it: its rows as Postgres gave them, the reader's
votes and blocks among them, what is new to them, and how they read. Who wrote one of them sees it otherwise, with ways
to change it, and is drawn a page of their own. It is shown until an age on it would be told in other words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import get_script_prefix
from django.utils.translation import get_language

from comments import drawing
from comments.thread_rows import FIELDS, Eyes, Row
from comments.threads import PageOfThreads, Told, count_new, first_new

MOST_KEPT = 64  # pages of some 100 kB, by each process
SECONDS = 10  # the shortest that ages are shown: of fifty comments of this hour one is a minute older each second
_AUTHOR, _POSTED = FIELDS.index("author_id"), FIELDS.index("posted_at")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Threads as items of a list. new_count: of comments that are new; first_new: the topmost of them, 0 for none

    until: when an age would be told in other words
    """

    items: str
    new_count: int
    first_new: int
    until: datetime


_kept: dict[tuple, Drawn] = {}


def drawn(found: PageOfThreads, eyes: Eyes, page: drawing.Page) -> Drawn:
    """The threads as this reader sees them."""
    reader = eyes.user.pk if eyes.user else None
    if reader and any(row[_AUTHOR] == reader for row in found.rows):
        return drawn_anew(found.trees(eyes), page)
    new = tuple(row[_POSTED] > eyes.since for row in found.rows) if eyes.since else ()
    key = (found, new, get_language(), get_script_prefix(), page.zone.key, page.is_user, page.is_open)
    known = _kept.get(key)
    if known is None or known.until <= page.now:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        known = _kept[key] = drawn_anew(found.trees(eyes), page, rows=found.rows)
    return known


def drawn_anew(
    trees: Sequence[Told], page: drawing.Page, *, rows: Sequence[Row] = (), above: Sequence[Told] = ()
) -> Drawn:
    """rows: whose ages say how long this may be shown. above: what is told on the same page before these threads"""
    shown = [*above, *trees]
    first = first_new(shown)
    until = min((older_at(row[_POSTED], page.now) for row in rows), default=page.now)
    return Drawn(
        drawing.threads(trees, page),
        count_new(shown),
        first.comment.pk if first else 0,
        max(until, page.now + timedelta(seconds=SECONDS)),
    )


def older_at(moment: datetime, now: datetime) -> datetime:
    """When the age of something is told in other words (aggregator.templatetags.moments)."""
    passed = now - moment
    step = MINUTE if passed < HOUR else HOUR if passed < DAY else DAY
    return moment + (passed // step + 1) * step
