"""Celery's doors onto ingestion. They run in the threads of the worker "fetch".

Threads know no time limits: ingestion keeps its own budget. The slots keep one kind of work from taking
all of the worker's threads; a tick that finds no slot free is not needed, or has those who work look for more.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from threading import BoundedSemaphore
from typing import Protocol

from celery import shared_task

from feeds import ingestion, marks, previewing, reading, recording
from feeds.clock import database_now
from feeds.finding import moves, searching
from feeds.models import Feed
from feeds.streaming import Bell, is_ending
from feeds.websub import pushes, subscribing

BUSY_SECONDS = 60
refresh_slots, reading_slots = BoundedSemaphore(2), BoundedSemaphore(2)
push_slots, hub_slots = BoundedSemaphore(1), BoundedSemaphore(1)
mark_slots, record_slots, search_slots = BoundedSemaphore(1), BoundedSemaphore(1), BoundedSemaphore(1)


@shared_task
def refresh_due_feeds() -> None:
    take_on(refresh_slots, ingestion.keep_refreshing)


@shared_task
def read_due_pages() -> None:
    take_on(reading_slots, reading.keep_reading)


@shared_task
def read_pushes() -> None:
    while_full(push_slots, pushes.read_waiting, 1)


@shared_task
def keep_subscriptions() -> None:
    while_full(hub_slots, subscribing.keep, subscribing.AT_ONCE)


@shared_task
def find_due_marks() -> None:
    while_full(mark_slots, marks.find_due_marks, marks.MARKS_PER_BATCH)


@shared_task
def make_preview(key: str) -> None:
    previewing.make(key)


@shared_task
def search_lost_feeds() -> None:
    while_full(search_slots, moves.search_lost_feeds, moves.AT_ONCE)


@shared_task
def search_feeds(curator_id: int, key: str) -> None:
    searching.make(curator_id, key)


@shared_task
def forget_old_records() -> None:
    while_full(record_slots, recording.forget_old_records, recording.FORGOTTEN_AT_ONCE)


@shared_task
def forgive_clock() -> None:
    Feed.objects.forgive_clock(database_now())


class Pass(Protocol):
    def __call__(self, *, on_last: Callable[[], object]) -> object:
        """Take on work for about a minute, then say so and end what was begun."""


def take_on(slots: BoundedSemaphore, work: Pass) -> None:
    """Have a pass take on work, if there is a slot: free again when it takes on no more, as slow servers hold none."""
    if not slots.acquire(blocking=False):
        Bell.ring()
        return
    with ExitStack() as slot:
        slot.callback(slots.release)
        work(on_last=slot.close)


def while_full(slots: BoundedSemaphore, take_batch: Callable[[], int], full: int) -> None:
    """Take batches as long as they come full, for about a minute; then the next tick goes on."""
    if not slots.acquire(blocking=False):
        return
    try:
        stop_at = time.monotonic() + BUSY_SECONDS
        while take_batch() >= full and time.monotonic() < stop_at and not is_ending.is_set():
            pass
    finally:
        slots.release()
