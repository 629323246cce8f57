"""One request at a time at each host, a gap between, whoever asks: this loop, another, another process."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest
import redis
from django.conf import settings

from feeds.errors import HostOnHold
from feeds.net import ledger, queues, turns
from feeds.net.holds import Hold
from feeds.net.ledger import Kind, Line, LocalLedger, SharedLedger
from feeds.net.turns import Turns
from tests.web import Answer

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "paper.example"
NOWHERE = "unix:///nowhere/valkey.sock?db=0"


def shared(url: str = "") -> SharedLedger:
    return SharedLedger(url or settings.REDIS_URL, "test")


def in_redis(command: str, *arguments):
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return client.execute_command(command, *arguments)


async def exchange_once(book: SharedLedger, host: str) -> Line:
    """Ask a ledger for one host, and leave the ledger."""
    told = await book.exchange("me", {}, [], [host])
    await book.close()
    return told[host]


class Visits:
    """Who was at which host, from when to when."""

    def __init__(self) -> None:
        self.times: list[tuple[str, float, float]] = []

    async def make(self, turns: Turns, host: str = HOST, *, gap: float = 0.0, seconds: float = 0.02) -> None:
        async with turns.at(host, gap=gap) as turn:
            began = monotonic()
            await asyncio.sleep(seconds)
            turn.seconds = monotonic() - began
            self.times.append((host, began, monotonic()))

    def pauses(self) -> list[float]:
        """Seconds from the end of each visit to the begin of the next."""
        ordered = sorted(self.times, key=lambda visit: visit[1])
        return [later[1] - earlier[2] for earlier, later in pairwise(ordered)]


def run_in_loops(*coroutines) -> None:
    """Run each in a thread and loop of its own, as batches are."""
    threads = [threading.Thread(target=asyncio.run, args=(coroutine,)) for coroutine in coroutines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


async def visit_often(visits: Visits, book: ledger.Ledger, times: int, **how) -> list[BaseException | None]:
    turns = Turns(book, patience_seconds=30)
    try:
        made = (visits.make(turns, **how) for _ in range(times))
        return await asyncio.gather(*made, return_exceptions=True)
    finally:
        await turns.close()


def test_a_host_rests_as_long_as_is_asked_and_a_slow_one_as_long_as_it_took_to_answer():
    quick, slow = Visits(), Visits()
    asyncio.run(visit_often(quick, LocalLedger(), 3, gap=0.15, seconds=0.3))
    asyncio.run(visit_often(slow, LocalLedger(), 3, gap=0.15, seconds=0.6))
    assert all(0.15 <= pause < 0.25 for pause in quick.pauses())
    assert all(0.6 <= pause < 0.75 for pause in slow.pauses())


def test_a_host_is_left_alone_for_ten_seconds_at_most_unless_more_is_asked():
    assert [turns.rest_after(seconds, gap=0.25) for seconds in (0.1, 2, 30)] == [0.25, 2, 10]
    assert turns.rest_after(30, gap=60) == 60


@pytest.mark.parametrize("book", [shared, lambda: shared(NOWHERE)], ids=["with Redis", "while Redis is away"])
def test_two_loops_of_one_process_take_turns(book):
    visits = Visits()
    run_in_loops(*(visit_often(visits, book(), 5, gap=0.05) for _ in range(2)))
    assert len(visits.times) == 10
    assert min(visits.pauses()) >= 0.05


def ask_in_processes(web, *shares: list[str]) -> list[list[dict]]:
    """What processes of their own are told that ask for these URLs at the same time."""
    environment = os.environ | web.environment | {"ZIS_FETCH_GAP_SECONDS": "1", "DJANGO_SETTINGS_MODULE": ""}
    del environment["DJANGO_SETTINGS_MODULE"]
    asking = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.feeds.asking", *urls],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for urls in shares
    ]  # fmt: skip
    for process in asking:
        assert process.stdout and process.stdout.readline() == b"ready\n"
    for process in asking:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    return [[json.loads(line) for line in process.communicate(timeout=120)[0].splitlines()] for process in asking]


def test_two_processes_are_never_at_one_host_at_once_and_keep_the_gap_between_them(web):
    urls = [f"https://{HOST}/{number}" for number in range(10)]
    for url in urls:
        web[url] = Answer(body=b"news", delay=0.05)

    told = ask_in_processes(web, urls[:5], urls[5:])

    assert [answer["status"] for answers in told for answer in answers] == [200] * 10
    begins = sorted(request.at for request in web.requests)
    assert all(later - earlier >= 0.05 + 0.1 for earlier, later in pairwise(begins))
    mine = [int(request.path[1:]) < 5 for request in web.requests]
    assert any(one != other for one, other in pairwise(mine[1:-1]))  # they alternate; neither starves the other


def test_a_host_that_asked_one_process_for_rest_is_not_asked_by_the_next(web):
    web[f"https://{HOST}/1"] = Answer(429, headers={"Retry-After": "600"})
    web[f"https://{HOST}/2"] = b"news"

    [[first]] = ask_in_processes(web, [f"https://{HOST}/1"])
    [[second]] = ask_in_processes(web, [f"https://{HOST}/2"])

    assert (first["error"], first["status"], first["seconds"]) == ("HostOnHold", 429, 600)
    assert (second["error"], second["status"]) == ("HostOnHold", None)
    assert 590 <= second["seconds"] <= 600
    assert len(web.requests) == 1


def test_what_a_killed_worker_held_is_free_by_itself_soon():
    assert asyncio.run(exchange_once(shared(), HOST)).kind is Kind.OURS

    [key] = in_redis("KEYS", "*turn*")
    assert 0 < in_redis("PTTL", key) <= ledger.LEASE_SECONDS * 1000


def test_a_turn_is_kept_as_long_as_the_work_lasts(monkeypatch):
    monkeypatch.setattr(ledger, "LEASE_SECONDS", 1.5)
    monkeypatch.setattr(turns, "RENEW_SECONDS", 0.2)
    visits = Visits()
    run_in_loops(*(visit_often(visits, shared(), 1, seconds=2.2) for _ in range(2)))
    assert len(visits.times) == 2
    assert min(visits.pauses()) >= 0


def test_a_redis_that_is_wiped_in_the_middle_costs_nobody_a_turn():
    visits = Visits()
    wipe = threading.Timer(0.1, in_redis, ["FLUSHDB"])
    wipe.start()
    run_in_loops(*(visit_often(visits, shared(), 6, gap=0.03) for _ in range(2)))
    wipe.join()
    assert len(visits.times) == 12
    assert min(visits.pauses()) >= 0.03  # the process keeps its own book


def test_redis_away_is_said_once_and_its_return_too(monkeypatch, caplog):
    monkeypatch.setattr(ledger, "AWAY_SECONDS", 0.05)

    for number in range(3):
        assert asyncio.run(exchange_once(shared(NOWHERE), f"{number}.example")).kind is Kind.OURS
        time.sleep(0.06)
    asyncio.run(exchange_once(shared(), "back.example"))

    said = [record.getMessage() for record in caplog.records]
    assert sum("Redis is away" in line for line in said) == 1
    assert sum("Redis is back" in line for line in said) == 1


class Counting(LocalLedger):
    """Counts exchanges."""

    def __init__(self) -> None:
        super().__init__()
        self.exchanges = 0

    async def exchange(
        self, owner: str, leave: Mapping[str, Line], renew: Iterable[str], want: Iterable[str]
    ) -> dict[str, Line]:
        self.exchanges += 1
        return await super().exchange(owner, leave, renew, want)


def test_two_hundred_hosts_are_asked_for_in_a_few_exchanges():
    book = Counting()

    async def all_at_once() -> None:
        turns, visits = Turns(book), Visits()
        await asyncio.gather(*(visits.make(turns, f"paper{number}.example") for number in range(200)))
        await turns.close()

    asyncio.run(all_at_once())

    assert book.exchanges <= 3


def test_who_would_wait_too_long_for_its_turn_is_told_so_at_once():
    async def crawl() -> tuple[list, float]:
        turns, visits = Turns(patience_seconds=1), Visits()
        began = monotonic()
        results = await asyncio.gather(*(visits.make(turns, gap=0.4) for _ in range(20)), return_exceptions=True)
        await turns.close()
        return results, monotonic() - began

    results, seconds = asyncio.run(crawl())

    held = [result for result in results if isinstance(result, HostOnHold)]
    assert 1 <= len(results) - len(held) <= 3
    assert all(hold.status is None and hold.seconds >= queues.SHORTEST_AWAY_SECONDS for hold in held)
    assert seconds < 6  # eight would be all their turns


def test_a_slow_server_turns_those_away_who_would_wait_too_long_as_soon_as_it_is_known():
    visits = Visits()

    async def crawl() -> list:
        turns = Turns(patience_seconds=1)
        return await asyncio.gather(*(visits.make(turns, seconds=0.3) for _ in range(20)), return_exceptions=True)

    results = asyncio.run(crawl())

    assert len(visits.times) <= 4
    assert sum(isinstance(result, HostOnHold) for result in results) == 20 - len(visits.times)


def test_a_hold_turns_all_away_who_wait_and_is_told():
    heard: list[Hold] = []

    async def first_is_refused() -> list:
        turns = Turns(on_hold=heard.append)

        async def visit() -> None:
            async with turns.at(HOST) as turn:
                turn.hold = HostOnHold(HOST, "Busy.", seconds=60, status=503, retry_after=60)
                raise turn.hold

        return await asyncio.gather(*(visit() for _ in range(3)), return_exceptions=True)

    first, *others = asyncio.run(first_is_refused())

    assert (first.status, first.seconds) == (503, 60)
    assert [(hold.status, hold.seconds) for hold in others] == [(None, 60)] * 2
    assert heard == [Hold(HOST, 60, "Busy.", True)]


def test_who_gives_up_waiting_passes_its_turn_on():
    async def impatient() -> Visits:
        turns, visits = Turns(), Visits()
        tasks = [asyncio.create_task(visits.make(turns, seconds=0.1)) for _ in range(3)]
        await asyncio.sleep(0.05)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return visits

    assert len(asyncio.run(impatient()).times) == 2


@pytest.mark.parametrize("book", [shared, lambda: shared(NOWHERE)], ids=["with Redis", "while Redis is away"])
def test_a_host_that_one_loop_asks_without_end_is_soon_anothers(book):
    busy, single = Visits(), Visits()
    run_in_loops(visit_often(busy, book(), 100, gap=0.03), visit_often(single, book(), 1, gap=0.03))
    after = [visit for visit in busy.times if visit[1] > single.times[0][1]]
    assert len(after) >= 50


def test_a_host_that_nobody_else_wishes_for_is_asked_again_as_soon_as_its_rest_is_over(monkeypatch):
    monkeypatch.setattr(turns, "TICK_SECONDS", 0.1)
    visits = Visits()
    asyncio.run(visit_often(visits, shared(), 9, gap=0.15, seconds=0.1))
    assert statistics.median(visits.pauses()) < 0.15 + turns.TICK_SECONDS / 2


async def stop_while_it_rests(gap: float) -> tuple[str, str]:
    """What Redis has of a host in its rest, while another waits for it here; and after its loop has ended."""
    turns, visits = Turns(shared(), patience_seconds=30), Visits()
    waiting = [asyncio.create_task(visits.make(turns, gap=gap, seconds=0)) for _ in range(2)]
    while not visits.times:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    [key] = in_redis("KEYS", "*turn*")
    before = in_redis("GET", key).decode()
    waiting[1].cancel()
    await turns.close()
    return before, in_redis("GET", key).decode()


def test_a_loop_that_ends_leaves_the_host_that_it_kept_to_its_rest(monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_KEPT_SECONDS", 10)
    before, afterwards = asyncio.run(stop_while_it_rests(gap=5))
    assert (before == str(int(Kind.RESTING)), afterwards) == (False, str(int(Kind.RESTING)))


def test_a_long_rest_outlasts_a_worker_that_is_killed_in_it():
    before, _ = asyncio.run(stop_while_it_rests(gap=30))
    assert before == str(int(Kind.RESTING))
