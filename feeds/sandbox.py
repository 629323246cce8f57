"""Runs the readers of hostile bytes in limited child processes. Knows neither what they read nor Django.

A child (feeds/sandbox_child.py) has little memory, writes no file, inherits no secret from the environment,
and is killed when one document takes too long. Its answers are distrusted too: only plain values come back.
"""

import asyncio
import os
import pickle
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from feeds.sandbox_process import Child, value_of

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

# Address space, not resident memory, of which reading any page of the corpus takes at most 190 MB: 53 with all
# libraries loaded, 73 for the model of languages, the rest for the page; the largest we accept (3 MB) adds up to 150.
MEMORY_MB = 512
JOBS_PER_CHILD = 2_000  # the libraries' caches grow slowly; a new child costs about a second

_sandboxes: "weakref.WeakSet[Sandbox]" = weakref.WeakSet()


class Sandbox:
    """A few limited children, started when needed, ended when idle, with their parent, or on close().

    processes:    how many documents are read at once; further callers wait
    memory_mb:    address space of one child, in MiB
    wall_seconds: what one call may take, the start of a new child not counted
    idle_seconds: a child without work for so long ends

    May be made before a fork (Celery prefork) and used after it: every process has children of its own.
    """

    def __init__(
        self,
        processes: int = 1,
        *,
        memory_mb: int = MEMORY_MB,
        wall_seconds: float = 15,
        idle_seconds: float = 60,
    ) -> None:
        self._processes, self._memory_mb = processes, memory_mb
        self._wall_seconds, self._idle_seconds = wall_seconds, idle_seconds
        self._children: set[Child] = set()
        self._idle: list[Child] = []
        self._executor: ThreadPoolExecutor | None = None
        self._renew_locks()
        _sandboxes.add(self)
        weakref.finalize(self, _end_all, self._children)

    def call(
        self, function: Callable[Arguments, Answer], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Answer:
        """Run a module-level function in a child and return its value, made of plain values and dataclasses.

        Raises the FeedsError the function raised, or SandboxError where the child ran out of memory or time,
        crashed, or met a bug (its traceback is a note on the error, and logged). The next call works again.
        """
        job = pickle.dumps((function, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
        with self._turns:
            child = self._take()
            try:
                while (answer := child.ask(job, self._wall_seconds)) is None:  # it had just ended, being idle
                    self._drop(child)
                    child = self._start()
            finally:
                self._put_back(child)
        return value_of(answer)

    async def acall(
        self, function: Callable[Arguments, Answer], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Answer:
        """The same from asyncio. Waits in threads of its own: the loop's default ones resolve names."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads(), lambda: self.call(function, *args, **kwargs))

    def close(self) -> None:
        """End the children. A later call would start new ones."""
        with self._lock:
            executor, self._executor = self._executor, None
            children = set(self._children)
            self._idle.clear()
            self._children.clear()
        _end_all(children)
        if executor:
            executor.shutdown(wait=False)

    def _take(self) -> Child:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child and child.is_alive:
            return child
        if child:
            self._drop(child)
        return self._start()

    def _start(self) -> Child:
        child = Child(self._memory_mb, self._idle_seconds)
        with self._lock:
            self._children.add(child)
        return child

    def _put_back(self, child: Child) -> None:
        with self._lock:
            reusable = child in self._children and child.is_alive and child.jobs < JOBS_PER_CHILD
            if reusable:
                self._idle.append(child)
        if not reusable:
            self._drop(child)

    def _drop(self, child: Child) -> None:
        with self._lock:
            self._children.discard(child)
        child.end()

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(self._processes, thread_name_prefix="sandbox")
            return self._executor

    def _forget(self) -> None:
        """In a forked process: the children are its parent's, and so are locks that threads held there."""
        for child in self._children:
            child.disown()
        self._children.clear()
        self._idle.clear()
        self._executor = None
        self._renew_locks()

    def _renew_locks(self) -> None:
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(self._processes)


def _end_all(children: set[Child]) -> None:
    for child in list(children):
        child.end()


def _forget_after_fork() -> None:
    for sandbox in list(_sandboxes):
        sandbox._forget()


os.register_at_fork(after_in_child=_forget_after_fork)


@cache
def sandbox() -> Sandbox:
    """The limited processes that parse and extract: one a core, shared by all of this process."""
    return Sandbox(os.cpu_count() or 1)
