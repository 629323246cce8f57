"""An article with all that its own page shows, its source and its story: by plain SQL, which Django took longer to
write than all the rest of the reading.
"""

from functools import cache
from hashlib import blake2b
from itertools import chain
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model

from aggregator.card_rows import made
from aggregator.models import Article, Story
from feeds.models import Source

# What no page shows of them, and is the largest part of some rows.
_LEFT_OUT: dict[str, set[str]] = {"article": {"tokens", "sketch"}, "source": set(), "story": {"profile"}}
# What others count: a page says it apart from what is kept of it.
_COUNTED = {"view_count", "like_count", "dislike_count", "comment_count", "follower_count"}
_MODELS: dict[str, type[Model]] = {"article": Article, "source": Source, "story": Story}


def whole_article(pk: int) -> Article | None:
    """The article with its source and its story; None where there is none. One query.

    Its `says` is equal to that of another reading where nothing of all this has changed but what others count.
    """
    database = router.db_for_read(Article)
    rows = connections[database].rows(_sql(), [pk])  # type: ignore[attr-defined]  # zisnews.postgres
    if not rows:
        return None
    values = iter(rows[0])
    found = {name: _made(name, database, [next(values) for _ in _fields(name)]) for name in _MODELS}
    article: Article = found.pop("article")
    article._state.fields_cache |= found
    said = [value for value, is_counted in zip(rows[0], _counted(), strict=True) if not is_counted]
    article.says = _digest(said)  # type: ignore[attr-defined]
    return article


def whole_source(slug: str) -> Source | None:
    """A source by its slug. One query. Its `says` is as that of an article."""
    database = router.db_for_read(Source)
    columns = ", ".join(f"{field.column}" for field in _fields("source"))
    rows = connections[database].rows(f"SELECT {columns} FROM feeds_source WHERE slug = %s", [slug])  # type: ignore[attr-defined]  # noqa: S608
    if not rows:
        return None
    source: Source = _made("source", database, list(rows[0]))
    said = [value for value, field in zip(rows[0], _fields("source"), strict=True) if field.name not in _COUNTED]
    source.says = _digest(said)  # type: ignore[attr-defined]
    return source


def _digest(said: list[Any]) -> bytes:
    return blake2b(repr(said).encode(), digest_size=16).digest()


def _made(name: str, database: str, values: list[Any]) -> Any:
    """A row as its model; None where nothing was joined."""
    if values[0] is None:
        return None
    for place, field in enumerate(_fields(name)):
        if hasattr(field, "from_db_value"):  # JSON comes as text
            values[place] = field.from_db_value(values[place], None, connections[database])
    names = (field.attname for field in _fields(name))
    return made(_MODELS[name], database, values[0], dict(zip(names, values, strict=True)))


@cache
def _fields(name: str) -> list[Field]:
    """What is read of each, in the order from_db() takes values in; the key is the first."""
    return [field for field in _MODELS[name]._meta.concrete_fields if field.name not in _LEFT_OUT[name]]


@cache
def _counted() -> list[bool]:
    """Of each value of a row, whether it is counted by others."""
    return [field.name in _COUNTED for name in _MODELS for field in _fields(name)]


@cache
def _sql() -> str:
    columns = chain.from_iterable((f"{name}.{field.column}" for field in _fields(name)) for name in _MODELS)
    return f"""
        SELECT {", ".join(columns)} FROM aggregator_article article JOIN feeds_source source ON source.id = source_id
        LEFT JOIN aggregator_story story ON story.id = story_id WHERE article.id = %s"""  # noqa: S608  names of ours
