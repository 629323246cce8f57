"""Indexes that the queries need, and no others."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
OURS = ("feeds_", "aggregator_", "accounts_", "comments_")
THROUGH = ("accounts_user_groups", "accounts_user_user_permissions")  # Django's own, of curators alone
# Of plain columns, without a condition: its table, name, whether it is unique, and its columns in their order.
INDEXES = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text, indisunique, string_to_array(indkey::text, ' ')
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
    JOIN pg_class of_index ON of_index.oid = indexrelid JOIN pg_am ON pg_am.oid = of_index.relam
    WHERE nspname = 'public' AND amname = 'btree' AND indpred IS NULL AND indexprs IS NULL"""


def test_no_index_begins_as_another_does_that_could_stand_for_it():
    with connection.cursor() as cursor:
        cursor.execute(INDEXES)
        found = [row for row in cursor.fetchall() if row[0].startswith(OURS) and row[0] not in THROUGH]

    doubled = [
        (name, other)
        for table, name, is_unique, columns in found
        for its_table, other, _unique, its_columns in found
        if table == its_table and name != other and not is_unique and its_columns[: len(columns)] == columns
    ]

    assert len(found) > 50
    assert doubled == []
