"""URL → Document (bytes): the only door to other people's sites. Refuses private addresses, caps time and size.

Every hop is judged anew by addresses.py, every connection by connecting.py. Touches no database.
"""

import asyncio
import copy
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import quote, urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDictProxy
from yarl import URL

from feeds.errors import AddressRefused, FetchError
from feeds.net.addresses import Address, parse_address
from feeds.net.connecting import GuardedResolver, open_session
from feeds.net.failures import failure_of_error, failure_of_status, retry_seconds
from feeds.net.settings import FetchSettings, fetch_settings
from feeds.net.unpacking import Damaged, UnknownCoding, decoder_for

FEED_MAX_BYTES = 5 * 1024 * 1024
PAGE_MAX_BYTES = 10 * 1024 * 1024
PICTURE_MAX_BYTES = 8 * 1024 * 1024

FEED_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
PAGE_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5"
PICTURE_ACCEPT = "image/avif, image/webp, image/*;q=0.8"

MAX_REDIRECTS = 5
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
ETAG_MAX_CHARACTERS = 500
LAST_MODIFIED_MAX_CHARACTERS = 100
ROBOTS_MAX_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Document:
    """What a URL gave.

    body:       decoded from its content coding; empty where ``is_unchanged``
    robots:     what its X-Robots-Tag headers say
    etag, last_modified: to be sent with the next request; those that were sent where a 304 does not repeat them
    redirects:  (status, URL it led to), in order; empty when ``url`` answered itself
    seconds:    spent on it, without waiting for our turn at the host
    fetched_at: aware, when the answer was complete
    """

    url: str
    final_url: str
    status: int
    body: bytes
    content_type: str
    robots: str
    etag: str
    last_modified: str
    redirects: tuple[tuple[int, str], ...]
    seconds: float
    fetched_at: datetime

    @property
    def is_unchanged(self) -> bool:
        return self.status == 304


