"""The recorded web: a real HTTP server on loopback that answers for every host, filled like a dict.

    def test_something(web):
        web["https://paper.example/feed.xml"] = b"<rss>…"                     # ETag and 304 come by themselves
        web["https://paper.example/gone"] = Answer(410)
        web["https://paper.example/slow"] = Answer(body=b"…", drip=(1, 0.1))
        …
        assert [request.path for request in web.requests] == ["/feed.xml"]

The code under test asks for real names and speaks real HTTP: the fixture points the setting ZIS_FETCH_HOST_MAP here
(and ``web.environment`` does for another process). A host without any page hangs up; a page nobody filled in is a 404.
"""

import asyncio
import gzip
import hashlib
import ssl
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

import brotli
import pytest

from feeds.manners import permission
from feeds.net.unpacking import zstd

CHUNK_BYTES = 64 * 1024
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": zstd.compress,
}


@dataclass(frozen=True)
class Request:
    """What somebody asked; header names are in lower case."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""
    at: float = field(default_factory=monotonic)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


@dataclass(frozen=True)
class Answer:
    """An answer with its faults.

    headers:    added to ours, or in place of them; a value may be bytes
    encoding:   gzip, deflate, br or zstd: the body is packed and Content-Encoding says so
    delay:      seconds before the first byte
    drip:       (bytes, seconds): so many bytes at a time, so long between them
    cut:        hang up after so many bytes of the body
    is_endless: the body again and again, until the other side hangs up
    is_silent:  take the request and never say a word
    is_chunked: Transfer-Encoding: chunked instead of a Content-Length
    raw:        exactly these bytes (dripping, if wished) instead of everything above, then hang up
    """

    status: int = 200
    headers: dict[str, str | bytes] = field(default_factory=dict)
    body: bytes = b""
    encoding: str = ""
    delay: float = 0
    drip: tuple[int, float] | None = None
    cut: int | None = None
    is_endless: bool = False
    is_silent: bool = False
    is_chunked: bool = False
    raw: bytes | None = None


def bomb(encoding: str, megabytes: int = 200) -> Answer:
    """A small answer that unpacks to so many megabytes of zeros."""
    return Answer(body=b"\0" * (megabytes * 1024 * 1024), encoding=encoding, headers={"Content-Type": "text/xml"})


Page = bytes | str | Answer | Callable[[Request], "bytes | str | Answer"]


class Web(MutableMapping[str, Page]):
    """URL → page, served on ``ip``:``port`` for as long as the ``with`` block lasts.

    tls: speak TLS with this context; the fetcher must then be led here by a name server, not by the host map
    """

    ip = "127.0.0.1"

    def __init__(self, host_map: Path, *, tls: ssl.SSLContext | None = None) -> None:
        self.host_map = host_map
        self._tls = tls
        self.requests: list[Request] = []
        self._pages: dict[tuple[str, str], Page] = {}
        self._packed: dict[int, tuple[Answer, bytes]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="web", daemon=True)
        self._exchanges: set[asyncio.Task] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, self.ip, 0, ssl=self._tls))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.host_map.write_text(f"* {self.ip}:{self.port}\n", "utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __setitem__(self, url: str, page: Page) -> None:
        self._pages[_key(url)] = page

    def __getitem__(self, url: str) -> Page:
        return self._pages[_key(url)]

    def __delitem__(self, url: str) -> None:
        del self._pages[_key(url)]

    def __iter__(self) -> Iterator[str]:
        return (origin + path for origin, path in self._pages)

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def environment(self) -> dict[str, str]:
        """What makes another process see this web."""
        return {"ZIS_FETCH_HOST_MAP": str(self.host_map)}

    def asked_for(self, url: str) -> list[Request]:
        """The requests for one URL, in order."""
        return [request for request in self.requests if request.url == url]

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _close(self) -> None:
        self._server.close()
        for exchange in self._exchanges:
            exchange.cancel()
        await asyncio.gather(*self._exchanges, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._exchanges.add(task)
        task.add_done_callback(self._exchanges.discard)
        try:
            with suppress(ConnectionError, asyncio.CancelledError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; says whether the connection may stay open."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return False
        request = _parse_request(head)
        if length := int(request.headers.get("content-length", 0)):
            request = replace(request, body=await reader.readexactly(length))
        self.requests.append(request)
        answer = self._answer_to(request)
        if answer is None:
            return False
        await asyncio.sleep(answer.delay)
        if answer.is_silent:
            await asyncio.Event().wait()
        async for piece in self._bytes_of(answer, request.method):
            writer.write(piece)
            await writer.drain()
        return answer.raw is None and answer.cut is None

    def _answer_to(self, request: Request) -> Answer | None:
        page = self._pages.get(_key(request.url))
        if callable(page):
            page = page(request)
        if page is None:
            hosts = {urlsplit(origin).netloc for origin, _ in self._pages}
            return Answer(404, body=b"Not found") if request.host.lower() in hosts else None
        if isinstance(page, Answer):
            return page
        return _conditional_answer(request, page.encode() if isinstance(page, str) else page)

    async def _bytes_of(self, answer: Answer, method: str) -> AsyncIterator[bytes]:
        size, pause = answer.drip or (CHUNK_BYTES, 0)
        if answer.raw is not None:
            for start in range(0, len(answer.raw), size):
                yield answer.raw[start : start + size]
                await asyncio.sleep(pause)
            return
        body = b"" if method == "HEAD" else self._body_of(answer)
        yield _head_of(answer, len(body))
        body_or_part = body if answer.cut is None else body[: answer.cut]
        while True:
            for start in range(0, len(body_or_part), size):
                piece = body_or_part[start : start + size]
                yield b"%x\r\n%s\r\n" % (len(piece), piece) if answer.is_chunked else piece
                await asyncio.sleep(pause)
            if not answer.is_endless:
                break
        if answer.is_chunked and answer.cut is None:
            yield b"0\r\n\r\n"

    def _body_of(self, answer: Answer) -> bytes:
        if not answer.encoding:
            return answer.body
        if id(answer) not in self._packed:  # a bomb takes a moment to build
            self._packed[id(answer)] = (answer, COMPRESSORS[answer.encoding](answer.body))
        return self._packed[id(answer)][1]


@pytest.fixture
def web(tmp_path: Path, settings) -> Iterator[Web]:
    """The network: what the test puts in is all there is."""
    permission.book.clear()  # no host has told us anything yet
    with Web(tmp_path / "host-map") as web:
        settings.ZIS_FETCH_HOST_MAP = str(web.host_map)
        yield web


def _key(url: str) -> tuple[str, str]:
    """Origin (scheme and host), path and query; the fragment never reaches a server."""
    parts = urlsplit(url)
    path = parts.path or "/"
    return f"{parts.scheme}://{parts.netloc.lower()}", f"{path}?{parts.query}" if parts.query else path


def _parse_request(head: str) -> Request:
    first, *lines = head.rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    scheme = headers.get("x-forwarded-proto", "http")
    return Request(method, f"{scheme}://{headers.get('host', '')}{target}", headers)


def _conditional_answer(request: Request, body: bytes) -> Answer:
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if request.headers.get("if-none-match") == etag:
        return Answer(304, headers={"ETag": etag})
    kind = "text/html; charset=utf-8" if b"<html" in body[:500].lower() else "application/xml"
    return Answer(headers={"ETag": etag, "Content-Type": kind}, body=body)


def _head_of(answer: Answer, length: int) -> bytes:
    headers: dict[str, str | bytes] = {"Date": formatdate(usegmt=True), "Content-Type": "application/octet-stream"}
    if answer.encoding:
        headers["Content-Encoding"] = answer.encoding
    if answer.is_chunked:
        headers["Transfer-Encoding"] = "chunked"
    elif not answer.is_endless and answer.status != 304:
        headers["Content-Length"] = str(length)
    lines = [b"HTTP/1.1 %d As recorded" % answer.status]
    for name, value in (headers | answer.headers).items():
        lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode("latin-1")))
    return b"\r\n".join(lines) + b"\r\n\r\n"
