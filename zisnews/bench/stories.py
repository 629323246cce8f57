"""How fast do new articles find their stories among 300,000 articles of three days, and among twice as many?

A worker of its own places articles in batches, as publishing does: it weighs their words, looks for stories, and under
the lock stores articles and stories; what else publishing does (search, pictures, copies) is left out. Two thirds of
the articles tell of events that stand. CPU is the worker's and its Postgres backend's together: one core's work.
"""

import os
from collections.abc import Iterator
from multiprocessing import get_context
from typing import Any

from zisnews.bench import Line, quality, telling
from zisnews.bench.eventful import SEED, World
from zisnews.bench.eventful_site import ACTIVE, Site
from zisnews.bench.placed import (
    BATCH,
    LARGE,
    PLACED,
    TOGETHER,
    place_first,
    place_in_large,
    place_many,
)
from zisnews.bench.surroundings import answer_of

BAR_PER_SECOND, BAR_MB = 200, 400


def measure(servers: Any) -> Iterator[Line]:
    """Articles a second at N and 2N with the worker's memory; two workers at once; a story of 10,000; how one story is
    compared and shown; how well stories are found.
    """
    world = World(SEED)
    site = Site(world)
    per_second = []
    for active in (ACTIVE, 2 * ACTIVE):
        site.grow_to(active)
        found = answer_of(place_many, site.events, active)
        per_second.append(BATCH / found["cpu"])
        name = f"stories.placed.{active // 1000}k"
        yield Line(name, round(per_second[-1], 1), "articles/s", detail_of(found, active, BAR_PER_SECOND))
        yield Line(f"stories.ms.{active // 1000}k", round(found["cpu"] / BATCH * 1000, 2), "ms", parts_of(found))
        yield Line(f"stories.memory.{active // 1000}k", round(found["memory"]), "MB", {"bar": BAR_MB})
    yield Line("stories.twice", round(per_second[0] / per_second[1], 2), "times", {"is": "cost at 2N, of that at N"})
    yield together()
    yield large()
    yield from telling.measure()
    yield from quality.measure()


def detail_of(found: dict[str, Any], active: int, bar: int) -> dict[str, Any]:
    return {
        "active": active,
        "placed": PLACED,
        "joined_share": round(found["joined"], 3),
        "right_share": round(found["right"], 3),
        "wall_per_second": round(BATCH / found["wall"], 1),
        "load": round(os.getloadavg()[0], 1),
        "bar": bar,
    }


def parts_of(found: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds an article, of each part, by the clock; in the lock is what other workers wait for."""
    return {name: round(found[name] / BATCH * 1000, 2) for name in ("weighing", "looking", "in_lock")} | {
        "postgres_cpu": round(found["postgres"] / BATCH * 1000, 2)
    }


def together() -> Line:
    """Two workers place the first two articles of an event at the same moment, again and again."""
    context = get_context("spawn")
    barrier = context.Barrier(2)
    workers = [context.Process(target=place_first, args=(barrier, number)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    from aggregator.models import Article  # noqa: PLC0415

    placed = Article.objects.filter(url__startswith="https://placed.example/first/")
    stories = placed.values("story").distinct().count()
    return Line(
        "stories.together", stories, "stories", {"events": TOGETHER, "articles": placed.count(), "bar": TOGETHER}
    )


def large() -> Line:
    """What one more article costs a story of ten thousand, beside one of two."""
    found = answer_of(place_in_large)
    detail = {"ms_of_large": round(found["large"] * 1000, 2), "ms_of_small": round(found["small"] * 1000, 2)}
    return Line(f"stories.of_{LARGE}", round(found["large"] / found["small"], 2), "times", detail | {"bar": 1.5})
