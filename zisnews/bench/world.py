"""The publishers of a benchmark, served on loopback by a process of their own: `python -m zisnews.bench.world`.

Prints its port, then obeys lines of JSON on stdin, each answered with one: ``["publish", 0.1, 3]``,
``["wait", 120, 80]``, ``["count"]``. Ends when stdin does.
"""

import argparse
import asyncio
import hashlib
import json
import random
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from zisnews.bench.syndication import feed_of
from zisnews.bench.texts import Item, Paper, Texts

MAX_HEAD_BYTES = 65_536


class World:
    """What the publishers have published so far, and how they answer."""

    def __init__(self, seed: int, publishers: int, items: int) -> None:
        began_at = datetime.now(UTC).replace(microsecond=0)
        self.texts = Texts(seed, publishers)
        self.papers = [Paper(self.texts, publisher) for publisher in range(publishers)]
        self.by_host = {paper.host: paper for paper in self.papers}
        self.window = items
        self.chance = random.Random(seed)  # noqa: S311  no secret
        self.items: list[list[Item]] = [[] for _ in self.papers]
        self.feeds: list[tuple[bytes, str, str]] = [(b"", "", "")] * publishers
        self.answers = {200: 0, 304: 0, 404: 0}
        for publisher in range(publishers):
            for number in range(items):
                age = timedelta(days=7) * (1 - number / items)
                self._print(publisher, began_at - age - timedelta(seconds=publisher))
            self._syndicate(publisher)

    def publish(self, share: float, count: int) -> int:
        """Have a share of the publishers publish so many new items each; returns how many items that are."""
        chosen = self.chance.sample(range(len(self.papers)), round(share * len(self.papers)))
        now = datetime.now(UTC).replace(microsecond=0)
        for publisher in chosen:
            for back in range(count, 0, -1):
                self._print(publisher, now - timedelta(seconds=back))
            self._syndicate(publisher)
        return len(chosen) * count

    def answer(self, host: str, path: str, headers: bytes) -> bytes:
        """The whole answer to a GET."""
        paper = self.by_host.get(host)
        if paper and path.partition("?")[0] == "/feed.xml":
            return self._feed_answer(paper, headers)
        number, _, _ = path.rpartition("/")[2].partition("?")[0].partition("-")
        items = self.items[paper.publisher] if paper else []
        if paper and number.isdigit() and int(number) < len(items):
            return self._made(200, paper.page(items[int(number)]), "Content-Type: text/html; charset=utf-8\r\n")
        return self._made(404, b"Not found", "Content-Type: text/plain\r\n")

    def _feed_answer(self, paper: Paper, headers: bytes) -> bytes:
        body, etag, modified = self.feeds[paper.publisher]
        validators = f"ETag: {etag}\r\nLast-Modified: {modified}\r\n"
        if etag.encode() in headers:
            return self._made(304, None, validators)
        return self._made(200, body, f"{validators}Content-Type: application/rss+xml; charset=utf-8\r\n")

    def _made(self, status: int, body: bytes | None, headers: str) -> bytes:
        self.answers[status] += 1
        length = "" if body is None else f"Content-Length: {len(body)}\r\n"
        return f"HTTP/1.1 {status} -\r\n{headers}{length}\r\n".encode() + (body or b"")

    def _print(self, publisher: int, published_at: datetime) -> None:
        items = self.items[publisher]
        items.append(self.texts.item(publisher, len(items), published_at))

    def _syndicate(self, publisher: int) -> None:
        newest_first = self.items[publisher][: -self.window - 1 : -1]
        body = feed_of(self.papers[publisher], newest_first)
        modified = format_datetime(newest_first[0].published_at, usegmt=True)
        self.feeds[publisher] = (body, f'"{hashlib.sha256(body).hexdigest()[:24]}"', modified)


class Wait:
    """How long every answer takes: so many milliseconds, give or take."""

    def __init__(self, seed: int) -> None:
        self.milliseconds, self.spread = 0.0, 0.0
        self._chance = random.Random(seed)  # noqa: S311  no secret

    def seconds(self) -> float:
        return max(0.0, self.milliseconds + self._chance.uniform(-self.spread, self.spread)) / 1000


class Exchange(asyncio.Protocol):
    """One connection: requests one after the other, each answered in full."""

    def __init__(self, world: World, wait: Wait) -> None:
        self.world, self.wait = world, wait
        self.received = b""
        self.is_waiting = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        self.go_on()

    def go_on(self) -> None:
        assert self.transport
        while not self.is_waiting and b"\r\n\r\n" in self.received and not self.transport.is_closing():
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            answer = self.world.answer(header_of(head, b"host").partition(":")[0], path_of(head), head)
            if seconds := self.wait.seconds():
                self.is_waiting = True
                asyncio.get_running_loop().call_later(seconds, self.send_late, answer)
            else:
                self.transport.write(answer)
        if len(self.received) > MAX_HEAD_BYTES:
            self.transport.close()

    def send_late(self, answer: bytes) -> None:
        assert self.transport
        self.is_waiting = False
        self.transport.write(answer)
        self.go_on()


def path_of(head: bytes) -> str:
    return head.split(b" ", 2)[1].decode("latin-1")


def header_of(head: bytes, name: bytes) -> str:
    start = head.lower().find(b"\r\n" + name + b":")
    return head[start + len(name) + 3 :].partition(b"\r\n")[0].strip().decode("latin-1") if start >= 0 else ""


async def serve(world: World, wait: Wait) -> None:
    """Serve until stdin ends, obeying it meanwhile."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Exchange(world, wait), "127.0.0.1", 0, backlog=1024)
    tell(server.sockets[0].getsockname()[1])
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        match json.loads(line):
            case ["publish", share, count]:
                tell(world.publish(share, count))
            case ["wait", milliseconds, spread]:
                wait.milliseconds, wait.spread = milliseconds, spread
                tell(True)
            case ["count"]:
                tell({str(status): count for status, count in world.answers.items()})
    server.close()


def tell(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m zisnews.bench.world")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--publishers", type=int, default=500)
    parser.add_argument("--items", type=int, default=30)
    chosen = parser.parse_args()
    asyncio.run(serve(World(chosen.seed, chosen.publishers, chosen.items), Wait(chosen.seed)))


if __name__ == "__main__":
    main()
