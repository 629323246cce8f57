"""Splits stories that hold several events; what a curator put together stays so.

Read without a lock; each split is a transaction of its own under the lock of stories, given up if the story changed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from aggregator.finding import splitting
from aggregator.models import KeptTogether, Story, StoryChange, StoryPass
from aggregator.regrouping import CanNotChange, figures, part, read_articles
from aggregator.stories import lock_stories


def split_some(story_ids: Sequence[int], row: StoryPass, now: datetime) -> int:
    """Split those of these stories that hold several events; returns how many stories that made."""
    fields = Story.objects.standing().filter(pk__in=story_ids, article_count__gte=splitting.FEWEST)
    return sum(split_one(story, now) for story in fields.only("version").order_by("pk"))


def split_one(story: Story, now: datetime) -> int:
    """Split a story if it holds several events; returns how many stories that made."""
    members, _profile = read_articles(story)
    found = splitting.parts(members)
    kept = kept_articles([member.id for member in members])
    leaving = parts_that_leave(found, kept)
    if not leaving:
        return 0
    with transaction.atomic():
        lock_stories()
        fresh = Story.objects.standing().filter(pk=story.pk, version=story.version).first()
        if fresh is None:
            return 0  # it changed meanwhile; the next night looks at it again
        made = 0
        for articles in leaving:
            numbers = figures(fresh) | {"parts": [len(one) for one in found]}
            try:
                other = part(fresh, articles, now)
            except CanNotChange:
                continue
            made += 1
            StoryChange.objects.create(
                kind=StoryChange.Kind.SPLIT,
                made_at=now,
                reason="These articles stand apart from the others.",
                story=fresh,
                other=other,
                articles=sorted(articles),
                numbers=numbers,
            )
    return made


def kept_articles(articles: Iterable[int]) -> set[int]:
    return set(KeptTogether.objects.filter(article__in=list(articles)).values_list("article", flat=True))


def parts_that_leave(found: Sequence[Sequence[int]], kept: set[int]) -> list[list[int]]:
    """Which parts of a story become stories of their own: those of two articles or more, all but one.

    That one is the largest, or what a curator put together, which is never parted.
    """
    if len(found) < 2:
        return []
    stays = next((one for one in found if kept.intersection(one)), None)
    if stays is None:
        stays = max(found, key=len)
    return [list(one) for one in found if one is not stays and len(one) > 1 and not kept.intersection(one)]
