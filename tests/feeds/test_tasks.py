"""The slots in which the worker's threads take on work."""

import threading
from threading import BoundedSemaphore

import pytest

from feeds.tasks import take_on


def test_a_tick_that_finds_no_slot_begins_no_second_pass():
    slots, passes = BoundedSemaphore(1), []

    def work(*, on_last):
        passes.append(1)
        take_on(slots, work)

    take_on(slots, work)

    assert passes == [1]
    assert slots.acquire(blocking=False)


def test_a_pass_that_only_waits_for_slow_servers_leaves_its_slot_to_the_next():
    slots, passes = BoundedSemaphore(1), []
    have_answered = threading.Event()

    def slow(*, on_last):
        on_last()
        on_last()  # said at each look
        assert have_answered.wait(60)
        passes.append("slow")

    waiting = threading.Thread(target=take_on, args=(slots, slow))
    waiting.start()
    while waiting.is_alive() and "next" not in passes:
        take_on(slots, lambda *, on_last: passes.append("next"))
    have_answered.set()
    waiting.join()

    assert (passes[0], passes[-1]) == ("next", "slow")
    assert slots.acquire(blocking=False)
    assert not slots.acquire(blocking=False)


def test_a_pass_that_fails_frees_its_slot():
    slots = BoundedSemaphore(1)

    def fail(*, on_last):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_on(slots, fail)
    assert slots.acquire(blocking=False)
