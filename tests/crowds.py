"""Several who do something at the same moment, as workers and tabs do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do these at the same moment, each on a connection of its own; returns what they gave. Errors surface."""
    together = Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        try:
            together.wait()
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as crowd:
        return list(crowd.map(do, deeds))
