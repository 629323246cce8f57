"""The rows of stories: the one lock under which they change, and their counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Min, Q

from aggregator.models import Article, Story

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
    """Count anew the stories that lost articles; one without any goes. Returns how many went.

    Under the lock, as `place` may be adding to one of them at this moment.
    """
    lock_stories()
    standing = voices_of(story_ids)
    for pk, counts in sorted(standing.items()):
        Story.objects.filter(pk=pk).update(**counts, version=F("version") + 1)
    empty = set(story_ids) - standing.keys()
    return Story.objects.filter(Q(pk__in=empty) | Q(merged_into__in=empty)).delete()[0]
