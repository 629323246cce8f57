"""One pass over the whole way, from feeds to stories, in the calling process."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aggregator import pictures, publishing
from feeds import ingestion, reading
from feeds.clock import database_now
from feeds.models import FeedQuerySet

Progress = Callable[[str, int], object]


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
        waiting = feeds.due(database_now()).count()  # those that fail at once and are due again must not keep us here
        while report.feeds < waiting and (done := ingestion.refresh_due(among=feeds)).feeds:
            report.feeds += done.feeds
            report.unchanged += done.unchanged
            report.failed += done.failed
            report.entries_new += done.entries_new
            progress("feeds", done.feeds)
    with timed(report, "pages"):
        report.pages_read = repeat(reading.read_due_pages, "pages", progress)
    with timed(report, "publishing"):
        while (published := publishing.publish_ready()).entries:
            report.articles_new += published.articles_new
            report.stories_new += published.stories_new
            progress("articles", published.entries)
    with timed(report, "pictures"):
        report.pictures = repeat(pictures.fetch_due_pictures, "pictures", progress)
    return report


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
