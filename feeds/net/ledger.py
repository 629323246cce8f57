"""Who may ask which host now: one book for the threads of this process, and one in Redis for all processes anywhere.

A line of the book says that a host is ours or somebody's (for a short while, renewed as long as the work lasts, so
that what a killed worker held is free by itself), that it rests after a request, or that it asked to be left alone.
"""

import asyncio
import threading
import time
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import NamedTuple, Protocol

import structlog
from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

LEASE_SECONDS = 20.0
ANSWER_SECONDS = 2.0  # Redis is beside us: longer than this, and it is away
AWAY_SECONDS = 5.0  # before it is tried again


class Kind(IntEnum):
    OURS, BUSY, RESTING, HELD = range(4)


class Line(NamedTuple):
    """How a host stands, and for how many seconds more (of BUSY: at the most)."""

    kind: Kind
    seconds: float = 0.0


class Ledger(Protocol):
    async def exchange(
        self, owner: str, leave: Mapping[str, Line], renew: Iterable[str], want: Iterable[str]
    ) -> dict[str, Line]:
        """Give hosts up, each to rest or on hold; keep some a while longer; say of those wanted how each stands."""

    async def close(self) -> None:
        """Let go of connections."""


class LocalLedger:
    """The book of this process. Safe to use from any thread, and from any event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[str, tuple[Kind, str, float]] = {}  # kind, owner, until
        self._sweep_at = 1_000

    async def exchange(
        self, owner: str, leave: Mapping[str, Line], renew: Iterable[str], want: Iterable[str]
    ) -> dict[str, Line]:
        return self.write(owner, leave, renew, want)

    def write(
        self, owner: str, leave: Mapping[str, Line], renew: Iterable[str] = (), want: Iterable[str] = ()
    ) -> dict[str, Line]:
        """The same, at once."""
        now = time.monotonic()
        with self._lock:
            for host, line in leave.items():
                self._leave(host, line, owner, now)
            for host in renew:
                kind, holder, _ = self._lines.get(host, (Kind.OURS, owner, now))
                if kind is Kind.OURS and holder == owner:
                    self._lines[host] = (Kind.OURS, owner, now + LEASE_SECONDS)
            told = {host: self._take(host, owner, now) for host in want}
            if len(self._lines) > self._sweep_at:
                self._lines = {host: line for host, line in self._lines.items() if line[2] > now}
                self._sweep_at = 2 * len(self._lines) + 1_000
        return told

    def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long, whoever has it now."""
        self.write("", {host: Line(Kind.HELD, seconds)})

    def held(self) -> list[str]:
        """The hosts on hold."""
        now = time.monotonic()
        with self._lock:
            return [host for host, (kind, _, until) in self._lines.items() if kind is Kind.HELD and until > now]

    def lift(self, host: str) -> None:
        """End a hold before its time."""
        with self._lock:
            if self._lines.get(host, (Kind.RESTING, "", 0.0))[0] is Kind.HELD:
                del self._lines[host]

    def _leave(self, host: str, line: Line, owner: str, now: float) -> None:
        kind, holder, until = self._lines.get(host, (Kind.RESTING, "", 0.0))
        if line.kind is Kind.HELD:
            longest = max(now + line.seconds, until if kind is Kind.HELD else 0.0)
            self._lines[host] = (Kind.HELD, "", longest)
        elif kind is Kind.OURS and holder == owner:
            self._lines[host] = (Kind.RESTING, "", now + line.seconds)

    def _take(self, host: str, owner: str, now: float) -> Line:
        kind, _, until = self._lines.get(host, (Kind.RESTING, "", 0.0))
        if until <= now:
            self._lines[host] = (Kind.OURS, owner, now + LEASE_SECONDS)
            return Line(Kind.OURS)
        return Line(Kind.BUSY if kind is Kind.OURS else kind, until - now)

    async def close(self) -> None:
        """There is nothing to let go of."""


