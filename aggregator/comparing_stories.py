"""Makes the comparisons that pages show, of stories that grew: the work of one worker's task.

A story's row in KeptComparison is its lease as well: whoever writes the time into `tried_at` may make it, and nobody
else for some minutes, however fast the story grows and whatever becomes of the worker.
"""

import gc
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import TruncHour

from aggregator.comparing.naming import Variants
from aggregator.comparing.whole import compare
from aggregator.coverage import coverage_of
from aggregator.furniture import furniture_of
from aggregator.heading import head_by
from aggregator.kept_comparisons import present_shape, silent_of, written
from aggregator.models import KeptComparison, NameVariants, Story, StoryQuerySet
from aggregator.story_texts import tellings_of
from aggregator.usual_words import background
from feeds.clock import database_now
from feeds.streaming import is_ending

log = structlog.get_logger(__name__)

PER_BATCH = 50
BUSY_SECONDS = 40
AT_MOST_EVERY = timedelta(minutes=4)  # per story
RECENT = timedelta(days=4)  # later a story hardly grows
A_DAY = timedelta(hours=24)  # after which it can be said who is silent
LONGEST_WAIT_DOUBLINGS = 8  # after failures: 4 minutes, 8 … 17 hours
OUR_FAULT = "Comparing it failed, and it is our fault: the details are in our log under this story's number."


def compare_grown(limit: int = PER_BATCH) -> int:
    """Compare stories that grew since they were compared, the newest and largest first; returns how many."""
    return _compare(Story.objects.filter(newest_at__gte=database_now() - RECENT), limit)


def compare_older(limit: int = PER_BATCH) -> int:
    """The same of stories that hardly grow any more, but that curators, a mend or a new way to compare changed."""
    return _compare(Story.objects.filter(newest_at__lt=database_now() - RECENT), limit)


def _compare(stories: StoryQuerySet, limit: int) -> int:
    stop_at = time.monotonic() + BUSY_SECONDS
    made = 0
    for story in due(stories, database_now())[:limit]:
        if time.monotonic() > stop_at or is_ending.is_set():
            break
        made += keep_comparison_of(story, database_now())
    return made


def due(stories: StoryQuerySet, now: datetime) -> StoryQuerySet:
    """Those of these stories whose comparison is to be made: told by two sources at least, and

    never compared, or changed since, or compared by code that compared otherwise, or by now a day old, so that it can
    be said who is silent; and not tried a few minutes ago, after failures a longer time.
    """
    kept = "kept_comparison__"
    has_grown = Q(**{f"{kept}made_at": None}) | ~Q(**{f"{kept}version": F("version")})
    has_grown |= ~Q(**{f"{kept}shape": present_shape()})
    has_aged = Q(newest_at__lte=now - A_DAY, **{f"{kept}made_at__lt": F("newest_at") + A_DAY})
    waits = Q()
    for failures in range(LONGEST_WAIT_DOUBLINGS + 1):
        count = {f"{kept}failure_count{'__gte' if failures == LONGEST_WAIT_DOUBLINGS else ''}": failures}
        waits |= Q(**count, **{f"{kept}tried_at__lte": now - AT_MOST_EVERY * 2**failures})
    standing = stories.told_by_several().standing()
    return (
        standing.filter(has_grown | has_aged)
        .filter(Q(kept_comparison=None) | waits)
        .annotate(tried_at=F(f"{kept}tried_at"))
        .only("pk", "version", "category", "country_count", "voices", "first_at", "newest_at")
        .order_by(TruncHour("newest_at").desc(), "-source_count", "-pk")
    )


def keep_comparison_of(story: Story, now: datetime) -> bool:
    """Make a story's comparison and keep it, or why that failed; False where another worker does.

    What fails costs no other story, and is tried again later.
    """
    if not _is_ours(story, now):
        return False
    ours = KeptComparison.objects.filter(story=story.pk, tried_at=now)
    try:
        tellings, source_ids = tellings_of(story)
        languages = {telling.language for telling in tellings}
        with collecting_no_garbage():
            found = compare(
                tellings,
                now=now,
                coverage=coverage_of(story, now),
                background=background(languages),
                variants=variants_in(languages),
                furniture=furniture_of(source_ids),
            )
    except Exception as error:
        log.exception("a story could not be compared", story=story.pk)
        reason = f"{type(error).__name__}: {error}"[:500]
        ours.update(failure_count=F("failure_count") + 1, error=f"{OUR_FAULT} {reason}".replace("\0", ""))
        return True
    if found is None:
        ours.delete()  # its articles left meanwhile
        return True
    kept = {"data": written(found), "silent": silent_of(found), "version": story.version, "shape": present_shape()}
    if ours.update(**kept, made_at=now, failure_count=0, error=""):
        head_by(story, found.story)
    return True


@contextmanager
def collecting_no_garbage() -> Iterator[None]:
    """Look for no rings of objects meanwhile: comparing makes half a million objects and no ring, and to look through
    them again and again took a fifth of its time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _is_ours(story: Story, now: datetime) -> bool:
    """Take a story for ourselves, unless somebody did since it was read, or it is gone."""
    if story.tried_at is not None:  # type: ignore[attr-defined]  # due() adds it
        tried_before = KeptComparison.objects.filter(story=story.pk, tried_at=story.tried_at)  # type: ignore[attr-defined]
        return tried_before.update(tried_at=now) == 1
    try:
        with transaction.atomic():
            return KeptComparison.objects.get_or_create(story_id=story.pk, defaults={"tried_at": now})[1]
    except IntegrityError:
        return False


def variants_in(languages: Collection[str]) -> list[Variants]:
    """The curators' sets of names in these languages."""
    used = NameVariants.objects.filter(is_used=True, language__in=languages).order_by("pk")
    return [Variants(one.language, tuple(one.names), one.note, one.source) for one in used]
