"""Indexes while many rows come in: built once at the end, they cost a fraction of what each row would."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.db.models import Index, Model

MEMORY = "512MB"  # for building one


@contextmanager
def built_afterwards(models: Sequence[type[Model]], *, is_worth_it: bool) -> Iterator[None]:
    """Leave the indexes of these models away while the block runs, where that is worth it; constraints stay.

    At the end whatever is missing is built, also what an earlier run left away that was killed.
    """
    indexes = [(model, index) for model in models for index in model._meta.indexes]
    if is_worth_it:
        for model, index in present(indexes):
            with connection.schema_editor() as editor:
                editor.remove_index(model, index)
    try:
        yield
    finally:
        standing = present(indexes)
        for model, index in indexes:
            if (model, index) not in standing:
                build(model, index)


def present(indexes: Sequence[tuple[type[Model], Index]]) -> list[tuple[type[Model], Index]]:
    """Those of these indexes that the database has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname = ANY(%s)",
            [[index.name for _, index in indexes]],
        )
        names = {name for (name,) in cursor.fetchall()}
    return [(model, index) for model, index in indexes if index.name in names]


def build(model: type[Model], index: Index) -> None:
    with connection.schema_editor() as editor:
        editor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
        editor.add_index(model, index)
