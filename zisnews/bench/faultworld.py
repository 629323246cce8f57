"""Publishers of whom every third misbehaves, each minute in another way: `python -m zisnews.bench.faultworld`.

Prints its port, then obeys lines of JSON on stdin, each answered with one: ``["publish", 0.1, 1]``, ``["wild", true]``,
``["ledger"]``. Ends when stdin does.
"""

import argparse
import asyncio
import gzip
import json
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from zisnews.bench.syndication import feed_of
from zisnews.bench.texts import Item
from zisnews.bench.world import World, header_of, path_of, tell

EVERY = 3  # each third publisher is a wild one
PIECE_BYTES = 64 * 1024
PATIENCE_SECONDS = 60
WINDOW = 500  # items a feed lists at most: none drops out while workers are dead
BOMB = gzip.compress(bytes(200 * 1024 * 1024), 9)


@dataclass(slots=True)
class Exchange:
    """One request, and the wire its answer goes over."""

    world: "FaultWorld"
    publisher: int
    path: str
    head: bytes
    wire: asyncio.StreamWriter

    async def send(self, body: bytes, *, status: str = "200 OK", headers: str = "", length: int | None = None) -> None:
        size = len(body) if length is None else length
        self.wire.write(f"HTTP/1.1 {status}\r\n{headers}Content-Length: {size}\r\n\r\n".encode() + body)
        await self.wire.drain()

    async def as_usual(self) -> None:
        self.wire.write(self.world.answer(self.world.papers[self.publisher].host, self.path, self.head))
        await self.wire.drain()

    def hang_up(self) -> None:
        self.wire.transport.abort()

    def feed(self, change: Callable[[Item], list[Item]] = lambda item: [item]) -> bytes:
        """The publisher's feed with each item changed."""
        newest_first = self.world.items[self.publisher][: -self.world.window - 1 : -1]
        return feed_of(self.world.papers[self.publisher], [told for item in newest_first for told in change(item)])


async def slow_to_begin(exchange: Exchange) -> None:
    await asyncio.sleep(8)
    await exchange.as_usual()


async def slow_to_end(exchange: Exchange) -> None:
    body = exchange.feed()
    exchange.wire.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode())
    step = len(body) // 20 + 1
    for start in range(0, len(body), step):
        exchange.wire.write(body[start : start + step])
        await exchange.wire.drain()
        await asyncio.sleep(0.25)


async def drips(exchange: Exchange) -> None:
    exchange.wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(PATIENCE_SECONDS):
        exchange.wire.write(b"<")
        await exchange.wire.drain()
        await asyncio.sleep(1)


