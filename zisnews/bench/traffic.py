"""How many pages a second the web process gives through HTTP, as `up` runs it, to so many who ask at once.

Each kind of page is asked for again and again over connections that stay open: by readers without an account, with
pages kept and each made anew, and by users who block 0, 20, 200 and 1,000 keywords. Who asks shares the machine's
cores. A line's name says how many articles the site holds, so that saved runs of several sizes stay apart.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median, quantiles
from typing import Any

from zisnews.bench import Line
from zisnews.bench.asked import Asked, asking, queries_of
from zisnews.bench.client import ask
from zisnews.bench.surroundings import cpu_seconds
from zisnews.environment import ROOT

AT_ONCE = (1, 8, 32)
SECONDS, WARM_UP_REQUESTS, START_SECONDS = 3.0, 80, 30.0


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
    warm = ask(address, asked, time.perf_counter() + START_SECONDS, at_once=AT_ONCE[1], most=WARM_UP_REQUESTS)
    before, client, began = cpu_seconds(process), time.process_time(), time.perf_counter()
    times = sorted(ask(address, asked, began + SECONDS, at_once=at_once).times)
    seconds, client = time.perf_counter() - began, time.process_time() - client
    cuts = quantiles(times, n=100)
    detail: dict[str, Any] = {
        "p50": round(median(times), 2),
        "p95": round(cuts[94], 2),
        "p99": round(cuts[98], 2),
        "requests": len(times),
        "queries": asked.queries,
        "bytes": warm.bytes,
        "cpu_ms": round((cpu_seconds(process) - before) / len(times) * 1000, 2),  # of the web process, a request
        "client_ms": round(client / len(times) * 1000, 3),  # of CPU, who asks
        "load": round(os.getloadavg()[0], 1),
    }
    if asked.bar and at_once == AT_ONCE[1]:
        detail["bar"] = asked.bar
    return Line(f"traffic.{asked.name}.{at_once}", round(len(times) / seconds, 1), "requests/s", detail)
