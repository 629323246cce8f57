"""URL → Document (bytes): the only door to other people's sites. Refuses private addresses, caps time and size.

Every hop is judged anew by addresses.py, every connection by connecting.py. Touches no database.
"""

import asyncio
import copy
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from feeds.errors import FetchError, HostOnHold
from feeds.net.addresses import Address, parse_address
from feeds.net.bodies import read_body
from feeds.net.bounds import FEED_MAX_BYTES, POST_MAX_BYTES
from feeds.net.connecting import GuardedResolver, open_session
from feeds.net.exchange import Answer, Permission, Refusal, Request, Way
from feeds.net.failures import failure_of_error, failure_of_status, retry_seconds
from feeds.net.headers import (
    ETAG_MAX_CHARACTERS,
    LAST_MODIFIED_MAX_CHARACTERS,
    ROBOTS_MAX_CHARACTERS,
    all_of,
    conditions,
    fresh_seconds,
    links_of,
    next_url,
    text_of,
    validator,
)
from feeds.net.holds import holds_heard
from feeds.net.ledger import SharedLedger
from feeds.net.settings import FetchSettings, fetch_settings
from feeds.net.turns import Turns

FEED_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
PAGE_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5"
PICTURE_ACCEPT = "image/avif, image/webp, image/*;q=0.8"

