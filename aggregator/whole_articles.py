"""An article with all that its own page shows, its source and its story: by plain SQL, which Django took longer to
write than all the rest of the reading.
"""

from functools import cache
from itertools import chain
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model

from aggregator.models import Article, Story
from feeds.models import Source

# What no page shows of them, and is the largest part of some rows.
_LEFT_OUT: dict[str, set[str]] = {"article": {"tokens", "sketch"}, "source": set(), "story": {"profile"}}
_MODELS: dict[str, type[Model]] = {"article": Article, "source": Source, "story": Story}


def whole_article(pk: int) -> Article | None:
    """The article with its source and its story; None where there is none. One query."""
    database = router.db_for_read(Article)
    with connections[database].cursor() as cursor:
        cursor.execute(_sql(), [pk])
        row = cursor.fetchone()
    if row is None:
        return None
    values = iter(row)
    found = {name: _made(name, database, [next(values) for _ in _fields(name)]) for name in _MODELS}
    article: Article = found.pop("article")
    article._state.fields_cache |= found
    return article


def _made(name: str, database: str, values: list[Any]) -> Any:
    """A row as its model; None where nothing was joined."""
    if values[0] is None:
        return None
    for place, field in enumerate(_fields(name)):
        if hasattr(field, "from_db_value"):  # JSON comes as text
            values[place] = field.from_db_value(values[place], None, connections[database])
    return _MODELS[name].from_db(database, [field.attname for field in _fields(name)], values)


@cache
def _fields(name: str) -> list[Field]:
    """What is read of each, in the order from_db() takes values in; the key is the first."""
    return [field for field in _MODELS[name]._meta.concrete_fields if field.name not in _LEFT_OUT[name]]


@cache
def _sql() -> str:
    columns = chain.from_iterable((f"{name}.{field.column}" for field in _fields(name)) for name in _MODELS)
    return f"""
        SELECT {", ".join(columns)} FROM aggregator_article article JOIN feeds_source source ON source.id = source_id
        LEFT JOIN aggregator_story story ON story.id = story_id WHERE article.id = %s"""  # noqa: S608  names of ours
