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
        with self.cursor() as cursor:
            name = "" if self.in_atomic_block else self.prepared_as(cursor, sql, values)
            if name:
                given = list(values.values() if isinstance(values, Mapping) else values)
                places = f"({', '.join(['%s'] * len(given))})" if given else ""
                try:
                    cursor.execute(f"EXECUTE {name}{places}", given)
                    return cursor.fetchall()
                except DatabaseError as error:
                    self.give_up(sql, error)
            cursor.execute(sql, values)
            return cursor.fetchall()

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
