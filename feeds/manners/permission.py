"""May we fetch this page, and how long is its host left alone afterwards? What hosts say of that is asked once a day.

The answers stand on Host rows, shared by all machines, and parsed in this process. robots.txt binds whoever reads pages
and pictures; a feed is offered to be polled. Rows are read in the caller's thread before a batch and written after it,
as its loop may not ask the database.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock
from time import monotonic

from feeds.attempts import sentence_of
from feeds.clock import database_now
from feeds.errors import AddressRefused, FeedsError, FetchError, HostOnHold, RobotsRefused, RobotsUnread
from feeds.fetching import Fetcher, fetch_settings
from feeds.manners import hosts
from feeds.manners.reservations import MAX_BYTES, WELL_KNOWN, Reservation, Reservations, read_reservations
from feeds.manners.robots import Robots, our_lines
from feeds.models import Host
from feeds.net.addresses import Address, take_apart
from feeds.sandbox import sandbox

ASK_AGAIN = timedelta(hours=24)  # RFC 9309, 2.4
ASK_SOON = timedelta(minutes=5)  # after it could not be read
LONGEST_SILENCE = timedelta(days=30)  # RFC 9309, 2.3.1.4: then it may be taken for absent
MAX_HOSTS, MAX_CHARACTERS = 2_000, 2_000_000  # whose rules this process keeps


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host told us, as its row has it, and the same ready for use. robots: None where we can not know it yet."""

    host: Host
    robots: Robots | None
    reservations: Reservations

    def is_robots_known(self, now: datetime) -> bool:
        """Say whether its robots.txt need not be asked for now."""
        asked_at = self.host.robots_asked_at
        return asked_at is not None and now < asked_at + (ASK_SOON if self.host.robots_failing_since else ASK_AGAIN)

    def are_reservations_known(self, now: datetime) -> bool:
        return self.host.reservations_at is not None and now < self.host.reservations_at + ASK_AGAIN

    @property
    def weight(self) -> int:
        return len(self.host.robots) + 200 * len(self.host.reservations or ())


def rules_of(host: Host, now: datetime) -> Rules:
    """Make a host's facts ready for use. While robots.txt can not be read, what it said before holds (2.3.1.4)."""
    is_silent = host.robots_failing_since is not None and host.robots_failing_since + LONGEST_SILENCE <= now
    robots = Robots(host.robots) if host.robots_at or is_silent else None
    return Rules(host, robots, Reservations(host.reservations or ()))


