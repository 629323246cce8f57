"""A connection to Redis that a thread keeps: the pool's ways, and redis-py's measuring, take five times as long as what
is asked.
"""

import os
import threading
from typing import Any

import redis


class OwnConnection(threading.local):
    """Of each thread its own, from the pool of a client; and of each process, as one that parted has its parent's."""

    def __init__(self, pool: redis.ConnectionPool) -> None:
        self.pool, self.process = pool, 0
        self.connection: Any = None

    def answer(self, *command: Any) -> Any:
        """What Redis answers. Raises RedisError; what comes too late of an answer goes with its connection."""
        if self.process != os.getpid():
            self.connection, self.process = self.pool.get_connection(), os.getpid()
        connection = self.connection
        try:
            connection.send_command(*command)
            return connection.read_response()
        except redis.ConnectionError:  # it was closed meanwhile; asked once more, it is made anew
            connection.disconnect()
            connection.send_command(*command)
            return connection.read_response()
