"""gunicorn's threads, with connections shared out among its processes.

Where two processes wait at one door, whichever wakes first takes a connection: in two of ten runs all eight came to one
of them, while the other had nothing to do. Here who has more than another lets it go first.
"""

import mmap
import time
from typing import Any

from gunicorn.workers import gthread

LEFT_TO_OTHERS_SECONDS = 0.002
MOST_PROCESSES, NOBODY = 256, -1

# How many connections each process has, by its place: memory that all share, from before they part.
connections = memoryview(mmap.mmap(-1, MOST_PROCESSES * 4)).cast("i")
for number in range(MOST_PROCESSES):
    connections[number] = NOBODY


def take_place(worker: Any) -> None:
    """In the process that starts the others, before it does."""
    worker.place = next((place for place in range(MOST_PROCESSES) if connections[place] == NOBODY), 0)
    connections[worker.place] = 0


def leave_place(worker: Any) -> None:
    """The same, once it has ended in whatever way."""
    connections[worker.place] = NOBODY


class Worker(gthread.ThreadWorker):
    place = 0

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        connections[self.place] = self.nr_conns
        super().wait_for_and_dispatch_events(timeout)

    def accept(self, listener: Any) -> None:
        if any(NOBODY < count < self.nr_conns for count in connections):
            time.sleep(LEFT_TO_OTHERS_SECONDS)
        super().accept(listener)
        connections[self.place] = self.nr_conns
