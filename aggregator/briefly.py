"""What a process remembers for some minutes: what was looked for once is not looked for again by the next reader."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Briefly(Generic[Found]):
    """Answers by all that they were found by. Nothing of one reader is among that, nor what must be true at once."""

    def __init__(self, seconds: float, most: int) -> None:
        self.seconds, self.most = seconds, most
        self.known: dict[Hashable, tuple[float, Found]] = {}

    def get(self, key: Hashable, find: Callable[[], Found]) -> Found:
        now = time.monotonic()
        kept = self.known.get(key)
        if kept is not None and now < kept[0]:
            return kept[1]
        found = find()
        if len(self.known) >= self.most:
            self.known.clear()
        self.known[key] = now + self.seconds, found
        return found
