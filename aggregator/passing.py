"""One pass over the whole way, from feeds to stories, in the calling process."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db.models import Q

from aggregator import pictures, publishing
from feeds import ingestion, reading
from feeds.clock import database_now
from feeds.models import FeedQuerySet

Progress = Callable[[str, int], object]

BUSY_SECONDS = 60


@dataclass(slots=True)
class Pass:
    """What one pass did. seconds: wall time by stage."""

    feeds: int = 0
    unchanged: int = 0
    failed: int = 0
    entries_new: int = 0
    pages_read: int = 0
    articles_new: int = 0
    stories_new: int = 0
    pictures: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def run_pass(feeds: FeedQuerySet, *, check_now: bool, progress: Progress = lambda stage, done: None) -> Pass:
    """Bring these feeds in, then read, publish and illustrate whatever is waiting.

    check_now: ask every one that is not paused, not only those that are due
    progress:  told the stage and how many more are done in it
    """
    report = Pass()
    if check_now:
        feeds.active().check_now(database_now())
    with timed(report, "feeds"):
        bring_in(feeds, report, progress)
    with timed(report, "pages"):
        while done := reading.keep_reading(BUSY_SECONDS, tell=lambda count: progress("pages", count)):
            report.pages_read += done
    with timed(report, "publishing"):
        while (published := publishing.publish_ready()).entries:
            report.articles_new += published.articles_new
            report.stories_new += published.stories_new
            progress("articles", published.entries)
    with timed(report, "pictures"):
        report.pictures = repeat(pictures.fetch_due_pictures, "pictures", progress)
    return report


def bring_in(feeds: FeedQuerySet, report: Pass, progress: Progress) -> None:
    """Ask those that are due, each once: one that fails at once and is due again must not keep us here."""
    began = database_now()
    unasked = feeds.filter(Q(checked_at=None) | Q(checked_at__lt=began))
    while (
        done := ingestion.keep_refreshing(
            BUSY_SECONDS, among=unasked, tell=lambda stored: progress("feeds", stored.feeds)
        )
    ).feeds:
        report.feeds += done.feeds
        report.unchanged += done.unchanged
        report.failed += done.failed
        report.entries_new += done.entries_new


def repeat(take_batch: Callable[[], int], stage: str, progress: Progress) -> int:
    """Take batches until none is left; returns how many rows that were."""
    total = 0
    while done := take_batch():
        total += done
        progress(stage, done)
    return total


@contextmanager
def timed(report: Pass, stage: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    report.seconds[stage] = round(time.monotonic() - began, 3)
