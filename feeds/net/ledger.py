"""Who may ask which host now: one book for the threads of this process, and one in Redis for all processes anywhere.

A line of the book says that a host is ours or somebody's (for a short while, renewed as long as the work lasts, so
that what a killed worker held is free by itself), that it rests after a request, or that it asked to be left alone.
Who finds that somebody else has a host leaves a wish: then who has it gives it up after its turn, else it may keep it.
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
WISH_SECONDS = 0.5  # longer than from one look at a host that somebody has to the next (turns.LOOK_AGAIN_SECONDS)
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
        """Give hosts up, each to rest or on hold; keep some a while longer; say of those wanted how each stands.

        leave: a line OURS asks to keep a host through a rest of so many seconds, and is answered as those wanted are:
               RESTING where somebody else wishes for it
        """

    async def close(self) -> None:
        """Let go of connections."""


class LocalLedger:
    """The book of this process. Safe to use from any thread, and from any event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[str, tuple[Kind, str, float]] = {}  # kind, owner, until
        self._wishes: dict[str, tuple[str, float]] = {}  # whose, until
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
            told = {}
            for host, line in leave.items():
                if line.kind is Kind.OURS:
                    told[host] = self._keep(host, line, owner, now)
                else:
                    self._leave(host, line, owner, now)
            for host in renew:
                kind, holder, _ = self._lines.get(host, (Kind.OURS, owner, now))
                if kind is Kind.OURS and holder == owner:
                    self._lines[host] = (Kind.OURS, owner, now + LEASE_SECONDS)
            for host in want:
                told[host] = self._take(host, owner, now)
            if len(self._lines) > self._sweep_at:
                self._lines = {host: line for host, line in self._lines.items() if line[2] > now}
                self._wishes = {host: wish for host, wish in self._wishes.items() if wish[1] > now}
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

    def _keep(self, host: str, line: Line, owner: str, now: float) -> Line:
        kind, holder, _ = self._lines.get(host, (Kind.RESTING, "", 0.0))
        if kind is not Kind.OURS or holder != owner:  # it was held, or lost
            return self._take(host, owner, now)
        wisher, until = self._wishes.get(host, (owner, now))
        is_wished = wisher != owner and until > now
        self._lines[host] = (
            (Kind.RESTING, "", now + line.seconds) if is_wished else (Kind.OURS, owner, now + LEASE_SECONDS)
        )
        return Line(Kind.RESTING, line.seconds) if is_wished else line

    def _take(self, host: str, owner: str, now: float) -> Line:
        kind, _, until = self._lines.get(host, (Kind.RESTING, "", 0.0))
        if until <= now:
            self._lines[host] = (Kind.OURS, owner, now + LEASE_SECONDS)
            return Line(Kind.OURS)
        if kind is Kind.OURS:
            self._wishes[host] = (owner, now + WISH_SECONDS)
        return Line(Kind.BUSY if kind is Kind.OURS else kind, until - now)

    async def close(self) -> None:
        """There is nothing to let go of."""


# KEYS: hosts left, hosts kept, hosts wanted. ARGV: owner, lease and wish in ms, how many are left and kept, then of all
# that are left their kind and milliseconds. Gives kind and milliseconds of those left with kind 0 and of those wanted.
# A host on hold stays so however soon its holder wished to come back; one that a wiped Redis forgot is taken again by
# who still works on it.
EXCHANGE = """
local owner, lease, wish, left, kept = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local told = {}
local function tell(kind, ms) told[#told + 1], told[#told + 2] = kind, ms end
local function rest(key, kind, ms)
  if ms == '0' then redis.call('DEL', key) else redis.call('SET', key, kind, 'PX', ms) end
end
local function take(key)
  if redis.call('SET', key, owner, 'NX', 'PX', lease) then return tell(0, 0) end
  local now = redis.call('GET', key)
  if now == '2' or now == '3' then return tell(tonumber(now), redis.call('PTTL', key)) end
  redis.call('SET', key .. ':wish', owner, 'PX', wish)
  tell(1, redis.call('PTTL', key))
end
local function keep(key, ms)
  if redis.call('GET', key) ~= owner then return take(key) end
  local wisher = redis.call('GET', key .. ':wish')
  if wisher and wisher ~= owner then
    rest(key, '2', ms)
    return tell(2, ms)
  end
  redis.call('PEXPIRE', key, lease)
  tell(0, ms)
end
for i = 1, left do
  local kind, ms = ARGV[4 + 2 * i], ARGV[5 + 2 * i]
  if kind == '0' then keep(KEYS[i], ms)
  elseif kind == '3' then
    if redis.call('GET', KEYS[i]) ~= '3' or redis.call('PTTL', KEYS[i]) < tonumber(ms) then rest(KEYS[i], '3', ms) end
  elseif redis.call('GET', KEYS[i]) == owner then rest(KEYS[i], kind, ms) end
end
for i = left + 1, left + kept do
  if redis.call('GET', KEYS[i]) == owner then redis.call('PEXPIRE', KEYS[i], lease)
  else redis.call('SET', KEYS[i], owner, 'NX', 'PX', lease) end
end
for i = left + kept + 1, #KEYS do take(KEYS[i]) end
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
        leave = {host: _as_told(line, told.get(host)) for host, line in leave.items()}
        free = [host for host in want if told[host].kind is Kind.OURS]
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
        arguments: list[str | int] = [owner, *(round(1000 * seconds) for seconds in (LEASE_SECONDS, WISH_SECONDS))]
        arguments += [len(leave), len(renew)]
        for line in leave.values():  # nothing may be kept in Redis for 0 ms
            arguments += [int(line.kind), max(round(line.seconds * 1000), line.kind is Kind.HELD)]
        keys = [self._prefix + host for host in (*leave, *renew, *want)]
        asked = [*(host for host, line in leave.items() if line.kind is Kind.OURS), *want]
        told = await self._script(keys=keys, args=arguments)
        return {
            host: Line(Kind(kind), max(int(milliseconds), 0) / 1000)
            for host, kind, milliseconds in zip(asked, told[::2], told[1::2], strict=True)
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


def _as_told(line: Line, told: Line | None) -> Line:
    """What Redis is told of a host that is left: it is given up there too where this process will not keep it."""
    if line.kind is not Kind.OURS or told is None or told.kind is Kind.OURS:
        return line
    return Line(Kind.RESTING, told.seconds if told.kind is Kind.RESTING else 0.0)


def _as_rest(line: Line) -> Line:
    """What the process notes of a host that another one has: it is looked for again soon, not when the lease ends."""
    return Line(Kind.RESTING, 0.0) if line.kind is Kind.BUSY else line
