"""How long until a newcomer reads the first page, how long the second time, and what everything uses at rest.

Runs `./zis up --demo` as a person would, on a data folder of its own that is gone afterwards. The environment is there
already: what pip takes is not our own.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from zisnews.bench import Line
from zisnews.bench.surroundings import cpu_seconds, memory_mb, processes_below, shared_out_memory_mb
from zisnews.places import ROOT
from zisnews.trouble import Trouble

LEAST_MINUTES = 1  # publishers of the demo are read by then
RESTING_SECONDS = 20
PATIENCE_SECONDS = 120


@dataclass(slots=True)
class Start:
    """A running site. seconds: until it said where it is, which it does once its first page answers."""

    process: subprocess.Popen[str]
    seconds: float


def measure(minutes: float = LEAST_MINUTES) -> Iterator[Line]:
    """Start twice on one folder, the second time with what the first one left; let it rest; end it.

    minutes: how long it is left to itself: with 60, what it holds after an hour is told beside what it held after one
    """
    with tempfile.TemporaryDirectory(prefix="zis-bench-start-") as folder:
        Path(folder).chmod(0o711)  # Postgres may run as another user, who has to walk through
        data = Path(folder) / "data"
        with started(data) as first:
            yield Line("start.first", round(first.seconds, 1), "s")
        with started(data) as again:
            yield Line("start.again", round(again.seconds, 1), "s", {"bar": 10})
            time.sleep(60 * LEAST_MINUTES)
            yield from at_rest(again.process.pid)
            if minutes > LEAST_MINUTES:
                time.sleep(max(0, 60 * (minutes - LEAST_MINUTES) - RESTING_SECONDS))
                yield from at_rest(again.process.pid, f"_after_{minutes:g}_minutes")
            began_at = time.monotonic()
            end(again.process)
            yield Line("start.end", round(time.monotonic() - began_at, 1), "s")


@contextmanager
def started(data: Path) -> Iterator[Start]:
    """The demo, from the command to its address; ended in the end."""
    began_at = time.monotonic()
    command = [sys.executable, str(ROOT / "manage.py"), "up", "--demo", "--port", "0", "--data", str(data)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZIS_", "DATABASE_", "REDIS_"))}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=kept)  # noqa: S603  our own command
    try:
        yield Start(process, wait_for_address(process) - began_at)
    finally:
        end(process)


def wait_for_address(process: subprocess.Popen[str]) -> float:
    """When it said where the site is; raises Trouble where it ends, or says nothing for too long."""
    assert process.stdout
    impatience = Timer(PATIENCE_SECONDS, process.kill)
    impatience.start()
    try:
        for line in process.stdout:
            if "ZisNews is at" in line:
                return time.monotonic()
    finally:
        impatience.cancel()
    raise Trouble("The site did not start; what it said stands above.")


def at_rest(root: int, after: str = "") -> Iterator[Line]:
    """What all its processes hold once the demo has been read, and the share of one core they use then."""
    used_before = cpu_seconds(root)
    time.sleep(RESTING_SECONDS)
    share = (cpu_seconds(root) - used_before) / RESTING_SECONDS
    processes = processes_below(root)
    resident = sum(memory_mb(process) for process in processes)
    detail = {
        "shared_out_mb": round(sum(shared_out_memory_mb(process) for process in processes)),
        "processes": len(processes),
        "bar": 700,
    }
    yield Line(f"start.memory_at_rest{after}", round(resident), "MB", detail)
    yield Line(f"start.cpu_at_rest{after}", round(100 * share, 1), "% of one")


def end(process: subprocess.Popen[str]) -> None:
    """As Ctrl-C does."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)
