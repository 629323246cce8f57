"""Documents damaged on purpose, always in the same way for the same seed, and what reading one of them costs."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from feeds.errors import FeedsError, SandboxError
from feeds.sandbox import Sandbox
from zisnews.bench.surroundings import cpu_seconds, memory_mb

CUTS, FLIPS = 10, 20
MOST_SECONDS, MOST_MB = 5.0, 200.0


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged document. how: "cut" (its end is missing) or "flipped" (some of its bytes are others)."""

    name: str
    how: str
    body: bytes


def cut(name: str, body: bytes, seed: int, count: int = CUTS) -> Iterator[Damaged]:
    """The document ending at `count` random places."""
    chance = random.Random(f"{name} cut {seed}")  # noqa: S311 - repeatable, not secret
    for place in sorted(chance.randrange(1, len(body)) for _ in range(count)):
        yield Damaged(f"{name}, {seed}: cut at {place}", "cut", body[:place])


def flipped(name: str, body: bytes, seed: int, count: int = FLIPS) -> Damaged:
    """The document with `count` random bytes replaced by other ones."""
    chance = random.Random(f"{name} flipped {seed}")  # noqa: S311 - repeatable, not secret
    damaged = bytearray(body)
    for _ in range(count):
        damaged[chance.randrange(len(damaged))] ^= chance.randrange(1, 256)
    return Damaged(f"{name}, {seed}: flipped", "flipped", bytes(damaged))


@dataclass(slots=True)
class Reading:
    """What reading one document gave and cost.

    seconds: of the processor, which neighbours do not lengthen; 0 where there is no /proc
    mb:      the most the child used, what it had loaded before included
    bug:     what should not have happened, or ""
    """

    value: Any
    error: FeedsError | None
    seconds: float
    mb: float
    bug: str = ""


class MeasuredSandbox:
    """A sandbox of one child whose highest memory is told for each document by itself."""

    def __init__(self) -> None:
        self._sandbox = Sandbox(1, idle_seconds=600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    def read(self, function: Callable[..., Any], body: bytes, **how: Any) -> Reading:
        """Read a document; an error that is none of feeds.errors is a bug, and so is one the child did not expect."""
        for child in self._children():
            with suppress(OSError):
                Path(f"/proc/{child}/clear_refs").write_text("5")  # its highest memory is counted anew
        began_at, value, bug = cpu_seconds(os.getpid()), None, ""
        error: FeedsError | None = None
        try:
            value = self._sandbox.call(function, body, **how)
        except SandboxError as failure:
            error, bug = failure, "\n".join([str(failure), *getattr(failure, "__notes__", [])])
        except FeedsError as failure:
            error = failure
        except Exception as failure:
            bug = f"{type(failure).__name__}: {failure}"
        seconds = cpu_seconds(os.getpid()) - began_at
        return Reading(value, error, seconds, self._memory("VmHWM"), bug)

    def _children(self) -> list[int]:
        return [child._process.pid for child in self._sandbox._children]

    def _memory(self, which: str) -> float:
        return max((memory_mb(child, which) for child in self._children()), default=0.0)
