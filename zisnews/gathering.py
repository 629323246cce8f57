"""Numbers that web processes gather in Redis, so that no page writes a row, and a worker writes to Postgres in batches.

What is lost with Redis, or while it is away, is not counted; nobody waits for it.
"""

from collections.abc import Callable
from typing import NamedTuple

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from redis.backoff import NoBackoff
from redis.retry import Retry

ANSWER_SECONDS, AWAY_SECONDS = 0.2, 10.0
FIELDS_PER_BATCH = 1_000


def impatient_client(redis_url: str) -> redis.Redis:
    """A client for pages: it gives up after ANSWER_SECONDS. Whoever it fails asks nothing for AWAY_SECONDS."""
    return redis.Redis.from_url(
        redis_url,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),  # a connection that was closed meanwhile
    )


class Gathering(NamedTuple):
    """Names of the hash that is gathered in and of the one batches are taken from; the advisory lock of who does."""

    gathered: str
    taken: str
    lock: int

    def write(self, store: Callable[[CursorWrapper, dict[str, int]], None]) -> int:
        """Have `store` add all that was gathered, a batch of counts by field at a time; returns how many they were.

        One worker at a time, by a lock of the database. A batch is taken out of Redis just before its rows are
        committed: a worker that dies leaves it to the next one, and none is written twice.
        """
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, decode_responses=True)
        try:
            written = 0
            while added := self._write_batch(client, store):
                written += added
            return written
        finally:
            client.close()

    def _write_batch(self, client: redis.Redis, store: Callable[[CursorWrapper, dict[str, int]], None]) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [self.lock])
            if not cursor.fetchone()[0]:
                return 0
            batch = self._next_batch(client)
            if batch:
                store(cursor, batch)
                client.hdel(self.taken, *batch)
        return sum(batch.values())

    def _next_batch(self, client: redis.Redis) -> dict[str, int]:
        """Counts by field, out of what was taken before or is taken now."""
        if not client.exists(self.taken):
            try:
                client.rename(self.gathered, self.taken)
            except redis.ResponseError:  # nothing was gathered
                return {}
        batch: dict[str, int] = {}
        for field, count in client.hscan_iter(self.taken, count=FIELDS_PER_BATCH):
            batch[field] = int(count)
            if len(batch) >= FIELDS_PER_BATCH:
                break
        return batch
