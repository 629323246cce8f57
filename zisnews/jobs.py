"""Runs one of the three job processes: `python -m zisnews.jobs fetch|work|beat`.

The same as `celery worker` and `celery beat` with our options, without the command line's own imports; and beat,
which only sends names, without the tasks and models: 70 MB less on the whole.
"""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from celery.apps.worker import Worker
from celery.beat import Service
from celery.concurrency import get_implementation
from celery.signals import worker_shutting_down
from celery.utils.nodenames import default_nodename, host_format

import zisnews.orphans  # noqa: F401  its hook ties the pool's processes to us
from zisnews.celery import app

POOLS = {"fetch": "threads", "work": "prefork"}
# The slots of the tasks: two of feeds, two of pages, and as many that only wait for slow servers; one each of pictures,
# marks, pushes, hubs, old records and lost feeds; and two for curators, who wait for a search or a preview.
FETCH_BATCHES = 16


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m zisnews.jobs")
    parser.add_argument("name", choices=[*POOLS, "beat"])
    parser.add_argument("--slots", type=int, help="tasks at once (default: 16 to fetch, else one a core)")
    parser.add_argument("--schedule", default="beat-schedule", help="where beat notes when it last sent what")
    chosen = parser.parse_args(arguments)
    app.set_current()
    if chosen.name == "beat":
        return run_beat(chosen.schedule)
    return run_worker(chosen.name, chosen.slots or (FETCH_BATCHES if chosen.name == "fetch" else cores()))


def run_worker(queue: str, slots: int) -> int:
    """Work on one queue until a signal ends it: SIGTERM lets running tasks finish."""
    worker: Worker = app.Worker(
        hostname=host_format(default_nodename(f"{queue}@%h")),
        pool_cls=get_implementation(POOLS[queue]),
        concurrency=slots,
        queues=queue,
        loglevel="INFO",
        quiet=True,
        # One machine, a few workers: nobody to gossip with.
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


@worker_shutting_down.connect
def let_go(**kwargs: object) -> None:
    """Stop fetching at once when asked to end: what was not reached is given back and asked for again later."""
    from feeds.streaming import wind_down  # noqa: PLC0415  beat needs none of it

    wind_down()


def run_beat(schedule: str) -> int:
    app.log.setup(loglevel="INFO")  # our receiver of its signal sets our own logging up
    logging.getLogger("celery.beat").setLevel(logging.WARNING)  # every tick would be a line
    service = Service(app, schedule_filename=schedule)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ending(service))
    service.start()
    return 0


def ending(service: Service) -> Callable[[int, FrameType | None], None]:
    """A handler that writes down what was sent and ends; Service.stop() would wait for the thread it interrupts."""

    def end(number: int, frame: FrameType | None) -> None:
        service.sync()
        raise SystemExit(0)

    return end


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
