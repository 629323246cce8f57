"""Turns at hosts: one request at a time at each, a gap between, whoever asks. Told apart by name, and port if unusual.

The jobs of one event loop stand in a line for each host; the first of all lines are asked for in one exchange with
the ledger, which knows of the other loops, processes and machines.
"""

import asyncio
import random
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Self

from feeds.errors import HostOnHold
from feeds.net.holds import Hold
from feeds.net.ledger import LEASE_SECONDS, Kind, Ledger, Line, LocalLedger
from feeds.net.queues import Queue, Waiter, on_hold, too_late

SLOW_SECONDS = 0.5  # for one answer: distance alone takes less, once a connection stands
LONGEST_REST_SECONDS = 10.0  # a server that took longer to answer is not left alone for longer
TICK_SECONDS = 0.01  # exchanges are no closer together
COMPANY_SECONDS = 0.05  # so long a turn that is given up waits for others, as nobody here needs the host
LONGEST_KEPT_SECONDS = 1.0  # a longer rest is written down, so that it outlasts a worker that is killed in it
COURTESY_SECONDS = 0.02  # who has given a host up for others asks so much later than they
LOOK_AGAIN_SECONDS = 0.25
RENEW_SECONDS = LEASE_SECONDS / 4


class Turns:
    """The turns of one event loop.

        async with turns.at("paper.example", gap=1.0) as turn:
            …one request…
            turn.seconds = …how long it took…

    patience_seconds: who would have to wait longer for a turn gets HostOnHold at once
    on_hold:          told of servers that ask to be left alone
    """

    def __init__(
        self,
        ledger: Ledger | None = None,
        *,
        patience_seconds: float = 60.0,
        on_hold: Callable[[Hold], None] | None = None,
    ) -> None:
        self._ledger = LocalLedger() if ledger is None else ledger
        self._patience_seconds, self._on_hold = patience_seconds, on_hold
        self._owner = uuid.uuid4().hex
        self._queues: dict[str, Queue] = {}
        self._wanted: set[str] = set()
        self._left: dict[str, tuple[Kind, float]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._running: asyncio.Task | None = None
        self._next_at, self._renew_at = 0.0, 0.0

    def at(self, host: str, *, gap: float = 0.0) -> "Turn":
        """A turn at a host, to be entered; HostOnHold where it is on hold or would come too late."""
        return Turn(self, host, gap)

    async def close(self) -> None:
        """Give up what is still ours, and tell the ledger."""
        if self._running:
            await asyncio.wait([self._running])
        if self._timer:
            self._timer.cancel()
        self._wanted.clear()
        now = asyncio.get_running_loop().time()
        for host, queue in self._queues.items():
            if queue.timer:
                queue.timer.cancel()
            if queue.is_ours or self._would_keep(host):
                self._left[host] = (Kind.RESTING, max(now, queue.free_at))
        if self._left:
            await self._exchange()
        await self._ledger.close()

    async def take(self, host: str, gap: float) -> None:
        now = asyncio.get_running_loop().time()
        queue = self._queues.get(host)
        if queue is None:
            queue = self._queues[host] = Queue()
            self._want(host)
        wait = queue.wait_of_next()
        if wait > self._patience_seconds:
            raise too_late(host, wait)
        waiter = Waiter(gap, now + self._patience_seconds)
        queue.waiting.append(waiter)
        queue.gaps += gap
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled():  # it came at this very moment
                self.leave(host, seconds=0.0, rest=0.0)
            raise

    def leave(self, host: str, *, seconds: float, rest: float, hold: HostOnHold | None = None) -> None:
        """End a turn of so many seconds: the host rests for as many as are said, or is left alone as it asked.

        Through a short rest it stays ours if others wait here and none elsewhere: they need not ask for it again.
        """
        now = asyncio.get_running_loop().time()
        queue = self._queues[host]
        queue.is_ours = False
        if hold:
            self._left[host] = (Kind.HELD, now + hold.seconds)
            self._turn_away(host, hold.seconds)
            if self._on_hold:
                self._on_hold(Hold(host, hold.seconds, hold.reason, hold.retry_after is not None))
        else:
            queue.note_turn(seconds + rest)
            queue.free_at = now + rest
            if rest > LONGEST_KEPT_SECONDS:
                self._left[host] = (Kind.RESTING, queue.free_at)
                self._wait(host, rest + COURTESY_SECONDS)
            else:
                self._left[host] = (Kind.OURS if self._can_wait(host, rest) else Kind.RESTING, queue.free_at)
        self._exchange_in(0 if host in self._queues else COMPANY_SECONDS)

    def _want(self, host: str) -> None:
        self._wanted.add(host)
        self._exchange_in(0)

    def _wait(self, host: str, seconds: float) -> None:
        """Ask for a host again a little later, for those who can wait."""
        if self._can_wait(host, seconds):
            self._queues[host].timer = asyncio.get_running_loop().call_later(seconds, self._want, host)

    def _can_wait(self, host: str, seconds: float) -> bool:
        """Turn those away who can not wait so long for a host; forget it where nobody can or wishes to."""
        queue = self._queues[host]
        for waiter in queue.cannot_wait(asyncio.get_running_loop().time() + seconds):
            waiter.refuse(too_late(host, seconds + queue.wait_of_next()))
        if not queue.waiting:
            del self._queues[host]
        return bool(queue.waiting)

    def _begin(self, host: str) -> None:
        """Give the next who waits its turn at a host that is ours, when its rest is over."""
        loop = asyncio.get_running_loop()
        queue = self._queues[host]
        queue.is_ours = True
        if loop.time() < queue.free_at:
            queue.timer = loop.call_at(queue.free_at, self._begin, host)
        elif not queue.begin():  # all who waited have gone
            self._left[host] = (Kind.RESTING, 0.0)
            del self._queues[host]
            self._exchange_in(COMPANY_SECONDS)

    def _would_keep(self, host: str) -> bool:
        """Whether the next exchange is to ask that a host stays ours."""
        return host in self._left and self._left[host][0] is Kind.OURS

    def _turn_away(self, host: str, seconds: float) -> None:
        for waiter in self._queues.pop(host).waiting:
            waiter.refuse(on_hold(host, seconds))

    def _exchange_in(self, seconds: float) -> None:
        """See to it that the ledger is asked in so many seconds at the latest, but not too often."""
        loop = asyncio.get_running_loop()
        if self._running:
            return  # it looks for more to do when it ends
        at = max(loop.time() + seconds, self._next_at)
        if self._timer and self._timer.when() > at:
            self._timer.cancel()
            self._timer = None
        if not self._timer:
            self._timer = loop.call_at(at, self._begin_exchange)

    def _begin_exchange(self) -> None:
        self._timer = None
        self._running = asyncio.get_running_loop().create_task(self._exchange())
        self._running.add_done_callback(self._end_exchange)

    def _end_exchange(self, task: asyncio.Task) -> None:
        loop = asyncio.get_running_loop()
        self._running = None
        self._next_at = loop.time() + TICK_SECONDS
        if self._wanted or any(map(self._would_keep, self._left)):
            self._exchange_in(0)
        elif self._left:
            self._exchange_in(COMPANY_SECONDS)
        elif any(queue.is_ours for queue in self._queues.values()):
            self._exchange_in(RENEW_SECONDS)
        if not task.cancelled() and (bug := task.exception()):  # surfaces with those who would wait for ever
            for queue in self._queues.values():
                queue.fail(bug)

    async def _exchange(self) -> None:
        now = asyncio.get_running_loop().time()
        wanted = [host for host in self._wanted if host in self._queues]
        left = {host: Line(kind, max(until - now, 0.0)) for host, (kind, until) in self._left.items()}
        kept = {host for host, line in left.items() if line.kind is Kind.OURS}
        self._wanted, self._left = set(), {}
        renewed = []
        if now >= self._renew_at:
            renewed = [host for host, queue in self._queues.items() if queue.is_ours]
            self._renew_at = now + RENEW_SECONDS
        told = await self._ledger.exchange(self._owner, left, renewed, wanted)
        for host, line in told.items():
            self._hear(host, line, courtesy=COURTESY_SECONDS if host in kept else 0.0)

    def _hear(self, host: str, line: Line, *, courtesy: float) -> None:
        if line.kind is Kind.OURS:
            self._begin(host)
        elif line.kind is Kind.HELD:
            self._turn_away(host, line.seconds)
        elif line.kind is Kind.RESTING:
            self._wait(host, line.seconds + courtesy)
        else:
            self._wait(host, LOOK_AGAIN_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311  no secret


class Turn:
    """One turn at a host, for the length of an ``async with``.

    seconds: how long the server took; see rest_after
    hold:    what it said if it asked to be left alone
    """

    __slots__ = ("_gap", "_host", "_turns", "hold", "seconds")

    def __init__(self, turns: Turns, host: str, gap: float) -> None:
        self._turns, self._host, self._gap = turns, host, gap
        self.seconds = 0.0
        self.hold: HostOnHold | None = None

    async def __aenter__(self) -> Self:
        await self._turns.take(self._host, self._gap)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        rest = rest_after(self.seconds, self._gap)
        self._turns.leave(self._host, seconds=self.seconds, rest=rest, hold=self.hold)


def rest_after(seconds: float, gap: float) -> float:
    """How long a server that took so many seconds to answer is left alone.

    A quick one gets the gap. A slow one may have more to do than it can: it gets as long as it took, and so at least
    half of its time for others.
    """
    return gap if seconds < SLOW_SECONDS else max(gap, min(seconds, LONGEST_REST_SECONDS))
