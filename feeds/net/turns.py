"""Turns at hosts: one request at a time at each, a gap between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """At most one at a time per host; a host nobody waits for is forgotten."""

    def __init__(self) -> None:
        self._queues: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[None]:
        turns, people = self._queues.get(host) or (asyncio.Semaphore(1), 0)
        self._queues[host] = (turns, people + 1)
        try:
            async with turns:
                yield
        finally:
            turns, people = self._queues.pop(host)
            if people > 1:
                self._queues[host] = (turns, people - 1)
