"""Keeps what articles are found by in step with the articles: stored when they are, renewed when they change."""

import time
from collections.abc import Iterable

from django.db import connection, transaction
from psycopg2.extras import execute_values

from aggregator.models import Article
from aggregator.search.lexemes import shelves_of, words_of
from feeds.streaming import is_ending

ARTICLES_PER_BATCH = 200


def store(found_by: Iterable[tuple[Article, str]]) -> None:
    """Store under which words and shelves each of these articles is found, in place of what was stored before.

    found_by: stored articles, each with lexemes.words_of it
    """
    rows = {article.pk: row_of(article, words) for article, words in found_by}
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            """INSERT INTO aggregator_searchdocument
                   (article_id, published_at, source_id, category_id, language, words) VALUES %s
               ON CONFLICT (article_id) DO UPDATE SET
                   published_at = excluded.published_at, source_id = excluded.source_id,
                   category_id = excluded.category_id, language = excluded.language, words = excluded.words""",
            list(rows.values()),
            template="(%s, %s, %s, %s, %s, %s::tsvector)",
            page_size=ARTICLES_PER_BATCH,
        )


def row_of(article: Article, words: str) -> tuple:
    shelves = shelves_of(
        source=article.source_id,
        category=article.category_id,
        language=article.language,
        published_at=article.published_at,
    )
    at = article.published_at
    return article.pk, at, article.source_id, article.category_id, article.language, f"{words} {shelves}"


def renew(articles: Iterable[Article]) -> None:
    """Store anew under what these articles are found, from what they say and where they stand now."""
    store((article, words_of(article.title, article.description, article.text)) for article in articles)


def store_missing(*, budget_seconds: float) -> int:
    """Store what articles are found by that came before search did, the newest first; returns how many there were.

    Each batch is stored at once, so it may be stopped at any time and goes on where it was.
    """
    stop_at, done = time.monotonic() + budget_seconds, 0
    while time.monotonic() < stop_at and not is_ending.is_set():
        with transaction.atomic():
            missing = Article.objects.filter(search_document=None).newest_first()
            fields = missing.only("title", "description", "text", "source", "category", "language", "published_at")
            batch = list(fields.select_for_update(skip_locked=True, of=("self",))[:ARTICLES_PER_BATCH])
            renew(batch)
        done += len(batch)
        if len(batch) < ARTICLES_PER_BATCH:
            break
    return done
