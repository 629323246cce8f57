"""What the tests of the sandbox have its children do. A module of its own: children import it by name."""

import ctypes
import os
import resource
import signal
import socket
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from feeds.errors import FetchError


@dataclass(frozen=True, slots=True)
class Reading:
    words: int
    at: datetime


class Trojan:
    """Unpickled without care, it runs a command in the parent."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def count_words(text: str, *, factor: int = 1) -> Reading:
    return Reading(len(text.split()) * factor, datetime(2026, 1, 14, tzinfo=UTC))


def length(body: bytes) -> int:
    return len(body)


def process_id() -> int:
    return os.getpid()


def environment() -> dict[str, str]:
    return dict(os.environ)


def refuse(url: str) -> None:
    raise FetchError(url, "the server answered 410", permanent=True, status=410)


def divide(a: int, b: int) -> float:
    return a / b


def eat_memory(megabytes: int) -> int:
    return len(b"x" * (megabytes * 1024 * 1024))


def seconds_left() -> float:
    """Of the processor's time, for this job."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return resource.getrlimit(resource.RLIMIT_CPU)[0] - used.ru_utime - used.ru_stime


def reach_the_limit_of_time() -> None:
    """What the kernel does to a process that takes more than its limit."""
    os.kill(os.getpid(), signal.SIGXCPU)
    time.sleep(10)


def recurse(depth: int) -> int:
    return recurse(depth + 1)


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def announce_and_spin(path: str) -> None:
    """Say who we are, by a channel the limits leave open, and keep the processor busy in C, not in Python."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        line.sendall(str(os.getpid()).encode())
    sum(range(10**12))


def crash() -> None:
    ctypes.string_at(0)


def chatter() -> str:
    os.write(1, b"noise that is no frame")
    sys.stdout.write("more noise")
    sys.stdout.flush()
    return "answer"


def write_file(path: str) -> str:
    try:
        Path(path).write_bytes(b"x" * 10)
    except OSError as error:
        return type(error).__name__
    return "written"


def trojan(path: str) -> Trojan:
    return Trojan(path)


def limits() -> dict[str, int]:
    return {name: resource.getrlimit(getattr(resource, name))[0] for name in ("RLIMIT_AS", "RLIMIT_CORE")}


def loaded_modules() -> list[str]:
    return sorted(sys.modules)
