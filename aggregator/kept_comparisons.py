"""The comparison of a story as a worker last made it: what pages show. No request ever makes one.

Only what reads it back is loaded here; aggregator.comparing_stories makes it, in workers.
"""

import json
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import connections, router, transaction
from django.db.models import QuerySet
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver

from aggregator.comparing.sections import ADDED_SINCE, METHOD, Comparison, Silence
from aggregator.comparing.spelling import rebuilt, shape_of, spelled
from aggregator.models import Article, KeptComparison, Story
from feeds.models import Source

# The one of a story, and of what it says, which may be a megabyte, nothing where its row is the one that was read.
_SHOWN = """SELECT row, CASE WHEN row = %s::text THEN '' ELSE data END, version, made_at, shape
    FROM (SELECT *, %s::text || xmin || ctid::text AS row FROM aggregator_keptcomparison) kept
    WHERE story_id = %s AND shape = ANY(%s::bigint[]) AND made_at IS NOT NULL"""
MOST_READ = 8  # comparisons a process has at hand; one of two hundred articles is some megabytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A story's comparison as it was at `made_at`, when the story had this version."""

    HOLDS_ARTICLES: ClassVar = ()

    comparison: Comparison
    version: int
    made_at: datetime
    is_current: bool


def comparison_of(story: Story) -> Kept | None:
    """What is kept of a story's comparison, the present one or an earlier; None where none was made yet. One query.

    One by an earlier method is shown until a worker has made it anew, as far as it goes.
    """
    row, known = _read.get(story.pk, ("", None))
    database = router.db_for_read(KeptComparison)
    values = [row, database, story.pk, shapes_shown()]
    for row, news, version, made_at, made_by in connections[database].rows(_SHOWN, values):  # type: ignore[attr-defined]  # zisnews.postgres
        is_current = version == story.version and made_by == present_shape()
        comparison = read(story.pk, row, news) if news or known is None else known
        return Kept(comparison, version, made_at, is_current)
    return None


def read(story: int, row: str, data: str) -> Comparison:
    """A comparison as `written` gave it. Nobody can change it, so that all readers of a large story have the same."""
    comparison = rebuilt(Comparison, json.loads(data))
    if len(_read) >= MOST_READ:
        _read.clear()
    _read[story] = row, comparison
    return comparison


_read: dict[int, tuple[str, Comparison]] = {}  # by story, what was read from a version of its row


def name_of(story: Story) -> str:
    """What changes whenever comparison_of() would give another; "" where it gives none. One query, of few bytes."""
    made_at = shown([story.pk]).values_list("made_at", flat=True).first()
    return made_at.isoformat() if made_at else ""


def silent_in(story_ids: Collection[int], country: str) -> dict[int, Silence]:
    """By story, how the comparison that its page shows found a country silent. One query."""
    kept = shown(story_ids).filter(silent__has_key=country).values_list("story", f"silent__{country}")
    return {story: Silence(country, *figures) for story, figures in kept}


def silent_of(comparison: Comparison) -> dict[str, list[float]] | None:
    """Who is silent, as it is kept beside a comparison for whoever asks of many stories at once."""
    if comparison.silent is None:
        return None
    return {one.country: [one.polled, one.usually, one.stories, one.probability] for one in comparison.silent}


def shown(story_ids: Collection[int]) -> QuerySet[KeptComparison]:
    """The rows of stories' comparisons, those that are like what can be shown."""
    return KeptComparison.objects.filter(story__in=story_ids, shape__in=shapes_shown(), made_at__isnull=False)


def shapes_shown() -> list[int]:
    """What a comparison may be like that is shown: as it is made now, or was by an earlier method."""
    return [present_shape(), *(shape(method, fields) for method, fields in ADDED_SINCE.items())]


def present_shape() -> int:
    """What a comparison is like that is made now."""
    return shape(METHOD)


def shape(method: int, without: tuple[str, ...] = ()) -> int:
    """What a kept comparison must be like to be shown: of the fields the code has, made by a method, within what the
    site may show. without: fields that there were not yet when it was the method
    """
    return zlib.crc32(f"{settings.ZIS_DISPLAY} {method}".encode(), shape_of(Comparison, without=without))


def written(comparison: Comparison) -> str:
    """A comparison as it is kept."""
    return json.dumps(spelled(comparison), ensure_ascii=False, separators=(",", ":"))


def forget(story_ids: Iterable[int]) -> None:
    """Show the comparisons of these stories no more until they are made anew: something of theirs may not be shown."""
    KeptComparison.objects.filter(story__in=list(story_ids)).delete()


@receiver(pre_save, sender=Source, dispatch_uid="comparisons of a source whose display changes")
def forget_where_display_changes(instance: Source, **signal: Any) -> None:
    """Forget the comparisons that have a source's sentences, when a curator lets more or less of its texts be shown."""
    before = Source.objects.filter(pk=instance.pk).values_list("display_policy", flat=True).first()
    if before is not None and before != instance.display_policy:
        told = Article.objects.filter(source=instance.pk).values("story")
        transaction.on_commit(lambda: KeptComparison.objects.filter(story__in=told).delete())


@receiver(pre_delete, sender=Source, dispatch_uid="comparisons of a source that goes")
def forget_what_goes(instance: Source, **signal: Any) -> None:
    """Forget the comparisons that have sentences of a source that leaves."""
    forget(Article.objects.filter(source=instance.pk, story__isnull=False).values_list("story", flat=True))
