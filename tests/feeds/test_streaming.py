"""Coroutines beside the caller's thread."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import asynccontextmanager
from time import monotonic

import pytest

from feeds import streaming
from feeds.streaming import Bell, stream, topped_up


def worker(work):
    @asynccontextmanager
    async def open_worker():
        yield work

    return open_worker


def run(jobs, work, **options):
    defaults = {"budget_seconds": 5, "unreached": lambda job: ("late", job)}
    return list(stream(jobs, worker(work), **defaults | options))


def test_every_job_gives_its_result_once_in_batches_no_longer_than_asked():
    async def double(n):
        return 2 * n

    batches = run(range(25), double, batch_size=10)

    assert sorted(n for batch in batches for n in batch) == [2 * n for n in range(25)]
    assert max(map(len, batches)) <= 10


def test_a_result_does_not_wait_for_slower_ones():
    async def wait(seconds):
        await asyncio.sleep(seconds)
        return seconds

    assert run([0, 1.5], wait, batch_seconds=0.1) == [[0], [1.5]]


def test_results_that_come_close_together_are_handed_over_together_and_soon():
    async def wait(seconds):
        await asyncio.sleep(seconds)
        return seconds

    began = monotonic()
    *first, last = run([0, 0.02, 0.04, 1], wait, batch_seconds=10)

    assert ([seconds for batch in first for seconds in batch], last) == ([0, 0.02, 0.04], [1])
    assert len(first) < 3, "each was handed over by itself"
    assert monotonic() - began < 8


def test_a_bell_has_a_stream_look_for_more_at_once(monkeypatch):
    """The first look finds nothing; the next one would come after a minute."""
    monkeypatch.setattr(streaming, "LOOK_SECONDS", 60)
    found: Iterator[list[float]] = iter([[], [0.1]])
    more = topped_up(lambda count: next(found, []), 10, seconds=60)
    threading.Timer(0.3, Bell.ring).start()

    async def wait(seconds):
        await asyncio.sleep(seconds)
        return seconds

    assert list(run([0, 1.5], wait, more=more)) == [[0], [0.1], [1.5]]


def test_a_stream_says_when_it_takes_on_no_more_though_slow_jobs_are_left():
    said = []
    found: Iterator[list[float]] = iter([])
    more = topped_up(lambda count: next(found, []), 10, seconds=0.2, on_last=lambda: said.append(monotonic()))

    async def wait(seconds):
        await asyncio.sleep(seconds)
        return monotonic()

    [[done_at]] = run([1.5], wait, more=more)

    assert said[0] < done_at - 0.5


def test_jobs_beyond_the_budget_are_stopped_and_said_to_be_unreached():
    async def wait(seconds):
        await asyncio.sleep(seconds)
        return seconds

    results = [result for batch in run([0, 60], wait, budget_seconds=0.3) for result in batch]
    assert results == [0, ("late", 60)]


def test_a_bug_in_a_job_surfaces_after_the_results_of_the_others():
    async def work(n):
        if n == 1:
            raise ZeroDivisionError
        return n

    results = []
    with pytest.raises(ZeroDivisionError):
        for batch in stream([0, 1, 2], worker(work), budget_seconds=5, unreached=str):
            results += batch
    assert sorted(results) == [0, 2]


def test_no_jobs_give_no_batches():
    async def work(n):
        return n

    assert run([], work) == []


def test_a_caller_that_stops_listening_stops_the_work():
    stopped = []

    async def work(n):
        try:
            await asyncio.sleep(n)
        except asyncio.CancelledError:
            stopped.append(n)
            raise
        return n

    for _batch in stream([0, 60], worker(work), budget_seconds=90, unreached=str, batch_seconds=0.05):
        break
    assert stopped == [60]
