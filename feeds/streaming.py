"""Runs coroutines beside the caller's thread and hands over their results in batches.

The caller's thread keeps the database connection: Django's are bound to the thread, and an event loop must not
wait for a query.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from queue import Empty, SimpleQueue
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Worker = Callable[[Job], Awaitable[Result]]

END = object()

is_ending = threading.Event()  # this process was asked to end
_cancels: set[Callable[[], None]] = set()  # of the streams that run


def wind_down() -> None:
    """End all streams as if their time were up, and let no new one begin: this process was asked to end.

    May be called by a signal handler.
    """
    is_ending.set()
    for cancel in list(_cancels):
        cancel()


def stream(
    jobs: Sequence[Job],
    open_worker: Callable[[], AbstractAsyncContextManager[Worker]],
    *,
    budget_seconds: float,
    unreached: Callable[[Job], Result],
    batch_size: int = 50,
    batch_seconds: float = 0.4,
) -> Iterator[list[Result]]:
    """Yield lists of results as they come, at most `batch_size` long, waiting about `batch_seconds` to fill one.

    open_worker:    makes, inside the loop, the coroutine function that does one job
    budget_seconds: jobs not done by then are stopped, and `unreached` tells their result
    An exception of a job is a bug and surfaces here, after the results of the others; errors one expects are results.
    """
    if is_ending.is_set():
        yield [unreached(job) for job in jobs]
        return
    results: SimpleQueue = SimpleQueue()
    loop = asyncio.new_event_loop()
    main = loop.create_task(run_all(jobs, open_worker, results.put, budget_seconds, unreached))
    thread = threading.Thread(target=run_to_end, args=(loop, main, results), daemon=True, name="stream")

    def cancel() -> None:
        if not main.done():
            loop.call_soon_threadsafe(main.cancel)

    _cancels.add(cancel)
    thread.start()
    try:
        yield from in_batches(results, batch_size, batch_seconds)
        if not main.cancelled():
            main.result()
    finally:
        _cancels.discard(cancel)
        cancel()
        thread.join()
        loop.close()


async def run_all(
    jobs: Sequence[Job],
    open_worker: Callable[[], AbstractAsyncContextManager[Worker]],
    hand_over: Callable[[Result], None],
    budget_seconds: float,
    unreached: Callable[[Job], Result],
) -> None:
    """Do all jobs at once (the worker limits itself), within the budget."""
    async with open_worker() as work:
        tasks = {asyncio.create_task(do(work, job, hand_over)): job for job in jobs}
        if not tasks:
            return
        try:
            done, late = await asyncio.wait(tasks, timeout=budget_seconds)
        except asyncio.CancelledError:
            late = {task for task in tasks if not task.done()}
            done = set(tasks) - late
        for task in late:
            task.cancel()
            hand_over(unreached(tasks[task]))
        await asyncio.gather(*late, return_exceptions=True)
        errors = [error for task in done if not task.cancelled() and (error := task.exception())]
        if errors:
            raise errors[0]


async def do(work: Worker, job: Job, hand_over: Callable[[Result], None]) -> None:
    hand_over(await work(job))


def run_to_end(loop: asyncio.AbstractEventLoop, main: asyncio.Task, results: SimpleQueue) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(asyncio.wait([main]))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        results.put(END)


def in_batches(results: SimpleQueue, size: int, seconds: float) -> Iterator[list]:
    """Cut a queue that ends with END into lists; one is handed on when it is full or was begun `seconds` ago."""
    batch: list = []
    began_at = time.monotonic()
    while True:
        try:
            item = results.get(timeout=seconds if not batch else max(0.0, began_at + seconds - time.monotonic()))
        except Empty:
            item = None
        if item is not None and item is not END:
            if not batch:
                began_at = time.monotonic()
            batch.append(item)
        is_due = len(batch) >= size or time.monotonic() - began_at >= seconds
        if batch and (item is END or is_due):
            yield batch
            batch = []
        if item is END:
            return
