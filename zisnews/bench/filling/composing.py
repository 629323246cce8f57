"""Articles and what search finds them by, from rows that name a headline and a writing: put together by Postgres."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.db import connection

from aggregator.models import Article, SearchDocument
from feeds.sanitising import SANITISER_VERSION
from zisnews.bench.filling.copying import columns_by_default, written
from zisnews.bench.filling.writings import TABLE

STAGE = "fill_stage"
# What a row gives, with its type in the stage.
FIELDS = {
    "id": "bigint", "source_id": "bigint", "country": "text", "story_id": "bigint", "category_id": "text",
    "category_how": "text", "url": "text", "title": "text", "slug": "text", "writing": "int", "author": "text",
    "language": "text", "tags": "text[]", "published_at": "timestamptz", "seen_at": "timestamptz",
    "added_at": "timestamptz", "page_display": "text", "picture_url": "text", "picture": "text",
    "picture_width": "int", "picture_height": "int", "picture_colour": "text", "picture_caption": "text",
    "tokens": "tsvector", "words": "tsvector",
}  # fmt: skip
FROM_WRITING = {
    "description": "writing.description",
    "html": "writing.html",
    "text": "writing.body",
    "word_count": "writing.word_count",
    "tokens": "stage.tokens || writing.tokens",
    "sanitiser_version": str(SANITISER_VERSION),
}
SEARCH_FIELDS = ("published_at", "source_id", "country", "category_id", "language")


def store(rows: Iterable[Sequence[Any]], *, with_search: bool) -> None:
    """Add these articles, in the transaction that is open."""
    with connection.cursor() as cursor:
        columns = ", ".join(f"{name} {kind}" for name, kind in FIELDS.items())
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {STAGE} ({columns}) ON COMMIT DELETE ROWS")
        cursor.execute(f"TRUNCATE {STAGE}")
        lines = ("\t".join(map(written, row)) + "\n" for row in rows)
        cursor.copy_expert(f"COPY {STAGE} FROM STDIN", BytesIO("".join(lines).encode()))
        cursor.execute(f"ANALYZE {STAGE}")
        cursor.execute(*article_insert())
        if with_search:
            cursor.execute(search_insert())


def article_insert() -> tuple[str, list[Any]]:
    """The statement that adds the staged articles, and its values: defaults of the columns nothing is said of."""
    given = {name: f"stage.{name}" for name in FIELDS if name not in {"country", "writing", "words"}} | FROM_WRITING
    others = columns_by_default(Article, given)
    names = ", ".join([*given, *others])
    values = ", ".join([*given.values(), *("%s" for _ in others)])
    table = Article._meta.db_table
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {joined()} ORDER BY stage.id", list(others.values())  # noqa: S608


def search_insert() -> str:
    names, values = ", ".join(SEARCH_FIELDS), ", ".join(f"stage.{name}" for name in SEARCH_FIELDS)
    table = SearchDocument._meta.db_table
    return f"""INSERT INTO {table} (article_id, {names}, words)
               SELECT stage.id, {values}, stage.words || writing.words FROM {joined()} ORDER BY stage.id"""  # noqa: S608


def joined() -> str:
    return f"{STAGE} stage JOIN {TABLE} writing ON writing.number = stage.writing"
