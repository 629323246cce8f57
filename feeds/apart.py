"""Works on many rows at once; where the database refuses one of them, on each apart, so that it costs no other.

The last line of defence: what is known to be refused (too long an address, NUL) is settled where it comes from.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction

Row = TypeVar("Row")
Result = TypeVar("Result")

log = structlog.get_logger(__name__)

TOO_LARGE = "54"  # Postgres' class of errors for what exceeds a limit of its own: an index row, a tsvector


def at_once_or_apart(
    rows: Sequence[Row], work: Callable[[Sequence[Row]], Result], give_up: Callable[[Row], Result]
) -> list[Result]:
    """Do `work` on all rows in one transaction, or where their content makes that fail, on each in one of its own.

    give_up: is told each row that fails alone, after its transaction was undone
    Raises what is no fault of a row: the database is away, full, or shutting down.
    """
    try:
        with transaction.atomic(), connection.wrap_database_errors:  # psycopg2's own where work speaks to it directly
            return [work(rows)]
    except Exception as error:
        if not is_of_a_row(error):
            raise
        if len(rows) == 1:
            log.exception("a row was refused")
            return [give_up(rows[0])]
    return [result for row in rows for result in at_once_or_apart([row], work, give_up)]


def is_of_a_row(error: Exception) -> bool:
    """Say whether what a row holds made this fail, not the state of the database.

    A server that dies in the middle tells no code: psycopg2 then raises a plain DatabaseError.
    """
    if isinstance(error, DatabaseError):
        code = getattr(error.__cause__, "pgcode", None) or ""
        return code.startswith(TOO_LARGE) if isinstance(error, OperationalError) else bool(code)
    return isinstance(error, ValueError | TypeError | ArithmeticError | LookupError)
