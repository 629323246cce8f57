"""Articles older than the site keeps leave in small batches, with their pictures, and do not come back.

What a reader did with an article holds it: any row of another table that points at it, or at its story, keeps it. So
whatever readers will be able to save, answer or follow is safe from the day its table exists.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from aggregator import picture_files, stories
from aggregator.models import (
    About,
    Article,
    ArticleQuerySet,
    Headline,
    KeptComparison,
    SearchDocument,
    Story,
    Tombstone,
)
from feeds.clock import database_now
from feeds.models import Entry
from feeds.streaming import is_ending
from zisnews.kept_pages import EVERYTHING, outdate

log = structlog.get_logger(__name__)

ARTICLES_PER_BATCH = 500
ENTRIES_PER_BATCH = 5_000
BUSY_SECONDS = 60
FOLDERS_PER_RUN = 50
# Rows that are part of an article or of a story, or that are articles themselves: they hold nothing back.
PARTS: set[type[models.Model]] = {About, Article, Headline, KeptComparison, SearchDocument, Story}


@dataclass(slots=True)
class Left:
    """What left: articles, stories without any, the texts of old entries."""

    articles: int = 0
    stories: int = 0
    entries: int = 0


def let_old_leave(days: int, *, budget_seconds: float = BUSY_SECONDS) -> Left:
    """Let articles older than so many days leave, and the texts of their announcements; 0 days keeps all for ever."""
    left = Left()
    if not days:
        return left
    now = database_now()
    cutoff, stop_at = now - timedelta(days=days), time.monotonic() + budget_seconds
    after: tuple[datetime, int] | None = None
    while time.monotonic() < stop_at and not is_ending.is_set():
        after, articles, gone_stories = let_batch_leave(cutoff, after, now)
        left.articles += articles
        left.stories += gone_stories
        if after is None:
            break
    while time.monotonic() < stop_at and not is_ending.is_set():
        entries = Entry.objects.bury_older_than(cutoff, ENTRIES_PER_BATCH)
        left.entries += entries
        if entries < ENTRIES_PER_BATCH:
            break
    return left


def leaving(cutoff: datetime) -> ArticleQuerySet:
    """Articles published before the cutoff that no reader has laid a hand on.

    One whose entry waits to be published anew leaves after that: the publisher holds the entry and wants the article.
    """
    is_settled = Q(entry=None) | ~Q(entry__state__in=[Entry.State.NEW, Entry.State.READY])
    return Article.objects.filter(is_settled, published_at__lt=cutoff).exclude(is_held())


def is_held() -> Q:
    """The condition that a row of another table points at an article or at its story."""
    return Q(*held_by(Article, "pk"), *held_by(Story, "story"), _connector=Q.OR)


def held_by(model: type[models.Model], reference: str) -> list[Exists]:
    """One condition for each relation by which rows that are not PARTS point at `model`, but for models of later apps
    that say HOLDS_NO_ARTICLE.

    reference: the field of Article that says which row of `model` is meant
    """
    return [
        Exists(relation.related_model._base_manager.filter(**{relation.field.name: OuterRef(reference)}))
        for relation in model._meta.related_objects
        if relation.related_model not in PARTS and not getattr(relation.related_model, "HOLDS_NO_ARTICLE", False)
    ]


def let_batch_leave(
    cutoff: datetime, after: tuple[datetime, int] | None, now: datetime
) -> tuple[tuple[datetime, int] | None, int, int]:
    """Delete the next batch in order of age; returns its last key (None: no more), and how many articles and stories.

    The rows are locked first: whoever saves one of them at this moment waits, and is told that it is gone.
    """
    articles = leaving(cutoff).order_by("published_at", "pk")
    if after is not None:
        moment, pk = after
        articles = articles.filter(published_at__gte=moment).exclude(published_at=moment, pk__lte=pk)
    with transaction.atomic():
        fields = articles.only("url", "published_at", "story", "entry", "picture", "picture_width")
        batch = list(fields.select_for_update(skip_locked=True, of=("self",))[:ARTICLES_PER_BATCH])
        if not batch:
            return None, 0, 0
        gone_stories = delete(batch, now)
    last = batch[-1]
    return (last.published_at, last.pk), len(batch), gone_stories


def delete(batch: Sequence[Article], now: datetime) -> int:
    """Delete these articles with what is theirs, leaving a tombstone of each; returns how many stories went."""
    Tombstone.objects.bury([article.url for article in batch if article.url], now)
    Entry.objects.filter(pk__in=[article.entry_id for article in batch if article.entry_id]).bury()
    files = [path for article in batch if article.picture for path in paths_of(article)]
    Article.objects.filter(pk__in=[article.pk for article in batch]).delete()
    gone_stories = stories.shrink({article.story_id for article in batch if article.story_id})
    transaction.on_commit(lambda: picture_files.discard(files))
    outdate(EVERYTHING)
    return gone_stories


def paths_of(article: Article) -> list[str]:
    return picture_files.paths_of(article.picture, article.picture_width)


def sweep_pictures(now: datetime) -> int:
    """Delete files without an article from the folders whose hour it is; a day goes round them all."""
    hour = int(now.timestamp() // 3600)
    return sum(picture_files.sweep(hour * FOLDERS_PER_RUN + number) for number in range(FOLDERS_PER_RUN))
