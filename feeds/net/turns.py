"""Turns at hosts: one request at a time at each, a gap between, whoever asks. Told apart by name, and port if unusual.

The jobs of one event loop stand in a line for each host; the first of all lines are asked for in one exchange with
the ledger, which knows of the other loops, processes and machines.
"""

import asyncio
import random
import uuid
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from feeds.errors import HostOnHold
from feeds.net.failures import in_words
from feeds.net.holds import Hold
from feeds.net.ledger import LEASE_SECONDS, Kind, Ledger, Line, LocalLedger

SLOW_SECONDS = 0.5  # for one answer: distance alone takes less, once a connection stands
LONGEST_REST_SECONDS = 10.0  # a server that took longer to answer is not left alone for longer
TICK_SECONDS = 0.01  # exchanges are no closer together
COMPANY_SECONDS = 0.05  # so long a turn that is given up waits for others, as nobody here needs the host
# Who waits for a host elsewhere asks for it when its rest ends, as we do; now and then we ask so much later.
COURTESY_SECONDS = 0.02
TURNS_TO_COURTESY = 4
LOOK_AGAIN_SECONDS = 0.25
RENEW_SECONDS = LEASE_SECONDS / 4
SHORTEST_AWAY_SECONDS = 5


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
        self._queues: dict[str, _Queue] = {}
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
        for queue in self._queues.values():
            if queue.timer:
                queue.timer.cancel()
        if self._left:
            self._wanted.clear()
            await self._exchange()
        await self._ledger.close()

    async def take(self, host: str, gap: float) -> None:
        now = asyncio.get_running_loop().time()
        queue = self._queues.get(host)
        if queue is None:
            queue = self._queues[host] = _Queue()
            self._want(host)
        wait = queue.wait_of_next()
        if wait > self._patience_seconds:
            raise _too_late(host, wait)
        waiter = _Waiter(gap, now + self._patience_seconds)
        queue.waiting.append(waiter)
        queue.gaps += gap
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled():  # it came at this very moment
                self.leave(host, seconds=0.0, rest=0.0)
            raise

    def leave(self, host: str, *, seconds: float, rest: float, hold: HostOnHold | None = None) -> None:
        """Give a turn of so many seconds up: the host rests for as many as are said, or is left alone as it asked."""
        now = asyncio.get_running_loop().time()
        queue = self._queues[host]
        queue.is_ours = False
        if hold:
            self._left[host] = (Kind.HELD, now + hold.seconds)
            self._turn_away(host, hold.seconds)
            if self._on_hold:
                self._on_hold(Hold(host, hold.seconds, hold.reason, hold.retry_after is not None))
        else:
            self._left[host] = (Kind.RESTING, now + rest)
            queue.pace = seconds + rest
            self._wait(host, rest + queue.courtesy())
        # Where we want it again, others must see the rest, or they would look only when it is ours once more.
        self._exchange_in(0 if host in self._queues else COMPANY_SECONDS)

    def _want(self, host: str) -> None:
        self._wanted.add(host)
        self._exchange_in(0)

    def _wait(self, host: str, seconds: float) -> None:
        """Ask for a host again a little later, for those who can wait; forget it where nobody can or wishes to."""
        loop = asyncio.get_running_loop()
        queue = self._queues[host]
        for waiter in queue.cannot_wait(loop.time() + seconds):
            waiter.refuse(_too_late(host, seconds + queue.wait_of_next()))
        if queue.waiting:
            queue.timer = loop.call_later(seconds, self._want, host)
        else:
            del self._queues[host]

    def _turn_away(self, host: str, seconds: float) -> None:
        for waiter in self._queues.pop(host).waiting:
            waiter.refuse(_on_hold(host, seconds))

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
        if self._wanted:
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
        self._wanted, self._left = set(), {}
        renewed = []
        if now >= self._renew_at:
            renewed = [host for host, queue in self._queues.items() if queue.is_ours]
            self._renew_at = now + RENEW_SECONDS
        told = await self._ledger.exchange(self._owner, left, renewed, wanted)
        for host, line in told.items():
            self._hear(host, line)

    def _hear(self, host: str, line: Line) -> None:
        queue = self._queues[host]
        if line.kind is Kind.OURS:
            if not queue.begin():  # all who waited have gone
                self._left[host] = (Kind.RESTING, 0.0)
                del self._queues[host]
        elif line.kind is Kind.HELD:
            self._turn_away(host, line.seconds)
        elif line.kind is Kind.RESTING:
            self._wait(host, line.seconds)
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


class _Waiter:
    """Somebody in a line: the gap it leaves behind, and until when it waits."""

    __slots__ = ("gap", "turn", "until")

    def __init__(self, gap: float, until: float) -> None:
        self.gap, self.until = gap, until
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def refuse(self, error: BaseException) -> None:
        if not self.turn.done():
            self.turn.set_exception(error)


class _Queue:
    """Those of this loop who wait for a host.

    gaps: of all who wait; pace: seconds from the last turn to the next; turns: had by us, one after the other
    timer: until it is asked for again
    """

    __slots__ = ("gaps", "is_ours", "pace", "timer", "turns", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[_Waiter] = deque()
        self.gaps, self.pace = 0.0, 0.0
        self.turns = 0
        self.is_ours = False
        self.timer: asyncio.TimerHandle | None = None

    def begin(self) -> bool:
        """Give the first who still waits the turn; False where nobody does."""
        while self.waiting:
            waiter = self._drop(0)
            if not waiter.turn.done():
                self.is_ours = True
                self.turns += 1
                waiter.turn.set_result(None)
                return True
        return False

    def courtesy(self) -> float:
        """Seconds by which we let others go first."""
        return 0.0 if self.turns % TURNS_TO_COURTESY else COURTESY_SECONDS

    def fail(self, error: BaseException) -> None:
        while self.waiting:
            self._drop(0).refuse(error)

    def wait_of_next(self) -> float:
        """How long who comes now would wait for those before, at least: a server's own time is not known before."""
        return max(self.gaps, self.pace * len(self.waiting))

    def cannot_wait(self, free_at: float) -> list[_Waiter]:
        """Take out those whose turn would come too late if the host were free at this moment, the last first."""
        gone = []
        while self.waiting:
            last = self.waiting[-1]
            before = max(self.gaps - last.gap, self.pace * (len(self.waiting) - 1))
            if free_at + before <= last.until and not last.turn.done():
                break
            gone.append(self._drop(-1))
        return gone

    def _drop(self, index: int) -> _Waiter:
        waiter = self.waiting[index]
        del self.waiting[index]
        self.gaps -= waiter.gap
        return waiter


def _too_late(host: str, seconds: float) -> HostOnHold:
    seconds = max(round(seconds), SHORTEST_AWAY_SECONDS)
    reason = f"Others are asking {host} before it, one at a time; its turn comes in about {in_words(seconds)}."
    return HostOnHold(host, reason, seconds=seconds)


def _on_hold(host: str, seconds: float) -> HostOnHold:
    seconds = max(round(seconds), 1)
    reason = f"{host} has asked to be left alone; we ask again in {in_words(seconds)}."
    return HostOnHold(host, reason, seconds=seconds)
