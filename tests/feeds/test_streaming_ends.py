"""A worker that is asked to end lets go of what it fetches."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from feeds import streaming


@pytest.fixture(autouse=True)
def going_on_afterwards() -> Iterator[None]:
    yield
    streaming.is_ending.clear()


@asynccontextmanager
async def slow_server() -> AsyncIterator[Callable[[int], Awaitable[str]]]:
    async def answer(job: int) -> str:
        await asyncio.sleep(0 if job == 0 else 60)
        return f"{job} answered"

    yield answer


def results_of(jobs: range) -> list[str]:
    batches = streaming.stream(jobs, slow_server, budget_seconds=50, unreached=lambda job: f"{job} unreached")
    return sorted(result for batch in batches for result in batch)


def test_a_running_stream_ends_and_gives_back_what_it_did_not_reach() -> None:
    began = time.monotonic()
    threading.Timer(1, streaming.wind_down).start()
    assert results_of(range(3)) == ["0 answered", "1 unreached", "2 unreached"]
    assert time.monotonic() - began < 30


def test_none_begins_once_the_process_is_ending() -> None:
    streaming.wind_down()
    assert results_of(range(1, 3)) == ["1 unreached", "2 unreached"]