class Fetcher:
    """Fetches many URLs at a time, from one host one after the other, over connections that stay open.

        async with Fetcher(fetch_settings()) as fetcher:
            document = await fetcher.fetch("https://paper.example/feed.xml", etag=feed.etag)

    The seconds are: to be connected; between two packets; for one document in all, redirects included. Waiting for
    our turn at a host does not count.
    """

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        connect_seconds: float = 5,
        read_seconds: float = 10,
        total_seconds: float = 30,
        per_host: int = 1,
        concurrency: int = 100,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = fetch_settings() if settings is None else settings
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._total_seconds = total_seconds
        self._hosts = _Turns(per_host)
        self._slots = asyncio.Semaphore(concurrency)
        self._resolver = resolver

    async def __aenter__(self) -> Self:
        self._guard = GuardedResolver(self._resolver or aiohttp.DefaultResolver(), self._settings.allow)
        self._session = open_session(
            self._settings,
            connect_seconds=self._connect_seconds,
            read_seconds=self._read_seconds,
            resolver=self._guard,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        await self._guard.close()  # a session leaves a resolver it was given open, with its sockets, pipes and inotify

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: str = FEED_ACCEPT,
        max_bytes: int = FEED_MAX_BYTES,
    ) -> Document:
        """Ask for a document; with the validators of an earlier answer, only for what changed since.

        max_bytes: of the decoded body
        Raises FetchError with a sentence: no answer, no document, too large, too slow; AddressRefused where we do
        not go.
        """
        redirects: list[tuple[int, str]] = []
        try:
            headers = {"Accept": accept} | _conditions(etag, last_modified)
            address, answer, seconds = await self._follow(url, headers, max_bytes, redirects)
        except FetchError as error:
            raise _retold(error, url, redirects) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _retold(failure_of_error(url, error), url, redirects) from error
        is_unchanged = answer.status == 304
        return Document(
            url=url,
            final_url=address.url,
            status=answer.status,
            body=answer.body,
            content_type=_text(answer.headers, "Content-Type"),
            robots=", ".join(answer.headers.getall("X-Robots-Tag", []))[:ROBOTS_MAX_CHARACTERS],
            etag=_validator(answer.headers, "ETag", ETAG_MAX_CHARACTERS) or (etag if is_unchanged else ""),
            last_modified=_validator(answer.headers, "Last-Modified", LAST_MODIFIED_MAX_CHARACTERS)
            or (last_modified if is_unchanged else ""),
            redirects=tuple(redirects),
            seconds=seconds,
            fetched_at=datetime.now(UTC),
        )

    async def _follow(
        self, url: str, headers: dict[str, str], max_bytes: int, redirects: list[tuple[int, str]]
    ) -> tuple[Address, "_Answer", float]:
        """Ask, and go where we are sent, each time as for a new URL; ``redirects`` is filled on the way."""
        address = self._parse(url)
        seconds = 0.0
        while True:
            async with self._turn(address):
                started = monotonic()
                async with asyncio.timeout(self._total_seconds - seconds):
                    answer = await self._ask(address, headers, max_bytes)
                seconds += monotonic() - started
            if not answer.location:
                return address, answer, seconds
            if len(redirects) == MAX_REDIRECTS or answer.location in {url, *(target for _, target in redirects)}:
                reason = "The server sends us on without end; its redirects need mending."
                raise FetchError(url, reason, status=answer.status)
            redirects.append((answer.status, answer.location))
            target = self._parse(answer.location)
            if target.host != address.host:  # what one host told us to ask is no other's business
                headers = {"Accept": headers["Accept"]}
            address = target

    def _parse(self, url: str) -> Address:
        return parse_address(url, allow=self._settings.allow, any_port=bool(self._settings.host_map))

    @asynccontextmanager
    async def _turn(self, address: Address) -> AsyncIterator[None]:
        """First our turn at the host, then one of all slots: who waits for a busy host keeps no slot from others."""
        async with self._hosts.of(f"{address.host}:{address.port}"), self._slots:
            yield

    async def _ask(self, address: Address, headers: dict[str, str], max_bytes: int) -> "_Answer":
        """Send one request and read what it gives."""
        url, headers = self._route(address, headers)
        async with self._session.get(URL(url, encoded=True), headers=headers, allow_redirects=False) as response:
            status = response.status
            if status in REDIRECT_STATUSES and "Location" in response.headers:
                return _Answer(status, response.headers, location=_next_url(address, response.headers["Location"]))
            if status == 304 and ("If-None-Match" in headers or "If-Modified-Since" in headers):
                return _Answer(status, response.headers)
            if status not in {200, 203}:
                wait = retry_seconds(_text(response.headers, "Retry-After"), now=datetime.now(UTC))
                raise failure_of_status(address.url, status, retry_after=wait)
            try:
                body = await _read(address.url, response, max_bytes)
            except FetchError as error:
                error.status = status
                raise
            except (aiohttp.ClientError, OSError) as error:
                raise failure_of_error(address.url, error, status=status) from error
            return _Answer(status, response.headers, body=body)

    def _route(self, address: Address, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Where the request goes: to the host itself, or where the host map says, in its name and in plain HTTP."""
        if not (mapped := self._settings.host_map.get(address.host) or self._settings.host_map.get("*")):
            return address.url, headers
        ip, port = mapped
        netloc = f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
        in_its_name = {"Host": address.authority, "X-Forwarded-Proto": address.scheme}
        return f"http://{netloc}{address.target}", headers | in_its_name


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: CIMultiDictProxy[str]
    location: str = ""
    body: bytes = b""


class _Turns:
    """At most so many at a time per key; a key nobody waits for is forgotten."""

    def __init__(self, at_a_time: int) -> None:
        self._at_a_time = at_a_time
        self._queues: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def of(self, key: str) -> AsyncIterator[None]:
        turns, people = self._queues.get(key) or (asyncio.Semaphore(self._at_a_time), 0)
        self._queues[key] = (turns, people + 1)
        try:
            async with turns:
                yield
        finally:
            turns, people = self._queues.pop(key)
            if people > 1:
                self._queues[key] = (turns, people - 1)


async def _read(url: str, response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """The decoded body; stops at the limit, before or while unpacking."""
    if (response.content_length or 0) > max_bytes:
        raise _too_large(url, max_bytes)
    encodings = response.headers.getall("Content-Encoding", [])
    try:
        decoder = decoder_for(", ".join(encodings))
        pieces, size = [], 0
        async for packet in response.content.iter_any():
            for piece in decoder.feed(packet):
                pieces.append(piece)
                size += len(piece)
                if size > max_bytes:
                    raise _too_large(url, max_bytes)
    except UnknownCoding as coding:
        raise FetchError(url, f"The server packed its answer in a way we did not ask for ({coding}).") from coding
    except Damaged as damage:
        raise FetchError(url, f"The server's answer is damaged: it does not unpack ({damage}).") from damage
    if not decoder.is_complete:
        raise FetchError(url, "The server's answer ends in the middle; we ask again later.")
    return b"".join(pieces)


def _too_large(url: str, max_bytes: int) -> FetchError:
    return FetchError(url, f"The answer is larger than the {max_bytes / 1024 / 1024:g} MiB we read of such a document.")


def _next_url(address: Address, location: str) -> str:
    """The URL a Location header leads to. Its bytes may be anything: Latin-1, UTF-8, blanks in the path."""
    raw = location.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = quote(raw, safe=bytes(range(0x21, 0x7F)))
    text = text.strip().replace(" ", "%20")
    if re.search(r"[\x00-\x1f\\]", text):
        raise AddressRefused(address.url, "The server sends us on to an address with forbidden characters.")
    try:
        is_absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)  # urljoin takes "https:///x" for a path of this host
        return (text if is_absolute else urljoin(address.url, text)).partition("#")[0]
    except ValueError:
        raise AddressRefused(address.url, "The server sends us on to something that is no address.") from None


def _retold(error: FetchError, url: str, redirects: list[tuple[int, str]]) -> FetchError:
    """The same error about the URL that was asked for; a copy, as those who wait for one look-up share its error."""
    retold = copy.copy(error)
    retold.url = url
    if redirects:
        retold.reason = f"{error.reason} (It sent us on to {redirects[-1][1][:200]}.)"
    retold.args = (retold.url, retold.reason)
    return retold


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    """The headers that make a request conditional."""
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in conditions.items() if value and value.isascii() and value.isprintable()}


def _text(headers: CIMultiDictProxy[str], name: str) -> str:
    """A header as text that a database takes: bytes that are no UTF-8 become U+FFFD."""
    return headers.get(name, "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:1_000]


def _validator(headers: CIMultiDictProxy[str], name: str, longest: int) -> str:
    """A validator as we can send it back; empty for one that we could not keep as it is, as it would never match."""
    value = headers.get(name, "")
    return value if value.isascii() and value.isprintable() and len(value) <= longest else ""
