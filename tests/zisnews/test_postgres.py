"""Queries that a connection prepares once, whatever becomes of it meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
SQL = "SELECT number FROM pg_temp.counted WHERE number > %s ORDER BY number"


@pytest.fixture
def apart() -> Iterator[Any]:
    """A connection of its own, in no transaction, with a table of its own."""
    own = connection.copy()
    with own.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE counted AS SELECT generate_series(1, 5) AS number")
    yield own
    own.close()


def test_a_query_is_prepared_once_and_then_only_carried_out(apart):
    with CaptureQueriesContext(apart) as queries:
        found = [apart.rows(SQL, [least]) for least in (3, 4)]
        named = apart.rows("SELECT %(one)s::int + %(two)s::int * %(one)s::int", {"one": 2, "two": 3})

    assert found == [[(4,), (5,)], [(5,)]]
    assert named == [(8,)]
    assert [query["sql"].split()[0] for query in queries] == ["PREPARE", "EXECUTE", "EXECUTE", "PREPARE", "EXECUTE"]


@pytest.mark.parametrize(
    "meanwhile", ["DEALLOCATE ALL", "ALTER TABLE pg_temp.counted ALTER number TYPE text", "SELECT 1"]
)
def test_it_is_answered_whatever_became_of_it_meanwhile(meanwhile, apart):
    assert len(apart.rows(SQL.replace("%s", "'3'"), [])) == 2
    with apart.cursor() as cursor:
        cursor.execute(meanwhile)

    assert [[int(number) for (number,) in apart.rows(SQL.replace("%s", "'3'"), [])] for _ in range(2)] == [[4, 5]] * 2


def test_what_can_not_be_prepared_is_asked_all_the_same_and_a_mistake_is_told(apart):
    assert apart.rows("SELECT %s || %s", ["a", "b"]) == [("ab",)]
    with pytest.raises(DatabaseError, match="division"):
        apart.rows("SELECT 1 / %s::int", [0])


def test_within_a_transaction_nothing_is_prepared():
    with CaptureQueriesContext(connection) as queries:
        assert connection.rows("SELECT %s::int", [1]) == [(1,)]  # type: ignore[attr-defined]

    assert [query["sql"] for query in queries] == ["SELECT 1::int"]


def test_a_connection_that_the_server_ended_is_noticed_before_it_is_used(apart):
    assert apart.is_usable()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [apart.connection.info.backend_pid])

    assert not apart.is_usable()
