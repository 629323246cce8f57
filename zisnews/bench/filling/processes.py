"""The processes that compose articles. Imports no model: a new process sets Django up before it meets one."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import django
from django.db import connection


@contextmanager
def workers(processes: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """Give a `map` that works in so many processes; with one, here."""
    if processes < 2:
        yield map
        return
    database = connection.settings_dict["NAME"]
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=begin, initargs=(database,))
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)


def begin(database: str) -> None:
    """Make a new process ready to write to the database of the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the one that started us
    django.setup()
    connection.settings_dict["NAME"] = database
