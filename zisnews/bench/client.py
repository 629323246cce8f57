"""The client of the benchmark of traffic: one thread, however many connections ask at once.

It shares the machine's cores with what it measures. A thread for each connection took five times as much of them, and
woke late: for each other.
"""

import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

from zisnews.bench.asked import Asked

PATIENCE = 30.0  # seconds without any answer
MOST_BYTES = 262_144  # at once
HEAD_ENDS, LENGTH = b"\r\n\r\n", b"\r\ncontent-length: "


@dataclass(slots=True)
class Answers:
    """times: milliseconds of each answer; bytes: of the last one, with its headers."""

    times: list[float] = field(default_factory=list)
    bytes: int = 0


class Asking:
    """One connection that asks for a page again and again. A connection that the server ends is opened anew."""

    __slots__ = ("address", "began", "connection", "head", "is_last", "left", "request", "size")

    def __init__(self, address: tuple[str, int], request: bytes) -> None:
        self.address, self.request = address, request
        self.connection = socket.create_connection(address, PATIENCE)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> None:
        """Raises ConnectionError where the server ended the connection."""
        self.head, self.left, self.size, self.is_last = b"", -1, 0, False
        self.began = time.perf_counter()
        self.connection.sendall(self.request)

    def read(self) -> bool:
        """Read what has come; True when the answer is whole. Raises ConnectionError where it ends early."""
        found = self.connection.recv(MOST_BYTES)
        if not found:
            raise ConnectionResetError
        if self.left >= 0:
            self.left -= len(found)
            return not self.left
        self.head += found
        end = self.head.find(HEAD_ENDS)
        if end < 0:
            return False
        said = self.head[:end].lower()
        place = said.index(LENGTH) + len(LENGTH)
        self.size = end + len(HEAD_ENDS) + int(said[place : place + 20].partition(b"\r\n")[0])
        self.left, self.is_last = self.size - len(self.head), b"\r\nconnection: close" in said
        return not self.left

    def renew(self) -> None:
        self.connection.close()
        self.__init__(self.address, self.request)  # type: ignore[misc]  # nothing of the old one is left


def ask(address: tuple[str, int], asked: Asked, until: float, *, at_once: int = 1, most: int = sys.maxsize) -> Answers:
    """Ask for a page over so many connections until a moment, or so many times. Exits where the answer is no page."""
    request, answers = request_for(address, asked), Answers()
    with selectors.DefaultSelector() as waiting:
        for _ in range(at_once):
            begin(Asking(address, request), waiting)
        try:
            while time.perf_counter() < until and len(answers.times) < most:
                for key, _events in waiting.select(PATIENCE):
                    hear(key.data, answers, waiting, asked)
        finally:
            for key in list(waiting.get_map().values()):
                key.data.connection.close()
    return answers


def request_for(address: tuple[str, int], asked: Asked) -> bytes:
    lines = [f"GET {asked.path} HTTP/1.1", f"Host: 127.0.0.1:{address[1]}", "Accept: text/html"]
    lines += ["Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: en"]
    lines += [f"Cookie: {asked.cookie}"] if asked.cookie else []
    return "\r\n".join([*lines, "", ""]).encode()


def begin(asking: Asking, waiting: selectors.BaseSelector) -> None:
    waiting.register(asking.connection, selectors.EVENT_READ, asking)
    asking.ask()


def hear(asking: Asking, answers: Answers, waiting: selectors.BaseSelector, asked: Asked) -> None:
    """Read what came over a connection, and ask for the next page where that was the whole of one."""
    try:
        if not asking.read():
            return
        answers.times.append((time.perf_counter() - asking.began) * 1000)
        answers.bytes = asking.size
        if not asking.head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"zis: the benchmark went wrong: {asked.path} answers {asking.head[:40].decode()}.")
        if not asking.is_last:
            asking.ask()
            return
    except ConnectionError:  # gunicorn closes one that was open for long
        pass
    waiting.unregister(asking.connection)
    asking.renew()
    begin(asking, waiting)
