"""Brings in the pictures of articles: fetched through the one door, re-encoded in a limited process, stored by us.

No reader's browser ever asks a publisher for a picture.
"""

from collections import Counter
from datetime import timedelta
from functools import partial

import structlog
from django.db import transaction
from django.db.models import F

from aggregator import picture_files
from aggregator.models import Article
from aggregator.shared_pictures import REASON, shared_pictures, sharers_of
from feeds.clock import database_now
from feeds.errors import FetchError, FileNotKept
from feeds.fetching import PICTURE_ACCEPT
from feeds.files import keep_file
from feeds.manners.fairness import lease_fairly
from feeds.models import Host, HostOf
from feeds.net.bounds import PICTURE_MAX_BYTES
from feeds.picture_fetching import LEASE, Fetch, Found, find_pictures
from feeds.pictures import Shrunk, shrink
from feeds.reading import is_worth_another_try
from feeds.sandbox import sandbox

log = structlog.get_logger(__name__)

PICTURES_PER_BATCH = 60
LEASED_PER_HOST = 10
RETRY = timedelta(minutes=10)
PICTURE_FIELDS = [
    "picture", "picture_url", "picture_caption", "picture_credit", "picture_spares", "picture_attempts",
    "picture_after", "picture_error",
]  # fmt: skip


def fetch_due_pictures(limit: int = PICTURES_PER_BATCH) -> int:
    """Bring in up to `limit` pictures that are wanted, the newest articles' first; returns how many were tried."""
    give_up_on_killers()
    articles = lease(limit)
    usual = shared_pictures(articles)
    for article in articles:
        if article.pk in usual:
            drop_shared(article)
    wanted = [article for article in articles if article.pk not in usual]
    for found in find_pictures(wanted, bring, urls=(article.picture_url for article in wanted), what="picture"):
        store(found)
    return len(articles)


def lease(limit: int) -> list[Article]:
    """Take up to `limit` articles that want a picture, of no host more than a few and of none that is on hold.

    `picture_after` is the lease; the attempt counts from now.
    """
    now = database_now()
    wanting = Article.objects.wanting_picture(now).only(*PICTURE_FIELDS, "url", "source")
    asked = wanting.annotate(host=HostOf("picture_url")).exclude(host__in=Host.objects.names_on_hold(now))
    lease = {"picture_after": now + LEASE, "picture_attempts": F("picture_attempts") + 1}
    with transaction.atomic():
        articles: list[Article] = lease_fairly(asked, limit, per_host=LEASED_PER_HOST, taken=Counter(), lease=lease)
    for article in articles:
        article.picture_attempts += 1
    return articles


def give_up_on_killers() -> None:
    """Go on from pictures whose reader died at every attempt."""
    with transaction.atomic():
        tried = Article.objects.filter(picture="", picture_attempts__gte=Article.MAX_PICTURE_ATTEMPTS)
        due = tried.filter(picture_after__lte=database_now()).exclude(picture_url="").only(*PICTURE_FIELDS)
        for article in due.order_by("pk").select_for_update(skip_locked=True)[:PICTURES_PER_BATCH]:
            move_on(article, "It stopped the reader three times.")


async def bring(article: Article, fetch: Fetch) -> Shrunk:
    """Fetch an article's picture and make ours of it. Raises FeedsError."""
    document = await fetch(article.picture_url, accept=PICTURE_ACCEPT, max_bytes=PICTURE_MAX_BYTES)
    return await sandbox().acall(shrink, document.body)


def store(found: Found[Article, Shrunk]) -> None:
    """Keep the picture, or note when to try again; from a broken one the article goes on to the next it has."""
    article, error, wait = found.wanting, found.error, found.wait
    if found.picture:
        try:
            keep(article, found.picture)
            return
        except FileNotKept as ours:
            log.error("a picture could not be kept", article=article.pk, reason=str(ours))
            wait = RETRY
    if wait is not None or error is None:
        article.picture_after = database_now() + (wait or RETRY)
        article.picture_attempts -= 1
        article.save(update_fields=["picture_after", "picture_attempts"])
    elif is_worth_another_try(error) and article.picture_attempts < Article.MAX_PICTURE_ATTEMPTS:
        article.picture_after = database_now() + RETRY * article.picture_attempts
        article.save(update_fields=["picture_after"])
    else:
        move_on(article, error.reason if isinstance(error, FetchError) else str(error))


def move_on(article: Article, reason: str) -> None:
    """Give up an article's picture, with the reason for curators, and have the next told for it tried, if there is one.

    Without one its card shows the source's mark.
    """
    log.info("a picture was given up", article=article.pk, url=article.picture_url, reason=reason)
    article.picture_error = f"{article.picture_error}\n{article.picture_url}: {reason}".strip()
    article.picture, article.picture_attempts, article.picture_after = "", 0, None
    if article.picture_spares:
        spare, *article.picture_spares = article.picture_spares
        article.picture_url, article.picture_after = spare["url"], database_now()
        article.picture_caption, article.picture_credit = spare["caption"], spare["credit"]
    article.save(update_fields=PICTURE_FIELDS)


def drop_shared(article: Article) -> None:
    """Take its site's own picture off an article, and off those that came to show it before it was known for that."""
    with transaction.atomic():
        sharers = Article.objects.filter(pk__in=sharers_of(article), picture_url=article.picture_url)
        for sharer in sharers.order_by("pk").only(*PICTURE_FIELDS, "picture_width").select_for_update(skip_locked=True):
            files = picture_files.paths_of(sharer.picture, sharer.picture_width) if sharer.picture else []
            move_on(sharer, REASON)
            transaction.on_commit(partial(picture_files.discard, files))


def keep(article: Article, shrunk: Shrunk) -> None:
    """Store each width under the article's name, and what a page must know to lay it out."""
    name = picture_files.name_for(article.pk, max(shrunk.by_width.values(), key=len))
    for width, body in shrunk.by_width.items():
        try:
            keep_file(picture_files.path_of(name, width), body)
        except FileNotKept:
            picture_files.discard(picture_files.paths_of(name, shrunk.width))
            raise
    stands = Article.objects.filter(pk=article.pk, picture_url=article.picture_url)
    is_kept = stands.update(
        picture=name,
        picture_after=None,
        picture_error="",
        picture_width=shrunk.width,
        picture_height=shrunk.height,
        picture_colour=shrunk.colour,
    )
    if not is_kept:  # meanwhile given up for another, or gone with its article
        picture_files.discard(picture_files.paths_of(name, shrunk.width))
