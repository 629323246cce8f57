"""How many pages a second the web process gives through HTTP, as `up` runs it, to so many who ask at once.

Each page is asked for again and again over connections that stay open: by readers without an account, with pages kept
and each made anew, and by users who block 0, 20, 200 and 1,000 keywords. Who asks shares the machine's cores.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from zisnews.bench import Line
from zisnews.bench.surroundings import cpu_seconds
from zisnews.environment import ROOT

AT_ONCE = (1, 8, 32)
SECONDS, WARM_UP_REQUESTS, START_SECONDS = 3.0, 20, 30.0
READERS = "traffic-"  # how the addresses of our readers begin
KEYWORDS = (0, 20, 200, 1000)
SHARES = {0: 0.0, 20: 0.05, 200: 0.3, 1000: 0.5}  # of the newest articles that so many keywords hide
# Requests a second at eight at once (performance.md).
BARS = {"kept": 2500, "user.0": 600, "user.20": 550, "user.200": 450, "user.1000": 120, "source": 600, "article": 250}
SEARCH_BAR = 150


@dataclass(frozen=True, slots=True)
class Asked:
    """A page and who asks for it. kept: whether the web process keeps pages for readers without an account."""

    name: str
    path: str
    cookie: str = ""
    kept: bool = False
    bar: int | None = None


@dataclass(slots=True)
class Answers:
    """times: milliseconds of each answer; bytes: of the last one, with its headers."""

    times: list[float] = field(default_factory=list)
    bytes: int = 0


def measure() -> Iterator[Line]:
    """A line for each page and number at once: requests a second, p50, p95 and p99 in milliseconds, bytes, CPU."""
    from accounts.models import User  # noqa: PLC0415  Django is set up by now, not when this module loads

    wanted = list(pages())
    try:
        for kept in (True, False):
            with web_process(page_seconds=30 if kept else 0) as (address, process):
                for asked in (one for one in wanted if one.kept == kept):
                    for number in AT_ONCE:
                        yield look(address, process, asked, number)
    finally:
        User.objects.filter(email__startswith=READERS).delete()


def pages() -> Iterator[Asked]:
    """Every kind of page as every kind of reader asks for it."""
    from django.urls import reverse  # noqa: PLC0415

    from aggregator.models import Article  # noqa: PLC0415

    article = Article.objects.select_related("source").newest_first()[0]
    words = [word for word in article.title.split() if word.isalnum()][:3]
    paths = {
        "front": reverse("front"),
        "latest": reverse("latest"),
        "source": reverse("source", args=[article.source.slug]),
        "article": article.get_absolute_url(),
        "search.one": f"{reverse('search')}?q={words[0]}",
        "search.three": f"{reverse('search')}?q={'+'.join(words)}",
    }
    for name, path in paths.items():
        yield Asked(f"kept.{name}", path, kept=True, bar=BARS["kept"])
        yield Asked(f"anew.{name}", path)
    for keywords in KEYWORDS:
        cookie = cookie_of(keywords)
        yield Asked(f"user.{keywords}.latest", paths["latest"], cookie, bar=BARS[f"user.{keywords}"])
        if not keywords:
            for name in ("front", "source", "article", "search.one", "search.three"):
                bar = SEARCH_BAR if name.startswith("search") else BARS.get(name)
                yield Asked(f"user.0.{name}", paths[name], cookie, bar=bar)


def cookie_of(keywords: int) -> str:
    """The cookie of somebody who is logged in and blocks so many keywords; made anew for each benchmark."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from accounts import excluding  # noqa: PLC0415
    from accounts.models import User  # noqa: PLC0415
    from aggregator import left_over  # noqa: PLC0415
    from zisnews.bench.keywords import chosen, words_of_newest  # noqa: PLC0415
    from zisnews.sessions import SessionStore  # noqa: PLC0415

    reader = User.objects.create_user(f"{READERS}{keywords}-{time.time_ns()}@fill.example")
    if keywords:
        words = chosen(words_of_newest(), keywords, SHARES[keywords])
        excluding.block_all(reader, map(excluding.Wanted, words), timezone.now())
        left_over.renew(reader.pk, timezone.now())
    session = SessionStore()
    session[SESSION_KEY] = str(reader.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


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
