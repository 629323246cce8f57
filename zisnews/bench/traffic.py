"""How many pages a second the web process gives through HTTP, as `up` runs it, to so many who ask at once.

Each kind of page is asked for again and again over connections that stay open: by readers without an account, with
pages kept and each made anew, and by users who block 0, 20, 200 and 1,000 keywords. Who asks shares the machine's
cores. A line's name says how many articles the site holds, so that saved runs of several sizes stay apart.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from statistics import median, quantiles
from typing import Any

from zisnews.bench import Line
from zisnews.bench.asked import Asked, asking, queries_of
from zisnews.bench.surroundings import cpu_seconds
from zisnews.environment import ROOT

AT_ONCE = (1, 8, 32)
SECONDS, WARM_UP_REQUESTS, START_SECONDS = 3.0, 20, 30.0


@dataclass(slots=True)
class Answers:
    """times: milliseconds of each answer; bytes: of the last one, with its headers."""

    times: list[float] = field(default_factory=list)
    bytes: int = 0


def measure(only: str = "") -> Iterator[Line]:
    """A line for each page and number at once: requests a second, p50, p95 and p99 in milliseconds, bytes, CPU.

    only: pages in whose name this stands, such as "user.0.latest"
    """
    with asking(only) as pages:
        wanted = [replace(one, queries=queries_of(one)) for one in pages]
        for kept in (True, False):
            with web_process(page_seconds=30 if kept else 0) as (address, process):
                for asked in (one for one in wanted if one.is_kept == kept):
                    for number in AT_ONCE:
                        yield look(address, process, asked, number)


@contextmanager
def web_process(*, page_seconds: int) -> Iterator[tuple[tuple[str, int], int]]:
    """gunicorn as `up` starts it, on a port of its own; gives its address and its process id."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.set_inheritable(True)
        command = ["-c", "python:zisnews.gunicorn", "-b", f"fd://{door.fileno()}", "zisnews.wsgi:application"]
        environment = os.environ | {"ZIS_PAGE_SECONDS": str(page_seconds), "LOG_LEVEL": "ERROR"}
        environment["ALLOWED_HOSTS"] = "127.0.0.1,localhost"
        process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "gunicorn", *command], env=environment, cwd=ROOT, pass_fds=[door.fileno()]
        )
        try:
            yield door.getsockname(), process.pid
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def look(address: tuple[str, int], process: int, asked: Asked, at_once: int) -> Line:
    """Ask for one page from so many connections for some seconds."""
    warm = Answers()
    ask(address, asked, warm, time.perf_counter() + START_SECONDS, WARM_UP_REQUESTS)
    answers = [Answers() for _ in range(at_once)]
    before, began = cpu_seconds(process), time.perf_counter()
    threads = [
        threading.Thread(target=ask, args=(address, asked, one, began + SECONDS), daemon=True) for one in answers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    times = sorted(one for answer in answers for one in answer.times)
    cuts = quantiles(times, n=100)
    detail: dict[str, Any] = {
        "p50": round(median(times), 2),
        "p95": round(cuts[94], 2),
        "p99": round(cuts[98], 2),
        "requests": len(times),
        "queries": asked.queries,
        "bytes": warm.bytes,
        "cpu_ms": round((cpu_seconds(process) - before) / len(times) * 1000, 2),  # of the web process, a request
        "load": round(os.getloadavg()[0], 1),
    }
    if asked.bar and at_once == AT_ONCE[1]:
        detail["bar"] = asked.bar
    return Line(f"traffic.{asked.name}.{at_once}", round(len(times) / seconds, 1), "requests/s", detail)


def ask(address: tuple[str, int], asked: Asked, answers: Answers, until: float, most: int = sys.maxsize) -> None:
    """Ask for a page over one connection until a moment, or so many times. Ends where the answer is no page."""
    lines = [f"GET {asked.path} HTTP/1.1", f"Host: 127.0.0.1:{address[1]}", "Accept: text/html"]
    lines += ["Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: en"]
    lines += [f"Cookie: {asked.cookie}"] if asked.cookie else []
    request = "\r\n".join([*lines, "", ""]).encode()
    with ExitStack() as opened:
        connection = None
        while time.perf_counter() < until and len(answers.times) < most:
            began = time.perf_counter()
            try:
                connection = connection or opened.enter_context(socket.create_connection(address, START_SECONDS))
                connection.sendall(request)
                head, answers.bytes = whole_answer(connection)
            except ConnectionError:  # gunicorn closes one that was open for long
                connection = None
                continue
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"zis: the benchmark went wrong: {asked.path} answers {head[:40].decode()}.")
            answers.times.append((time.perf_counter() - began) * 1000)
            if b"\r\nconnection: close" in head.lower():
                connection = None


def whole_answer(connection: socket.socket) -> tuple[bytes, int]:
    """The head of an answer, and its length in bytes with its body. Raises ConnectionError where it ends early."""
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += some_bytes(connection)
    head = received[:end]
    length = next(int(line[16:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length: "))
    size, left = end + 4 + length, end + 4 + length - len(received)
    while left > 0:
        left -= len(some_bytes(connection))
    return head, size


def some_bytes(connection: socket.socket) -> bytes:
    found = connection.recv(65_536)
    if not found:
        raise ConnectionResetError
    return found
