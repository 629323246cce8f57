"""Django's Postgres, with what every page asks planned once for each connection, and no question whether it is there.

Postgres plans a list of thirty articles, or what their reader did with them, for as long as it then looks for it.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from django.db.utils import DatabaseError

MOST_PREPARED = 64  # of a connection: a plan is some 100 kB of its process
# What Postgres says of a statement that it does not know, that another connection of a pooler has already, or whose
# table was changed; and of one that can not be prepared, as the type of a value does not show.
NOT_PREPARED = {"26000", "42P05", "0A000", "42P18", "42804", "42883", "42725"}


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.prepared: dict[str, str] = {}  # name by SQL; "" for what is not to be prepared here
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Whether the connection is there. Postgres says nothing unasked: only where it did it is asked for a sign of
        life, as Django does before each page.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = poll()
        waiting.register(self.connection.fileno(), POLLIN)
        return not waiting.poll(0) or super().is_usable()

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple]:
        """What a query finds that is asked again and again in the same words, with %s or %(name)s for each value, whose
        type must show. Outside of transactions it is planned once; inside, where no mistake could be mended, each time.
        """
        if (name := self.plainly_known(sql)) and (found := self.plain_rows(name, sql, values)) is not None:
            return found
        with self.cursor() as cursor:
            name = "" if self.in_atomic_block else self.prepared_as(cursor, sql, values)
            if name:
                try:
                    cursor.execute(*carrying_out(name, values))
                    return cursor.fetchall()
                except DatabaseError as error:
                    self.give_up(sql, error)
            cursor.execute(sql, values)
            return cursor.fetchall()

    def plainly_known(self, sql: str) -> str:
        """The name of a query that is prepared here, where nobody wants to see what is asked and nothing is begun."""
        self.close_if_health_check_failed()
        if self.connection is None or not self.autocommit or self.execute_wrappers or self.queries_logged:
            return ""
        return self.prepared.get(sql, "")

    def plain_rows(self, name: str, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple] | None:
        """What a prepared query finds, without Django's cursors around the driver's, which take as long as the driver;
        None where it is prepared no more.
        """
        try:
            with self.wrap_database_errors, self.create_cursor() as cursor:
                cursor.execute(*carrying_out(name, values))
                return cursor.fetchall()
        except DatabaseError as error:
            self.give_up(sql, error)
            return None

    def prepared_as(self, cursor: CursorWrapper, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> str:
        """The name of a query here, which is prepared where it is not yet; "" where it can not be.

        The name says which query it is: behind a pooler another connection's of the same name is the same.
        """
        if sql not in self.prepared and len(self.prepared) < MOST_PREPARED:
            name = f"zis_{blake2b(sql.encode(), digest_size=12).hexdigest()}"
            numbers = [f"${number}" for number in range(1, len(values) + 1)]
            numbered = sql % (
                dict(zip(values, numbers, strict=True)) if isinstance(values, Mapping) else tuple(numbers)
            )
            try:
                cursor.execute(f"PREPARE {name} AS {numbered}")
                self.prepared[sql] = name
            except DatabaseError as error:
                self.give_up(sql, error)
        return self.prepared.get(sql, "")

    def give_up(self, sql: str, error: DatabaseError) -> None:
        """Prepare this query no more on this connection. Raises the error where it says something else."""
        if getattr(error.__cause__, "pgcode", None) not in NOT_PREPARED:
            raise error
        self.prepared[sql] = ""


def carrying_out(name: str, values: Sequence[Any] | Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The statement that carries out a prepared query, and the values it is given."""
    given = list(values.values() if isinstance(values, Mapping) else values)
    return f"EXECUTE {name}({', '.join(['%s'] * len(given))})" if given else f"EXECUTE {name}", given