async def cut_off(exchange: Exchange) -> None:
    body = exchange.feed()
    await exchange.send(body[: len(body) // 2], length=len(body))
    exchange.hang_up()


async def cut_in_the_document(exchange: Exchange) -> None:
    body = exchange.feed()
    await exchange.send(body[: len(body) // 2])


async def endless(exchange: Exchange) -> None:
    exchange.wire.write(b"HTTP/1.1 200 OK\r\n\r\n<rss><channel>")
    for _ in range(10_000):
        exchange.wire.write(b"<!-- news -->" * (PIECE_BYTES // 13))
        await exchange.wire.drain()


async def endless_headers(exchange: Exchange) -> None:
    exchange.wire.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        exchange.wire.write(f"X-{number}: {'x' * 200}\r\n".encode())
        await exchange.wire.drain()


async def bomb(exchange: Exchange) -> None:
    await exchange.send(BOMB, headers="Content-Encoding: gzip\r\n")


async def truncated_gzip(exchange: Exchange) -> None:
    packed = gzip.compress(exchange.feed())
    await exchange.send(packed[: len(packed) // 2], headers="Content-Encoding: gzip\r\n")


async def moved(exchange: Exchange) -> None:
    if exchange.path == "/feed.xml":
        await exchange.send(b"", status="301 Moved Permanently", headers="Location: /moved.xml\r\n")
    else:
        await exchange.as_usual()


async def in_a_circle(exchange: Exchange) -> None:
    target = "/b" if exchange.path == "/a" else "/a"
    await exchange.send(b"", status="301 Moved Permanently", headers=f"Location: {target}\r\n")


async def too_many(exchange: Exchange) -> None:
    await exchange.send(b"", status="429 Too Many Requests", headers="Retry-After: 5\r\n")


async def busy(exchange: Exchange) -> None:
    await exchange.send(b"", status="503 Service Unavailable", headers="Retry-After: 3\r\n")


async def broken(exchange: Exchange) -> None:
    await exchange.send(b"Oops", status="500 Internal Server Error")


async def gone(exchange: Exchange) -> None:
    await exchange.send(b"", status="410 Gone")


async def a_page(exchange: Exchange) -> None:
    await exchange.send(
        b"<!DOCTYPE html><title>Soon</title><p>We are moving house.", headers="Content-Type: text/html\r\n"
    )


async def empty(exchange: Exchange) -> None:
    await exchange.send(b"")


async def unchanged_unasked(exchange: Exchange) -> None:
    exchange.wire.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    await exchange.wire.drain()


async def resets(exchange: Exchange) -> None:
    exchange.hang_up()


async def silent(exchange: Exchange) -> None:
    await asyncio.sleep(PATIENCE_SECONDS)


async def retitled(exchange: Exchange) -> None:
    turn = exchange.world.minute()
    await exchange.send(exchange.feed(lambda item: [replace(item, title=f"{item.title}, take {turn}")]))


async def from_the_future(exchange: Exchange) -> None:
    ahead = timedelta(days=3)
    await exchange.send(exchange.feed(lambda item: [replace(item, published_at=item.published_at + ahead)]))


async def told_twice(exchange: Exchange) -> None:
    """The same story under two guids: the second has the number of no other item, and the address of the first."""
    body = exchange.feed()
    again = body.replace(b'<guid isPermaLink="false">paper-', b'<guid isPermaLink="false">again-')
    items = again[again.find(b"<item>") : again.rfind(b"</item>") + 7] if b"<item>" in again else b""
    await exchange.send(body.replace(b"</channel>", items + b"</channel>"))


FAULTS: list[Callable[[Exchange], Awaitable[None]]] = [
    slow_to_begin, slow_to_end, drips, cut_off, cut_in_the_document, endless, endless_headers, bomb, truncated_gzip,
    moved, in_a_circle, too_many, busy, broken, gone, a_page, empty, unchanged_unasked, resets, silent, retitled,
    from_the_future, told_twice,
]  # fmt: skip


class FaultWorld(World):
    """A world with wild publishers in it, which behave until they are let loose."""

    def __init__(self, seed: int, publishers: int, items: int, period_seconds: float) -> None:
        self.printed_at: dict[tuple[int, int], float] = {}
        self.period_seconds = period_seconds
        self.is_wild = False
        super().__init__(seed, publishers, items)
        self.window = WINDOW

    def _print(self, publisher: int, published_at) -> None:
        self.printed_at[publisher, len(self.items[publisher])] = time.time()
        super()._print(publisher, published_at)

    def answer(self, host: str, path: str, headers: bytes) -> bytes:
        return super().answer(host, "/feed.xml" if path == "/moved.xml" else path, headers)

    def minute(self) -> int:
        return int(time.time() / self.period_seconds)

    def fault_of(self, publisher: int) -> Callable[[Exchange], Awaitable[None]] | None:
        """How a publisher misbehaves this minute, if it does."""
        if not self.is_wild or publisher % EVERY:
            return None
        return FAULTS[(publisher // EVERY + self.minute()) % len(FAULTS)]

    def ledger(self) -> list[tuple[int, int, float, bool]]:
        """Each item ever printed: publisher, number, when, and whether its feed offers it at this moment."""
        return [
            (publisher, number, at, number >= len(self.items[publisher]) - self.window)
            for (publisher, number), at in self.printed_at.items()
        ]


async def converse(world: FaultWorld, reader: asyncio.StreamReader, wire: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        while not wire.is_closing():
            head = await reader.readuntil(b"\r\n\r\n")
            paper = world.by_host.get(header_of(head, b"host").partition(":")[0])
            if paper is None:
                break
            exchange = Exchange(world, paper.publisher, path_of(head), head, wire)
            fault = world.fault_of(paper.publisher)
            is_feed = exchange.path.rpartition("/")[2] in {"feed.xml", "moved.xml", "a", "b"}
            await (fault(exchange) if fault and is_feed else exchange.as_usual())
            if fault:
                break
    wire.close()


async def serve(world: FaultWorld) -> None:
    """Serve until stdin ends, obeying it meanwhile."""
    loop = asyncio.get_running_loop()
    server = await asyncio.start_server(lambda *wires: converse(world, *wires), "127.0.0.1", 0, backlog=1024)
    tell(server.sockets[0].getsockname()[1])
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        match json.loads(line):
            case ["publish", share, count]:
                tell(world.publish(share, count))
            case ["wild", is_wild]:
                world.is_wild = is_wild
                tell(True)
            case ["ledger"]:
                tell(world.ledger())
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m zisnews.bench.faultworld")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--publishers", type=int, default=90)
    parser.add_argument("--items", type=int, default=10)
    parser.add_argument("--period", type=float, default=60, help="seconds until each wild one misbehaves otherwise")
    chosen = parser.parse_args()
    asyncio.run(serve(FaultWorld(chosen.seed, chosen.publishers, chosen.items, chosen.period)))


if __name__ == "__main__":
    main()