class Book:
    """The rules of the hosts that this process met of late. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rules: OrderedDict[str, Rules] = OrderedDict()
        self._weight = 0

    def get(self, name: str) -> Rules | None:
        with self._lock:
            if name in self._rules:
                self._rules.move_to_end(name)
            return self._rules.get(name)

    def put(self, rules: Rules) -> None:
        name = rules.host.name
        with self._lock:
            self._drop(name)
            self._rules[name] = rules
            self._weight += rules.weight
            while len(self._rules) > 1 and (len(self._rules) > MAX_HOSTS or self._weight > MAX_CHARACTERS):
                self._drop(next(iter(self._rules)))

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._weight = 0

    def _drop(self, name: str) -> None:
        if dropped := self._rules.pop(name, None):
            self._weight -= dropped.weight


book = Book()
_asking: dict[tuple[str, str], Future[None]] = {}  # of all loops of this process


class Permissions:
    """What one batch may do at the hosts it meets.

    permissions = Permissions(urls, what="page", with_reservations=True)     # in the thread with the database
    …await fetcher.fetch(url, permission=permissions.at(fetcher))…          # in the loop
    permissions.remember()                                                  # in the thread again
    """

    def __init__(self, urls: Iterable[str], *, what: str, with_reservations: bool = False) -> None:
        self._what, self._with_reservations = what, with_reservations
        self._began_at, self._clock = database_now(), monotonic()
        self._gap_seconds = fetch_settings().gap_seconds
        self._learned: SimpleQueue[Host] = SimpleQueue()
        self.expect(urls)

    def expect(self, urls: Iterable[str]) -> None:
        """Look up what the rows say of the hosts of these URLs, which are to be asked for next."""
        names = {name for url in urls if (name := _name_of(url))}
        unmet = [name for name in names if not (met := book.get(name)) or not met.is_robots_known(self._now)]
        for host in hosts.known(unmet).values() if unmet else ():
            book.put(rules_of(host, self._now))

    def at(self, fetcher: Fetcher, *, delay_seconds: float | None = None) -> Callable[[str], Awaitable[float]]:
        """Give what a fetcher asks before each request. delay_seconds: what a curator has set for the source."""
        return partial(self._gap_after, fetcher, max(self._gap_seconds, delay_seconds or 0))

    def reservation_of(self, url: str) -> Reservation:
        """Return what the host of a URL that was permitted says of text and data mining."""
        rules = book.get(take_apart(url).authority)
        return rules.reservations.of(url) if rules else Reservation()

    def remember(self) -> None:
        """Write down what was learned since, for all."""
        learned: dict[str, Host] = {}
        with suppress(Empty):
            while True:
                host = self._learned.get_nowait()
                learned[host.name] = host
        if learned:
            hosts.remember(learned.values())

    @property
    def _now(self) -> datetime:
        """The database's clock, as far as we can tell without asking it."""
        return self._began_at + timedelta(seconds=monotonic() - self._clock)

    async def _gap_after(self, fetcher: Fetcher, gap_seconds: float, url: str) -> float:
        """Return how long the host is left alone after this URL; raises RobotsRefused, or RobotsUnread for now."""
        address = take_apart(url)
        rules = await self._robots_of(address, fetcher)
        if rules.robots is None:
            raise self._unread(url, rules.host)
        if not rules.robots.allows(url):
            raise RobotsRefused(
                url, f"robots.txt of {rules.host.name} does not let readers like ours fetch this {self._what}."
            )
        if self._with_reservations:
            await self._learn_reservations(address, rules.robots, fetcher)
        return max(gap_seconds, rules.host.crawl_delay_seconds or 0)

    async def _robots_of(self, address: Address, fetcher: Fetcher) -> Rules:
        while not (rules := self._met(address)).is_robots_known(self._now):
            await _once("robots", address.authority, partial(self._ask_robots, address, fetcher))
        return rules

    async def _learn_reservations(self, address: Address, robots: Robots, fetcher: Fetcher) -> None:
        while not self._met(address).are_reservations_known(self._now):
            await _once("tdm", address.authority, partial(self._ask_reservations, address, robots, fetcher))

    def _met(self, address: Address) -> Rules:
        return book.get(address.authority) or Rules(Host(name=address.authority), None, Reservations())

    async def _ask_robots(self, address: Address, fetcher: Fetcher) -> None:
        """Ask for robots.txt. What is in the 400s, or leads nowhere, lets us do everything; other failures nothing."""
        host = copy(self._met(address).host)
        host.robots_asked_at = self._now
        lines, status = "", 200
        try:
            document = await fetcher.fetch(_url(address, "/robots.txt"), accept="text/plain, */*;q=0.5")
            lines = await sandbox().acall(our_lines, document.body) if document.body else ""
        except (HostOnHold, AddressRefused):
            raise
        except FeedsError as error:
            status = getattr(error, "status", None) or 0
            if not (status == 204 or 300 <= status < 500):
                host.robots_failing_since = host.robots_failing_since or self._now
                host.robots_error = sentence_of(error)
                self._learn(host)
                return
        host.robots, host.robots_status, host.robots_at = lines, status, self._now
        host.robots_failing_since, host.robots_error = None, ""
        host.crawl_delay_seconds = Robots(lines).crawl_delay
        self._learn(host)

    async def _ask_reservations(self, address: Address, robots: Robots, fetcher: Fetcher) -> None:
        """Ask for the host's tdmrep.json, where we may; none is as good as an empty one."""
        url = _url(address, WELL_KNOWN)
        told: list | None = []
        if robots.allows(url):
            try:
                document = await fetcher.fetch(url, accept="application/json, */*;q=0.5", max_bytes=MAX_BYTES)
                told = await sandbox().acall(read_reservations, document.body)
            except (HostOnHold, AddressRefused):
                raise
            except FeedsError as error:
                is_answer = isinstance(error, FetchError) and error.status is not None and error.status < 500
                told = [] if is_answer else None
        host = copy(self._met(address).host)
        host.reservations_at = self._now
        if told is not None:  # else what it said before holds
            host.reservations = told
        self._learn(host)

    def _learn(self, host: Host) -> None:
        self._learned.put(host)
        book.put(rules_of(host, self._now))

    def _unread(self, url: str, host: Host) -> RobotsUnread:
        asked_at = host.robots_asked_at or self._now
        seconds = max(1, round((asked_at + ASK_SOON - self._now).total_seconds()))
        reason = f"robots.txt of {host.name} can not be read, so its pages are left alone for now. {host.robots_error}"
        return RobotsUnread(url, reason, seconds=seconds)


async def _once(what: str, name: str, ask: Callable[[], Awaitable[None]]) -> None:
    """Ask, unless somebody in this process is asking the same already: then wait until they have done."""
    mine: Future[None] = Future()
    mine.set_running_or_notify_cancel()  # so that whoever gives up waiting for it ends it for nobody else
    asking = _asking.setdefault((what, name), mine)
    if asking is not mine:
        await asyncio.wrap_future(asking)
        return
    try:
        await ask()
    finally:
        del _asking[what, name]
        mine.set_result(None)


def _url(address: Address, path: str) -> str:
    return f"{address.scheme}://{address.authority}{path}"


def _name_of(url: str) -> str:
    with suppress(AddressRefused):
        return take_apart(url).authority
    return ""
