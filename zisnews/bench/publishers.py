"""The world of publishers as a benchmark holds it: a process to start, to give orders and to end."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from zisnews.environment import ROOT


class Publishers:
    """A running world, and the host map that leads to it, for as long as the ``with`` block lasts.

    count: publishers, each with one feed of ``items`` items; publisher N is https://paper-N.example/
    """

    module = "zisnews.bench.world"

    def __init__(self, folder: Path, *, count: int, items: int, seed: int = 1) -> None:
        self.count, self.items = count, items
        self._options = ["--publishers", str(count), "--items", str(items), "--seed", str(seed)]
        self._host_map = folder / "hosts.map"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", self.module, *self._options],
            cwd=ROOT,
            start_new_session=True,  # it ends when we do; a Ctrl-C is ours to handle
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        port = self._answer()
        self._host_map.write_text(f"* 127.0.0.1:{port}\n")
        return self

    def __exit__(self, *exception: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def host_map(self) -> str:
        """For the setting ZIS_FETCH_HOST_MAP."""
        return os.fspath(self._host_map)

    def publish(self, share: float, items: int) -> int:
        """Let a share of the publishers publish so many new items each; returns how many items that are in all."""
        return self._order("publish", share, items)

    def wait(self, milliseconds: float, spread: float) -> None:
        """From now on every answer takes so long, give or take ``spread``."""
        self._order("wait", milliseconds, spread)

    def answers(self) -> dict[str, int]:
        """How many answers were given so far, by status."""
        return self._order("count")

    def _order(self, *order: object) -> Any:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


class WildPublishers(Publishers):
    """Publishers of whom every third misbehaves while ``let_loose``."""

    module = "zisnews.bench.faultworld"

    def let_loose(self, is_wild: bool) -> None:
        self._order("wild", is_wild)

    def ledger(self) -> list[tuple[int, int, float, bool]]:
        """Each item ever printed: publisher, number, when (POSIX time), and whether its feed offers it now."""
        return [tuple(line) for line in self._order("ledger")]
