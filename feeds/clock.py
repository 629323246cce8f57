"""The database's clock: one for all machines, so that leases mean the same to each of them."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """Return the database's present moment (not that of the transaction's start), aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
