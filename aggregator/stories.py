"""The rows of stories: the one lock under which they change, and their counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, Max, Min, OuterRef
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver

from aggregator.models import Article, Story
from aggregator.slugs import slug_of
from feeds.models import Source

STORY_LOCK = 0x5A15  # any number that no other advisory lock of ours uses


def lock_stories() -> None:
    """Let one transaction at a time publish, merge or shrink: two workers with the first two articles of one event
    must find each other's story, and with one page each other's article. The lock goes with the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STORY_LOCK])


def note_changed(story_ids: Iterable[int]) -> None:
    """Note that articles of these stories changed, for whoever keeps something made of them. Under the lock."""
    for pk in sorted(set(story_ids)):
        Story.objects.filter(pk=pk).update(version=F("version") + 1)


def voices_of(story_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The counts and times of stories, by story, under the names of their fields. One without articles is absent."""
    told = Article.objects.filter(story__in=story_ids).order_by().values("story", country=F("source__country"))
    sides = told.annotate(
        articles=Count("pk"),
        sources=Count("source", distinct=True),
        first_at=Min("published_at"),
        newest_at=Max("published_at"),
    )
    by_story: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for side in sides:
        by_story[side["story"]].append(dict(side))
    return {
        story: {
            "article_count": sum(side["articles"] for side in sides),
            "source_count": sum(side["sources"] for side in sides),  # each source is of one country
            "country_count": len(sides),
            "voices": {side["country"]: side["sources"] for side in sides},
            "first_at": min(side["first_at"] for side in sides),
            "newest_at": max(side["newest_at"] for side in sides),
        }
        for story, sides in by_story.items()
    }


def shrink(story_ids: Collection[int]) -> int:
    """Count anew the stories that lost articles; one without any goes, with all that became part of it, and one that
    stands under the headline of an article that left gets another. Returns how many went.

    Under the lock, as `place` may be adding to one of them at this moment.
    """
    lock_stories()
    standing = voices_of(story_ids)
    for pk, counts in sorted(standing.items()):
        Story.objects.filter(pk=pk).update(**counts, version=F("version") + 1)
    head_anew(standing)
    empty = further = set(story_ids) - standing.keys()
    while further:  # what became part of what became part of it: alone it would stand again, with no article
        further = set(Story.objects.filter(merged_into__in=further).values_list("pk", flat=True)) - empty
        empty |= further
    return Story.objects.filter(pk__in=empty).delete()[0]


def head_anew(story_ids: Iterable[int]) -> None:
    """Give those of these stories another headline that stand under one which none of their articles has any more."""
    said = Article.objects.filter(story=OuterRef("pk"), title=OuterRef("title"))
    for pk in Story.objects.filter(~Exists(said), pk__in=story_ids, is_title_pinned=False).values_list("pk", flat=True):
        first = Article.objects.filter(story=pk).order_by("published_at", "pk").values_list("title", flat=True)[0]
        Story.objects.filter(pk=pk).update(title=first, slug=slug_of(first))


@receiver(pre_delete, sender=Source, dispatch_uid="stories of a source that goes")
def note_what_it_told(instance: Source, **signal: Any) -> None:
    told = Article.objects.filter(source=instance.pk, story__isnull=False)
    instance._told = set(told.values_list("story", flat=True))  # type: ignore[attr-defined]


@receiver(post_delete, sender=Source, dispatch_uid="stories of a source that went")
def shrink_what_it_told(instance: Source, **signal: Any) -> None:
    """Let no story count a source that left, nor stand under its headline."""
    shrink(instance._told)  # type: ignore[attr-defined]
