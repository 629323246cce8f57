"""Keeps what articles are found by in step with the articles: stored when they are, renewed when they change."""

import time
from collections.abc import Iterable

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery
from psycopg2.extras import execute_values

from aggregator.models import Article, ArticleQuerySet, SearchDocument
from aggregator.search.lexemes import shelves_of, words_of
from feeds.models import Source
from feeds.streaming import is_ending

ARTICLES_PER_BATCH = 200
BUSY_SECONDS = 200
IN_STEP, LOOK_AGAIN_SECONDS = "search:in_step", 3600


def store(found_by: Iterable[tuple[Article, str]]) -> None:
    """Store under which words and shelves each of these articles is found, in place of what was stored before.

    found_by: stored articles, each with lexemes.words_of it
    """
    rows = {article.pk: row_of(article, words) for article, words in found_by}
    if not rows:
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            """INSERT INTO aggregator_searchdocument
                   (article_id, published_at, source_id, country, category_id, language, words) VALUES %s
               ON CONFLICT (article_id) DO UPDATE SET
                   published_at = excluded.published_at, source_id = excluded.source_id, country = excluded.country,
                   category_id = excluded.category_id, language = excluded.language, words = excluded.words""",
            list(rows.values()),
            template="(%s, %s, %s, %s, %s, %s, %s::tsvector)",
            page_size=ARTICLES_PER_BATCH,
        )


def row_of(article: Article, words: str) -> tuple:
    source, country, at = article.source_id, article.source.country_id, article.published_at
    category, language = article.category_id, article.language
    shelves = shelves_of(source=source, country=country, category=category, language=language, published_at=at)
    return article.pk, at, source, country, category, language, f"{words} {shelves}"


def renew(articles: Iterable[Article]) -> None:
    """Store anew under what these articles are found, from what they say and where they stand now."""
    store((article, words_of(article.title, article.description, article.text)) for article in articles)


def catch_up_if_behind() -> None:
    """Catch up for some minutes; where nothing was left to do, look again in an hour."""
    if not cache.get(IN_STEP) and not catch_up(budget_seconds=BUSY_SECONDS):
        cache.set(IN_STEP, True, LOOK_AGAIN_SECONDS)


def catch_up(*, budget_seconds: float) -> int:
    """Store what articles are found by that came before search did, and anew those of sources that changed country.

    The newest come first, each batch is stored at once: it may be stopped at any time and goes on where it was.
    Returns how many articles were stored; none is left to do where there was time for more.
    """
    stop_at, done = time.monotonic() + budget_seconds, 0
    for behind in (Article.objects.filter(search_document=None), Article.objects.filter(is_in_another_country())):
        batch = ARTICLES_PER_BATCH
        while batch == ARTICLES_PER_BATCH and time.monotonic() < stop_at and not is_ending.is_set():
            batch = renew_batch(behind)
            done += batch
    return done


@transaction.atomic
def renew_batch(behind: ArticleQuerySet) -> int:
    """Store anew what the newest of these articles are found by; returns how many."""
    fields = (
        behind.newest_first()
        .select_related("source")
        .only("title", "description", "text", "source__country", "category", "language", "published_at")
    )
    batch = list(fields.select_for_update(skip_locked=True, of=("self",))[:ARTICLES_PER_BATCH])
    renew(batch)
    return len(batch)


def is_in_another_country() -> Q:
    """The condition that an article is found under a country where its source no longer stands.

    Asked of sources first, by the oldest article of each: the newest are renewed before the others.
    """
    documents = SearchDocument.objects.filter(article__source=OuterRef("pk")).order_by("published_at", "pk")
    moved = Source.objects.annotate(found_in=Subquery(documents.values("country")[:1])).exclude(found_in=F("country"))
    return Q(source__in=list(moved.values_list("pk", flat=True))) & ~Q(search_document__country=F("source__country"))
