"""Runs coroutines beside the caller's thread and hands over their results in batches.

The caller's thread keeps the database connection: Django's are bound to the thread, and an event loop must not
wait for a query.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Worker = Callable[[Job], Awaitable[Result]]

END = object()
LOOK_SECONDS = 1  # how often further jobs are looked for while slow ones are waited for
QUIET_SECONDS = 0.05  # when nothing came for so long, what there is waits for no more

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
    more: Callable[[int], Sequence[Job]] | None = None,
    batch_size: int = 50,
    batch_seconds: float = 0.25,
) -> Iterator[list[Result]]:
    """Yield lists of results as they come, at most `batch_size` long, waiting at most `batch_seconds` to fill one.

    open_worker:    makes, inside the loop, the coroutine function that does one job
    budget_seconds: jobs not done by then are stopped, and `unreached` tells their result
    more:           asked for further jobs after each batch, and now and then between, with how many are still to be
                    done; so a few slow jobs keep none waiting. The end has come when it gives none and none is left.
    An exception of a job is a bug and surfaces here, after the results of the others; errors one expects are results.
    """
    if is_ending.is_set() or not jobs:
        yield from [[unreached(job) for job in jobs]] if jobs else []
        return
    results: SimpleQueue = SimpleQueue()
    loop = asyncio.new_event_loop()
    crew = Crew(loop, results.put, unreached)
    crew.offer(jobs)
    if more is None:
        crew.close()
    main = loop.create_task(run_all(crew, open_worker, budget_seconds))
    thread = threading.Thread(target=run_to_end, args=(loop, main, results), daemon=True, name="stream")

    def cancel() -> None:
        if not main.done():
            loop.call_soon_threadsafe(main.cancel)

    _cancels.add(cancel)
    thread.start()
    left = len(jobs)
    try:
        for batch in in_batches(results, batch_size, batch_seconds):
            if batch:
                yield batch
            left -= len(batch)
            further = more(left) if more and not is_ending.is_set() else []
            if further and crew.offer(further):
                left += len(further)
            elif further:
                yield [unreached(job) for job in further]
            if not left:
                crew.close()
        if not main.cancelled():
            main.result()
    finally:
        _cancels.discard(cancel)
        cancel()
        thread.join()
        loop.close()


def topped_up(
    take: Callable[[int], Sequence[Job]], full: int, *, seconds: float, on_last: Callable[[], object] = lambda: None
) -> Callable[[int], Sequence[Job]]:
    """Give a `more` for `stream` that keeps about `full` jobs in hand, for so many seconds.

    take: gives up to so many jobs; where it gave fewer than asked, it is asked again after LOOK_SECONDS, or
          when the bell rings
    on_last: called when the seconds are over: what there is may still take long
    """
    stop_at = look_at = looked_at = time.monotonic()
    stop_at += seconds

    def more(left: int) -> Sequence[Job]:
        nonlocal look_at, looked_at
        now = time.monotonic()
        if now >= stop_at:
            on_last()
            return []
        if left > full // 2 or (now < look_at and Bell.rung_at < looked_at):
            return []
        jobs = take(full - left)
        looked_at = now
        look_at = now if len(jobs) == full - left else now + LOOK_SECONDS
        return jobs

    return more


class Bell:
    """Rung when there may be further jobs; the streams of this process hear it within QUIET_SECONDS."""

    rung_at = 0.0  # by the monotonic clock

    @classmethod
    def ring(cls) -> None:
        cls.rung_at = time.monotonic()


class Crew:
    """The jobs of a stream: offered by the caller's thread, done in the loop."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, hand_over: Callable[[Any], None], unreached: Callable[[Any], Any]
    ) -> None:
        self._loop, self._hand_over, self._unreached = loop, hand_over, unreached
        self._lock = threading.Lock()
        self._offered: list[Any] = []
        self._tasks: dict[asyncio.Task, Any] = {}
        self._work: Worker | None = None
        self._is_over = self._is_closed = False
        self._at_rest = asyncio.Event()
        self.bugs: list[BaseException] = []

    def offer(self, jobs: Sequence[Any]) -> bool:
        """Have these done too; False when it is too late for that."""
        with self._lock:
            if self._is_over:
                return False
            self._offered += jobs
        self._call_loop(self._take)
        return True

    def close(self) -> None:
        """Say that no more will come."""
        with self._lock:
            if not self._is_over:
                self._is_closed = True
                self._call_loop(self._rest_if_done)

    async def work_off(self, work: Worker) -> None:
        """Do all jobs, at once (the worker limits itself), until no more will come."""
        self._work = work
        self._take()
        await self._at_rest.wait()

    async def stop(self) -> None:
        """Stop what is not done and hand over that it was not reached."""
        with self._lock:
            self._is_over = True
            late, self._offered = self._offered, []
        for task, job in self._tasks.items():
            if not task.cancelling() and task.cancel():  # else it has just handed over its result
                late.append(job)
        for job in late:
            self._hand_over(self._unreached(job))
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _take(self) -> None:
        if self._work is None:
            return
        with self._lock:
            jobs, self._offered = self._offered, []
        for job in jobs:
            task = self._loop.create_task(do(self._work, job, self._hand_over))
            self._tasks[task] = job
            task.add_done_callback(self._note_done)
        self._rest_if_done()

    def _note_done(self, task: asyncio.Task) -> None:
        del self._tasks[task]
        if not task.cancelled() and (bug := task.exception()):
            self.bugs.append(bug)
        self._rest_if_done()

    def _rest_if_done(self) -> None:
        if self._is_closed and not self._tasks and not self._offered:
            self._at_rest.set()

    def _call_loop(self, function: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(function)


async def run_all(
    crew: Crew, open_worker: Callable[[], AbstractAsyncContextManager[Worker]], budget_seconds: float
) -> None:
    """Do all jobs of the crew within the budget."""
    try:
        async with open_worker() as work:
            try:
                with suppress(TimeoutError, asyncio.CancelledError):
                    async with asyncio.timeout(budget_seconds):
                        await crew.work_off(work)
            finally:
                await crew.stop()
    finally:
        await crew.stop()  # where no worker could be opened
    if crew.bugs:
        raise crew.bugs[0]


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
    """Cut a queue that ends with END into lists; one is handed on when it is full, was begun `seconds` ago, or when
    nothing more came for a moment.

    Where nothing at all has come for a moment, the list is empty.
    """
    batch: list = []
    while True:
        try:
            item = results.get(timeout=QUIET_SECONDS)
        except Empty:
            yield batch
            batch = []
            continue
        if item is END:
            if batch:
                yield batch
            return
        if not batch:
            full_at = time.monotonic() + seconds
        batch.append(item)
        if len(batch) >= size or time.monotonic() >= full_at:
            yield batch
            batch = []