# KEYS: hosts left, hosts kept, hosts wanted. ARGV: owner, lease in ms, how many are left and kept, then of each that is
# left its kind and milliseconds. Gives kind and milliseconds of each that is wanted. A host on hold stays so however
# soon its holder wished to come back; one that a wiped Redis forgot is taken again by who still works on it.
EXCHANGE = """
local owner, lease, left, kept = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
for i = 1, left do
  local kind, ms = ARGV[3 + 2 * i], ARGV[4 + 2 * i]
  local now = redis.call('GET', KEYS[i])
  if kind == '3' then
    if now ~= '3' or redis.call('PTTL', KEYS[i]) < tonumber(ms) then redis.call('SET', KEYS[i], '3', 'PX', ms) end
  elseif now == owner then
    if ms == '0' then redis.call('DEL', KEYS[i]) else redis.call('SET', KEYS[i], kind, 'PX', ms) end
  end
end
for i = left + 1, left + kept do
  if redis.call('GET', KEYS[i]) == owner then redis.call('PEXPIRE', KEYS[i], lease)
  else redis.call('SET', KEYS[i], owner, 'NX', 'PX', lease) end
end
local told = {}
for i = left + kept + 1, #KEYS do
  if redis.call('SET', KEYS[i], owner, 'NX', 'PX', lease) then
    told[#told + 1], told[#told + 2] = 0, 0
  else
    local now = redis.call('GET', KEYS[i])
    told[#told + 1] = (now == '2' or now == '3') and tonumber(now) or 1
    told[#told + 1] = redis.call('PTTL', KEYS[i])
  end
end
return told
"""


# KEYS: a host. Ends its hold; whoever has it for other reasons keeps it.
LIFT = "if redis.call('GET', KEYS[1]) == '3' then redis.call('DEL', KEYS[1]) end"

here = LocalLedger()  # one for all threads


def lift(host: str, redis_url: str, prefix: str) -> None:
    """End a hold before its time, in this process and in Redis; without Redis, in this process alone."""
    here.lift(host)
    client = BlockingRedis.from_url(redis_url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS)
    try:
        client.eval(LIFT, 1, f"{prefix}:turn:{host}")
    except RedisError as error:
        log.warning("Redis is away: a hold was not lifted there", host=host, error=str(error))
    finally:
        client.close()


class SharedLedger:
    """The book of this process first, then that in Redis. While Redis is away, the former alone. For one event loop."""

    away_until = 0.0  # by the monotonic clock; of all in this process

    def __init__(self, redis_url: str, prefix: str) -> None:
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 1),  # a connection that was closed meanwhile
        )
        self._script = self._redis.register_script(EXCHANGE)
        self._prefix, self._here = f"{prefix}:turn:", here

    async def exchange(
        self, owner: str, leave: Mapping[str, Line], renew: Iterable[str], want: Iterable[str]
    ) -> dict[str, Line]:
        told = self._here.write(owner, leave, renew, want)
        free = [host for host, line in told.items() if line.kind is Kind.OURS]
        if time.monotonic() < SharedLedger.away_until or not (leave or renew or free):
            return told
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                elsewhere = await self._ask(owner, leave, list(renew), free)
        except (RedisError, OSError, TimeoutError) as error:
            self._note_away(error)
            return told
        self._note_back()
        taken = {host: line for host, line in elsewhere.items() if line.kind is not Kind.OURS}
        if taken:
            self._here.write(owner, {host: _as_rest(line) for host, line in taken.items()})
        return told | taken

    async def _ask(self, owner: str, leave: Mapping[str, Line], renew: list[str], want: list[str]) -> dict[str, Line]:
        arguments: list[str | int] = [owner, round(LEASE_SECONDS * 1000), len(leave), len(renew)]
        for line in leave.values():  # nothing may be kept in Redis for 0 ms
            arguments += [int(line.kind), max(round(line.seconds * 1000), line.kind is Kind.HELD)]
        keys = [self._prefix + host for host in (*leave, *renew, *want)]
        told = await self._script(keys=keys, args=arguments)
        return {
            host: Line(Kind(kind), max(milliseconds, 0) / 1000)
            for host, kind, milliseconds in zip(want, told[::2], told[1::2], strict=True)
        }

    def _note_away(self, error: Exception) -> None:
        if not SharedLedger.away_until:
            log.warning("Redis is away: turns at hosts are taken within each process only", error=str(error))
        SharedLedger.away_until = time.monotonic() + AWAY_SECONDS

    def _note_back(self) -> None:
        if SharedLedger.away_until:
            log.info("Redis is back: turns at hosts are shared again")
            SharedLedger.away_until = 0.0

    async def close(self) -> None:
        await self._redis.aclose()


def _as_rest(line: Line) -> Line:
    """What the process notes of a host that another one has: it is looked for again soon, not when the lease ends."""
    return Line(Kind.RESTING, 0.0) if line.kind is Kind.BUSY else line
