"""What empties the database after a test that committed: in 15 ms, where Django's own way takes 0.2 to 0.3 s.

Django empties every table by TRUNCATE, which makes a new file for each of them and for each of their indexes, and
then writes categories, countries, permissions … anew. Of our hundred tables a test fills five.
"""

from io import StringIO

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

MANY_BYTES = 4 * 1024 * 1024  # a table beyond this is quicker cut off than emptied row by row
django_s_own = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # the stubs leave it out
tables: list[str] = []
filled: dict[str, str] = {}  # what some hold even so, as COPY writes it


def empty_tables(case: TransactionTestCase) -> None:
    """Take the place of TransactionTestCase._fixture_teardown. The first time is Django's own; it is remembered."""
    if case.available_apps is not None or case.serialized_rollback:
        django_s_own(case)
        return
    if not tables:
        django_s_own(case)
        _remember()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        _lock(cursor)  # waits for who still writes
        cursor.execute("SELECT max(pg_relation_size(name::regclass)) FROM unnest(%s) AS name", [tables])
        is_large = cursor.fetchone()[0] > MANY_BYTES
        cursor.execute(_truncate() if is_large else "".join(map("DELETE FROM {};".format, tables)))
        _fill(cursor)


def renew_tables() -> None:
    """Cut off every table, and the room that rows of earlier tests left in it: plans go by the size of tables."""
    if not tables:
        empty_tables(TransactionTestCase())
        return
    with transaction.atomic(), connection.cursor() as cursor:
        _lock(cursor)
        cursor.execute(_truncate())
        _fill(cursor)


def _lock(cursor: CursorWrapper) -> None:
    cursor.execute(f"SET LOCAL session_replication_role = replica; LOCK TABLE {', '.join(tables)}")


def _truncate() -> str:
    return f"TRUNCATE {', '.join(tables)}"


def _fill(cursor: CursorWrapper) -> None:
    for name, rows in filled.items():
        cursor.copy_expert(f"COPY {name} FROM STDIN", StringIO(rows))


def _remember() -> None:
    """Take note of the tables there are, and of the rows that migrations put into them each time."""
    with connection.cursor() as cursor:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        tables[:] = map(connection.ops.quote_name, names)
        for table in tables:
            rows = StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", rows)
            if rows.tell():
                filled[table] = rows.getvalue()
