"""Django's cache in Redis, with one client kept for each thread: making one anew took longer than an answer takes."""

from typing import Any

from django.core.cache.backends import redis

from zisnews.redis_threads import OwnConnection


class KeptClient(redis.RedisCacheClient):
    """Django keeps the connections; a client only borrows them, and threads may share it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[int, Any] = {}
        self.of_thread = OwnConnection(self._get_connection_pool(write=False))  # type: ignore[attr-defined]  # as below

    def get(self, key: Any, default: Any) -> Any:
        """As Django's; every page of a user's begins with it."""
        found = self.of_thread.answer("GET", key)
        return default if found is None else self._serializer.loads(found)  # type: ignore[attr-defined]

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # the stubs leave it out
        if id(pool) not in self._clients:
            self._clients[id(pool)] = self._client(connection_pool=pool)  # type: ignore[attr-defined]
        return self._clients[id(pool)]


class RedisCache(redis.RedisCache):
    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
