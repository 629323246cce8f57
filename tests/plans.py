"""How the database answers what a page asks: its plans, step by step."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

SORTS = {"Sort", "Incremental Sort"}


def queries_of(client: Client, url: str, tables: Collection[str]) -> tuple[list[str], str]:
    """The SELECTs over some tables that a page asks, with their values; and the page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    asked = [query["sql"] for query in queries if query["sql"].lstrip().startswith(("SELECT", "(SELECT", "WITH"))]
    return [sql for sql in asked if any(table in sql for table in tables)], response.content.decode()


def nodes_of(sql: str) -> Iterator[dict[str, Any]]:
    """Every step of the plan by which a query was just answered once more."""
    settings, _, asked = sql.rpartition("true);") if sql.startswith("SELECT set_config") else ("", "", sql)
    savepoint = transaction.savepoint()  # settings end with it
    with connection.cursor() as cursor:
        if settings:
            cursor.execute(settings + "true)")
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + asked.replace("%", "%%"), [])
        (answer,) = cursor.fetchone()
    transaction.savepoint_rollback(savepoint)
    waiting = [(json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("Plans", [])


def rows_into(sort: dict[str, Any]) -> float:
    """How many rows a sort was given."""
    return sum(child["Actual Rows"] * child["Actual Loops"] for child in sort["Plans"])


def rows_out_of(node: dict[str, Any]) -> float:
    """How many rows a step read or made, and threw away, in all its rounds."""
    return (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
