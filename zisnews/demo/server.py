"""The demonstration world over HTTP: one origin on loopback that answers for every invented host.

Standard library asyncio. HTTP/1.1 with keep-alive; GET and HEAD; conditional requests by ETag and Last-Modified.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus

from zisnews.demo import pages, syndication
from zisnews.demo.gallery import Gallery
from zisnews.demo.publishers import Publisher
from zisnews.demo.world import World

IDLE_SECONDS = 30
HEAD_MAX_BYTES = 16 * 1024
ROBOTS = b"User-agent: *\nDisallow: /newsletter\nDisallow: /search\nAllow: /\n"


@dataclass(frozen=True, slots=True)
class Request:
    """method in capitals; host in small letters without port; header names in small letters."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back; `modified_at` (aware) becomes Last-Modified."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    modified_at: datetime | None = None
    max_age: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


class BadRequest(Exception):
    """The bytes on the connection are no HTTP request we answer."""


class Origin:
    """Answers requests for a world. clock: says what time it is, aware."""

    def __init__(self, world: World, gallery: Gallery, clock: Callable[[], datetime]) -> None:
        self.world, self.gallery, self.clock = world, gallery, clock
        self.hosts = {one.host: one for one in world.publishers.values()}

    async def answer(self, request: Request) -> Response:
        """Return the response to a request, conditional headers not yet considered."""
        publisher = self.hosts.get(request.host)
        if publisher is None:
            return not_found("No such host in this world.")
        if request.path.startswith("/media/"):
            return await self._picture(request.path)
        if request.path in ("/icon.png", "/favicon.ico") and publisher.has_icon:
            return Response(await self.gallery.icon(publisher), "image/png", max_age=86400)
        return self._document(publisher, request.path, self.clock())

    def _document(self, publisher: Publisher, path: str, now: datetime) -> Response:
        if path == publisher.feed_path:
            return self._feed(publisher, now)
        if path == "/robots.txt":
            return Response(ROBOTS, "text/plain; charset=utf-8", max_age=3600)
        if path == "/":
            items = self.world.newest(publisher, now, count=20)
            return Response(pages.home_page(publisher, items, now), f"text/html; charset={publisher.encoding}")
        return self._article(publisher, path, now)

    def _feed(self, publisher: Publisher, now: datetime) -> Response:
        items = self.world.newest(publisher, now)
        newest = max((item.updated_at(now) for item in items), default=None)
        body = syndication.feed_bytes(publisher, items, now)
        return Response(body, syndication.content_type_of(publisher), modified_at=newest)

    def _article(self, publisher: Publisher, path: str, now: datetime) -> Response:
        item = self.world.find(publisher, path, now)
        if item is None:
            return not_found("No such page.")
        others = [other for other in self.world.newest(publisher, now, count=10) if other.path != path]
        body = pages.article_page(item, others, now)
        return Response(body, f"text/html; charset={publisher.encoding}", modified_at=item.updated_at(now))

    async def _picture(self, path: str) -> Response:
        name = re.fullmatch(r"/media/([a-z0-9-]+/[a-z0-9-]+)\.jpg", path)
        motif = self.world.motif_of(name[1]) if name else None
        if name is None or motif is None:
            return not_found("No such picture.")
        return Response(await self.gallery.picture(name[1], motif), "image/jpeg", max_age=86400)


def not_found(sentence: str) -> Response:
    return Response(f"<!DOCTYPE html><title>404</title><p>{sentence}</p>".encode(), status=404)


def etag_of(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:20]}"'


def is_unchanged(request: Request, response: Response) -> bool:
    """Whether the asker has this already (RFC 9110, 13.1: If-None-Match wins over If-Modified-Since)."""
    if response.status != 200:
        return False
    if known := request.headers.get("if-none-match"):
        return known.strip() == "*" or etag_of(response.body) in [
            tag.strip().removeprefix("W/") for tag in known.split(",")
        ]
    since = request.headers.get("if-modified-since")
    if not since or response.modified_at is None:
        return False
    try:
        return response.modified_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def response_bytes(request: Request, response: Response, now: datetime) -> bytes:
    """Put a response on the wire."""
    unchanged = is_unchanged(request, response)
    status = HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus(response.status)
    headers = {
        "Date": format_datetime(now, usegmt=True),
        "ETag": etag_of(response.body),
        "Cache-Control": f"max-age={response.max_age}",
        **response.headers,
    }
    if response.modified_at:
        headers["Last-Modified"] = format_datetime(response.modified_at.astimezone(UTC), usegmt=True)
    if not unchanged:
        headers["Content-Type"] = response.content_type
        headers["Content-Length"] = str(len(response.body))
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {text}" for name, text in headers.items())]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return head if unchanged or request.method == "HEAD" else head + response.body


def parse_request(head: bytes) -> Request:
    """Read a request's head. Raises BadRequest."""
    first, *rest = head.decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not parts[1].startswith("/"):
        raise BadRequest(first[:100])
    headers = {name.strip().lower(): text.strip() for name, _, text in (line.partition(":") for line in rest if line)}
    host = headers.get("host", "").rsplit(":", 1)[0].lower()
    return Request(parts[0], host, parts[1].partition("?")[0], headers)


async def serve_connection(origin: Origin, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer a connection's requests until it ends, falls silent, or talks nonsense."""
    try:
        while True:
            async with asyncio.timeout(IDLE_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            request = parse_request(head)
            if request.method in ("GET", "HEAD"):
                response = await origin.answer(request)
            else:
                response = Response(b"", status=405, headers={"Allow": "GET, HEAD"})
            writer.write(response_bytes(request, response, origin.clock()))
            await writer.drain()
            if response.status == 405 or request.headers.get("connection", "").lower() == "close":
                break
    except (BadRequest, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        pass
    finally:
        writer.close()


async def start(origin: Origin, *, port: int = 0) -> asyncio.Server:
    """Begin to serve on loopback; port 0 takes a free one (`server.sockets` says which)."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve_connection(origin, reader, writer)

    return await asyncio.start_server(connected, "127.0.0.1", port, limit=HEAD_MAX_BYTES)
