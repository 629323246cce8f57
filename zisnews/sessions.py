"""Sessions in Postgres with a copy in Redis. While Redis is away, whoever is logged in stays so."""

from typing import Any

from django.contrib.sessions.backends import cached_db
from django.contrib.sessions.backends.db import SessionStore as StoreInPostgres
from redis.exceptions import RedisError


class SessionStore(cached_db.SessionStore):
    """Django's own, which reads a session that has no copy from Postgres, but then insists on making one.

    Ending a session still needs Redis: a copy that outlived it would let somebody in who has logged out.
    """

    def load(self) -> dict[str, Any]:
        try:
            return super().load()
        except RedisError:
            return StoreInPostgres.load(self)

    def exists(self, session_key: str) -> bool:
        try:
            return super().exists(session_key)
        except RedisError:
            return StoreInPostgres.exists(self, session_key)
