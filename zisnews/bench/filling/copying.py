"""Many rows into a table at once: Postgres' COPY, fed with what the model's columns hold."""

import json
import re
from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.expressions import BaseExpression

READ_BYTES = 1 << 20
NEEDS_ESCAPE = re.compile(r"[\\\n\t\r]")


class Copier:
    """Writes rows of a model. fields: those a row gives, in its order; the others hold their default."""

    def __init__(self, model: type[Model], fields: Sequence[str]) -> None:
        columns = {field.name: field.column for field in stored_fields(model)}
        given = [columns[name] for name in fields]
        others = columns_by_default(model, given)
        names = ", ".join(f'"{column}"' for column in [*given, *others])
        self._tail = "".join(f"\t{written(default)}" for default in others.values()) + "\n"
        self._statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'

    def copy(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add the rows, in the transaction that is open."""
        lines = ("\t".join(map(written, row)) + self._tail for row in rows)
        with connection.cursor() as cursor:
            cursor.copy_expert(self._statement, BytesIO("".join(lines).encode()), size=READ_BYTES)


def columns_by_default(model: type[Model], given: Container[str]) -> dict[str, Any]:
    """The columns of a model that are not given and that the database does not fill itself, with their defaults."""
    others = [field for field in stored_fields(model) if field.column not in given and is_stored(field)]
    return {field.column: default_of(field, field.get_default()) for field in others}


def stored_fields(model: type[Model]) -> Iterable[Any]:
    """The fields that have a column of their own."""
    return model._meta.concrete_fields


def default_of(field: Any, default: Any) -> Any:
    return json.dumps(default) if isinstance(field, JSONField) and default is not None else default


def is_stored(field: Any) -> bool:
    return not field.primary_key and not field.generated and not isinstance(field.get_default(), BaseExpression)


def reserved_ids(model: type[Model], count: int) -> list[int]:
    """Take so many ids of a table for rows that are still to be composed; nobody else is given them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def written(value: Any) -> str:
    """A value as COPY's text format spells it."""
    if type(value) is str:  # most are
        return escaped(value) if NEEDS_ESCAPE.search(value) else value
    if value is None:
        return "\\N"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        text = "{" + ",".join(map(quoted, value)) + "}"
    elif isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    return escaped(text) if NEEDS_ESCAPE.search(text) else text


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def quoted(element: Any) -> str:
    """An element of an array."""
    return '"' + str(element).replace("\\", "\\\\").replace('"', '\\"') + '"'
