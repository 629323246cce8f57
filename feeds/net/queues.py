"""Those of one event loop who wait for a host, in a line; what those are told who can not wait so long."""

import asyncio
from collections import deque

from feeds.errors import HostOnHold
from feeds.net.failures import in_words

SHORTEST_AWAY_SECONDS = 5


class Waiter:
    """Somebody in a line: the gap it leaves behind, and until when it waits."""

    __slots__ = ("gap", "turn", "until")

    def __init__(self, gap: float, until: float) -> None:
        self.gap, self.until = gap, until
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def refuse(self, error: BaseException) -> None:
        if not self.turn.done():
            self.turn.set_exception(error)


class Queue:
    """Those of this loop who wait for a host.

    gaps: of all who wait; pace: seconds from one turn to the next, of late; timer: until it is asked for again
    is_ours: until its turn is given up, or while we keep it through its rest; free_at: when that ends
    """

    __slots__ = ("free_at", "gaps", "is_ours", "pace", "timer", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[Waiter] = deque()
        self.gaps, self.pace = 0.0, 0.0
        self.free_at = 0.0
        self.is_ours = False
        self.timer: asyncio.TimerHandle | None = None

    def begin(self) -> bool:
        """Give the first who still waits the turn; False where nobody does."""
        while self.waiting:
            waiter = self._drop(0)
            if not waiter.turn.done():
                waiter.turn.set_result(None)
                return True
        return False

    def note_turn(self, seconds: float) -> None:
        """Learn how long a turn took, with the rest after it."""
        self.pace = (self.pace + seconds) / 2 if self.pace else seconds

    def fail(self, error: BaseException) -> None:
        while self.waiting:
            self._drop(0).refuse(error)

    def wait_of_next(self) -> float:
        """How long who comes now would wait for those before, at least: a server's own time is not known before."""
        return max(self.gaps, self.pace * len(self.waiting))

    def cannot_wait(self, free_at: float) -> list[Waiter]:
        """Take out those whose turn would come too late if the host were free at this moment, the last first."""
        gone = []
        while self.waiting:
            last = self.waiting[-1]
            before = max(self.gaps - last.gap, self.pace * (len(self.waiting) - 1))
            if free_at + before <= last.until and not last.turn.done():
                break
            gone.append(self._drop(-1))
        return gone

    def _drop(self, index: int) -> Waiter:
        waiter = self.waiting[index]
        del self.waiting[index]
        self.gaps -= waiter.gap
        return waiter


def too_late(host: str, seconds: float) -> HostOnHold:
    seconds = max(round(seconds), SHORTEST_AWAY_SECONDS)
    reason = f"Others are asking {host} before it, one at a time; its turn comes in about {in_words(seconds)}."
    return HostOnHold(host, reason, seconds=seconds)


def on_hold(host: str, seconds: float) -> HostOnHold:
    seconds = max(round(seconds), 1)
    reason = f"{host} has asked to be left alone; we ask again in {in_words(seconds)}."
    return HostOnHold(host, reason, seconds=seconds)
