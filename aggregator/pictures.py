"""Brings in the pictures of articles: fetched through the one door, re-encoded in a limited process, stored by us.

No reader's browser ever asks a publisher for a picture.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F

from aggregator.models import Article
from feeds.clock import database_now
from feeds.errors import FeedsError
from feeds.fetching import PICTURE_ACCEPT, PICTURE_MAX_BYTES, open_fetcher
from feeds.pictures import Shrunk, shrink
from feeds.reading import is_worth_another_try
from feeds.sandbox import sandbox
from feeds.streaming import Worker, stream

log = structlog.get_logger(__name__)

PICTURES_PER_BATCH = 60
BATCH_SECONDS = 90
LEASE = timedelta(seconds=150)
RETRY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Brought:
    """How one article's picture came: shrunk, error, or neither where its turn did not come."""

    article: Article
    shrunk: Shrunk | None = None
    error: FeedsError | None = None


def fetch_due_pictures(limit: int = PICTURES_PER_BATCH) -> int:
    """Bring in up to `limit` pictures that are wanted, the newest articles' first; returns how many were tried."""
    articles = lease(limit)
    for batch in stream(articles, open_picture_reader, budget_seconds=BATCH_SECONDS, unreached=Brought):
        for brought in batch:
            store(brought)
    return len(articles)


def lease(limit: int) -> list[Article]:
    """Take up to `limit` articles that want a picture. `picture_after` is the lease; the attempt counts from now."""
    now = database_now()
    with transaction.atomic():
        wanting = Article.objects.wanting_picture(now).only("picture_url", "url", "picture_attempts")
        articles = list(wanting.select_for_update(skip_locked=True)[:limit])
        Article.objects.filter(pk__in=[article.pk for article in articles]).update(
            picture_after=now + LEASE, picture_attempts=F("picture_attempts") + 1
        )
    for article in articles:
        article.picture_attempts += 1
    return articles


@asynccontextmanager
async def open_picture_reader() -> AsyncIterator[Worker]:
    """Give the coroutine function that brings one picture."""
    async with open_fetcher() as fetcher:

        async def bring(article: Article) -> Brought:
            try:
                document = await fetcher.fetch(article.picture_url, accept=PICTURE_ACCEPT, max_bytes=PICTURE_MAX_BYTES)
                return Brought(article, shrunk=await sandbox().acall(shrink, document.body))
            except FeedsError as error:
                return Brought(article, error=error)

        yield bring


def store(brought: Brought) -> None:
    """Keep the picture, or note when to try again; a broken one is given up and the card does without."""
    article = brought.article
    if brought.shrunk:
        keep(article, brought.shrunk)
        return
    if brought.error is None or (
        is_worth_another_try(brought.error) and article.picture_attempts < Article.MAX_PICTURE_ATTEMPTS
    ):
        article.picture_after = database_now() + RETRY * article.picture_attempts
    else:
        log.info("a picture was given up", article=article.pk, reason=str(brought.error))
        article.picture_after = None
    article.save(update_fields=["picture_after"])


def keep(article: Article, shrunk: Shrunk) -> None:
    """Store each width under the article's name, and what a page must know to lay it out."""
    name = f"pictures/{article.pk % 1000:03d}/{article.pk}"
    for width, body in shrunk.by_width.items():
        path = f"{name}-{width}.webp"
        default_storage.delete(path)  # left by a worker that was killed here
        default_storage.save(path, ContentFile(body))
    article.picture, article.picture_after = name, None
    article.picture_width, article.picture_height = shrunk.width, shrunk.height
    article.picture_colour = shrunk.colour
    article.save(update_fields=["picture", "picture_after", "picture_width", "picture_height", "picture_colour"])
