"""Stories with all that pages show of them: by plain SQL that is planned once, which Django took longer to write than
Postgres to answer.
"""

import json
from collections.abc import Collection
from functools import cache

from django.db import connections, router

from aggregator.card_rows import made
from aggregator.models import Story

_LEFT_OUT = {"profile", "key_terms"}  # what stories are found by, and the largest part of a row
_SPELLED = ("voices", "headlines")  # as JSON


def whole_stories(pks: Collection[int]) -> dict[int, Story]:
    """Some stories by id, those that were merged into others too. One query; none for none."""
    if not pks:
        return {}
    database, columns = router.db_for_read(Story), _columns()
    rows = connections[database].rows(_sql(), [list(pks)])  # type: ignore[attr-defined]  # zisnews.postgres
    stories: dict[int, Story] = {}
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        values |= {name: json.loads(values[name]) for name in _SPELLED}
        stories[values["id"]] = made(Story, database, values["id"], values)
    return stories


@cache
def _columns() -> tuple[str, ...]:
    return tuple(field.attname for field in Story._meta.concrete_fields if field.name not in _LEFT_OUT)


@cache
def _sql() -> str:
    return f"SELECT {', '.join(_columns())} FROM aggregator_story WHERE id = ANY(%s::bigint[])"  # noqa: S608  ours
