"""How long the pages people read take, each kind over many of its addresses, with nothing kept in the cache.

What is measured is the work of one web process for one request: middleware, queries, templates, compression.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from zisnews.bench import Line
from zisnews.bench.surroundings import cpu_seconds
from zisnews.bench.visits import DEEP, Kind, kinds

BAR_MS, BAR_QUERIES = 50, 25  # p95 of a page; queries of any
BAR_DEEP = 1.2  # of its first page's time
WARM_UP = 3
SLOWEST_SHOWN = 160  # characters of a query


def measure() -> Iterator[Line]:
    """A line for each kind of page: p95 in milliseconds; for deep pages also how they compare with the first."""
    from aggregator.models import Article  # noqa: PLC0415  Django is set up by now, not when this module loads
    from zisnews.warming import warm_up  # noqa: PLC0415  as above

    warm_up()  # as a web process does before it takes requests
    articles = Article.objects.count()
    meter = Meter()
    medians: dict[str, float] = {}
    for kind in kinds():
        visits, cpu = meter.visit_all(kind)
        times = [visit.ms for visit in visits]
        slowest = max(visits, key=lambda visit: visit.ms)
        medians[kind.name] = median(times)
        detail: dict[str, Any] = {
            "articles": articles,
            "requests": len(visits),
            "p50": round(median(times), 1),
            "cpu": round(cpu, 1),  # of us and of Postgres, a request: what neighbours change least
            "queries": max(visit.queries for visit in visits),
            "database_p50": round(median(visit.database_ms for visit in visits), 1),
            "bytes": round(median(visit.bytes for visit in visits)),
            "slowest": slowest.url,
            "slowest_query_ms": round(slowest.slowest_query[0], 1),
            "slowest_query": slowest.slowest_query[1][:SLOWEST_SHOWN],
            "bar": BAR_MS,
            "bar_queries": BAR_QUERIES,
        }
        yield Line(f"pages.{kind.name}", round(p95(times), 1), "ms", detail)
        if kind.is_deep:
            first = medians[kind.name.removesuffix(DEEP)]
            yield Line(f"pages.{kind.name}.ratio", round(median(times) / first, 2), "of first", {"bar": BAR_DEEP})


@dataclass(slots=True)
class Visit:
    """One request. bytes: of the body, compressed; slowest_query: (milliseconds, SQL)."""

    url: str
    ms: float = 0
    bytes: int = 0
    queries: int = 0
    database_ms: float = 0
    slowest_query: tuple[float, str] = (0, "")


class Meter:
    """Asks for pages as a browser without an account does."""

    def __init__(self) -> None:
        from django.conf import settings  # noqa: PLC0415
        from django.test import Client  # noqa: PLC0415

        host = "localhost" if "localhost" in settings.ALLOWED_HOSTS else settings.ALLOWED_HOSTS[0]
        self.client = Client(HTTP_HOST=host, headers={"accept-encoding": "gzip", "accept-language": "en"})

    def visit_all(self, kind: Kind) -> tuple[list[Visit], float]:
        """Ask for each of a kind's addresses; returns also the CPU milliseconds of one request, Postgres' included.

        The first few are asked for once more before, so that code and templates are loaded.
        """
        for url in kind.urls[:WARM_UP]:
            self.visit(url)
        before = self.cpu_seconds()
        visits = [self.visit(url) for url in kind.urls]
        return visits, (self.cpu_seconds() - before) / len(visits) * 1000

    def cpu_seconds(self) -> float:
        from django.db import connection  # noqa: PLC0415

        return time.process_time() + cpu_seconds(connection.connection.info.backend_pid)

    def visit(self, url: str, *, is_kept: bool = False) -> Visit:
        """Ask for one page, with an empty cache unless it may be kept. Ends the benchmark where the answer is none."""
        from django.core.cache import cache  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        if not is_kept:
            cache.clear()
        visit = Visit(url)
        with connection.execute_wrapper(counted_in(visit)):
            began = time.perf_counter()
            response = self.client.get(url)
            visit.ms = (time.perf_counter() - began) * 1000
        if response.status_code != 200:
            raise SystemExit(f"zis: the benchmark went wrong: {url} answers {response.status_code}.")
        visit.bytes = len(response.getvalue())
        return visit


def counted_in(visit: Visit) -> Callable[..., Any]:
    """A wrapper of queries that notes their number and time."""

    def wrapped(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            ms = (time.perf_counter() - began) * 1000
            visit.queries += 1
            visit.database_ms += ms
            visit.slowest_query = max(visit.slowest_query, (ms, str(sql)))

    return wrapped


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