PATIENCE_SECONDS = 15.0
MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Document:
    """What a URL gave.

    body:       decoded from its content coding; empty where ``is_unchanged``
    robots:     what its X-Robots-Tag headers say, one a line
    etag, last_modified: to be sent with the next request; those that were sent where a 304 does not repeat them
    redirects:  (status, URL it led to), in order; empty when ``url`` answered itself
    seconds:    spent on it, without waiting for our turn at the host
    fetched_at: aware, when the answer was complete
    fresh_seconds: how long its server lets it be kept (RFC 9111); None where nothing is said, or no-cache
    links:      (relation, absolute URL) of its Link headers
    reservation, reservation_policy: its tdm-reservation and tdm-policy headers
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
    fresh_seconds: int | None = None
    links: tuple[tuple[str, str], ...] = ()
    reservation: str = ""
    reservation_policy: str = ""

    @property
    def is_unchanged(self) -> bool:
        return self.status == 304


class Fetcher:
    """Fetches many URLs at a time, over connections that stay open; from one host one after the other, by `turns`.

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
        concurrency: int = 250,
        resolver: AbstractResolver | None = None,
        turns: Turns | None = None,
    ) -> None:
        self._settings = fetch_settings() if settings is None else settings
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._total_seconds = total_seconds
        self._turns = Turns() if turns is None else turns
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
        await self._turns.close()
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
        gap: float | None = None,
        permission: Permission | None = None,
        refusal: Refusal | None = None,
    ) -> Document:
        """Ask for a document; with the validators of an earlier answer, only for what changed since.

        max_bytes: of the decoded body
        gap:       seconds its host is left alone afterwards, never less than between two feeds; longer after a slow
                   answer (feeds/net/turns.py)
        permission, refusal: asked about each URL on the way, and about the Content-Type; see Request
        Raises FetchError with a sentence: no answer, no document, too large, too slow; AddressRefused where we do
        not go; HostOnHold where we may not ask now.
        """
        headers = {"Accept": accept} | conditions(etag, last_modified)
        gap = max(self._feed_gap, gap or 0)
        document = await self._get(url, Request(headers, max_bytes, gap, permission=permission, refusal=refusal))
        if not document.is_unchanged:
            return document
        return replace(document, etag=document.etag or etag, last_modified=document.last_modified or last_modified)

    async def post(self, url: str, *, fields: Mapping[str, str | Sequence[str]]) -> Document:
        """Send a form, and give what the server says to it: any 2xx is well. Raises as fetch does.

        A field with several values is sent several times.
        It is sent on only where the server says so with 307 or 308, each address judged anew.
        """
        headers = {"Accept": "*/*", "Content-Type": "application/x-www-form-urlencoded"}
        form = urlencode(fields, doseq=True).encode("ascii")
        return await self._get(url, Request(headers, POST_MAX_BYTES, self._feed_gap, form))

    @property
    def _feed_gap(self) -> float:
        return self._settings.gap_seconds / 10

    async def _get(self, url: str, request: Request) -> Document:
        way = Way([])
        try:
            address, answer = await self._follow(url, request, way)
        except FetchError as error:
            raise _retold(error, url, way) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _retold(failure_of_error(url, error), url, way) from error
        now = datetime.now(UTC)
        return Document(
            url=url,
            final_url=address.url,
            status=answer.status,
            body=answer.body,
            content_type=text_of(answer.headers, "Content-Type"),
            robots=all_of(answer.headers, "X-Robots-Tag", ROBOTS_MAX_CHARACTERS, between="\n"),
            etag=validator(answer.headers, "ETag", ETAG_MAX_CHARACTERS),
            last_modified=validator(answer.headers, "Last-Modified", LAST_MODIFIED_MAX_CHARACTERS),
            redirects=tuple(way.redirects),
            seconds=way.seconds,
            fetched_at=now,
            fresh_seconds=fresh_seconds(answer.headers, now=now),
            links=links_of(answer.headers, address.url),
            reservation=text_of(answer.headers, "tdm-reservation"),
            reservation_policy=text_of(answer.headers, "tdm-policy"),
        )

    async def _follow(self, url: str, request: Request, way: Way) -> tuple[Address, Answer]:
        """Ask, and go where we are sent, each time as for a new URL; ``way`` fills as we go."""
        address = self._parse(url)
        while True:
            if request.permission:
                request = replace(request, gap=await request.permission(address.url))
            answer = await self._ask_in_turn(address, request, way)
            if not answer.location:
                return address, answer
            if len(way.redirects) == MAX_REDIRECTS or answer.location in {url, *(to for _, to in way.redirects)}:
                reason = "The server sends us on without end; its redirects need mending."
                raise FetchError(url, reason, status=answer.status)
            way.redirects.append((answer.status, answer.location))
            target = self._parse(answer.location)
            if request.form is not None and (address.scheme, target.scheme) == ("https", "http"):
                reason = "The server sends our form on to where others could read it (http); we do not follow."
                raise FetchError(url, reason, permanent=True, status=answer.status)
            if target.host != address.host:
                request = request.without_conditions()
            address = target

    async def _ask_in_turn(self, address: Address, request: Request, way: Way) -> Answer:
        """First our turn at the host, then one of all slots: who waits for a busy host keeps no slot from others."""
        async with self._turns.at(address.authority, gap=request.gap) as turn, self._slots:
            started = monotonic()
            try:
                async with asyncio.timeout(self._total_seconds - way.seconds):
                    return await self._ask(address, request)
            except HostOnHold as hold:
                turn.hold = hold
                raise
            finally:
                turn.seconds = monotonic() - started
                way.seconds += turn.seconds

    def _parse(self, url: str) -> Address:
        return parse_address(url, allow=self._settings.allow, any_port=bool(self._settings.host_map))

    async def _ask(self, address: Address, request: Request) -> Answer:
        """Send one request and read what it gives."""
        url, headers = self._route(address, request.headers)
        async with self._session.request(
            request.method, URL(url, encoded=True), headers=headers, data=request.form, allow_redirects=False
        ) as response:
            status = response.status
            if request.is_sent_on_by(status) and "Location" in response.headers:
                return Answer(status, response.headers, location=next_url(address, response.headers["Location"]))
            if status == 304 and ("If-None-Match" in headers or "If-Modified-Since" in headers):
                return Answer(status, response.headers)
            if not request.is_answered_by(status):
                wait = retry_seconds(text_of(response.headers, "Retry-After"), now=datetime.now(UTC))
                raise failure_of_status(address.url, status, retry_after=wait)
            if request.refusal and (reason := request.refusal(text_of(response.headers, "Content-Type"))):
                raise FetchError(address.url, reason, permanent=True, status=status)
            try:
                body = await read_body(address.url, response, request.max_bytes)
            except FetchError as error:
                error.status = status
                raise
            except (aiohttp.ClientError, OSError) as error:
                raise failure_of_error(address.url, error, status=status) from error
            return Answer(status, response.headers, body=body)

    def _route(self, address: Address, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Where the request goes: to the host itself, or where the host map says, in its name and in plain HTTP."""
        if not (mapped := self._settings.host_map.get(address.host) or self._settings.host_map.get("*")):
            return address.url, headers
        ip, port = mapped
        netloc = f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
        in_its_name = {"Host": address.authority, "X-Forwarded-Proto": address.scheme}
        return f"http://{netloc}{address.target}", headers | in_its_name


@asynccontextmanager
async def open_fetcher(*, patience_seconds: float = PATIENCE_SECONDS) -> AsyncIterator[Fetcher]:
    """The site's fetcher, which takes turns at hosts with all other workers, on whatever machine.

    patience_seconds: what would have to wait longer for its turn gets HostOnHold
    """
    from django.conf import settings  # noqa: PLC0415  everything else here works without Django

    ledger = SharedLedger(settings.REDIS_URL, settings.CACHES["default"]["KEY_PREFIX"])
    turns = Turns(ledger, patience_seconds=patience_seconds, on_hold=holds_heard.put)
    async with Fetcher(fetch_settings(), turns=turns) as fetcher:
        yield fetcher


def _retold(error: FetchError, url: str, way: Way) -> FetchError:
    """The same error about the URL that was asked for; a copy, as those who wait for one look-up share its error."""
    retold = copy.copy(error)
    retold.url, retold.spent_seconds = url, way.seconds
    if way.redirects:
        retold.reason = f"{error.reason} (It sent us on to {way.redirects[-1][1][:200]}.)"
    retold.args = (retold.url, retold.reason)
    return retold
