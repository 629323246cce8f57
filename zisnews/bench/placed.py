"""Places articles of invented events as publishing does, in a process of its own, and says what that took."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from typing import Any

from zisnews.bench.eventful import SEED, World
from zisnews.bench.eventful_site import PLACED_FROM
from zisnews.bench.surroundings import cpu_seconds, memory_mb, set_up_django

PLACED, BATCH, WARM = 1_500, 50, 6  # articles; in a batch; batches before the clock runs
TOGETHER = 25
LARGE = 10_000
PARTS = ("weighing", "looking", "in_lock")


def place_many(events: int, active: int) -> dict[str, Any]:
    """Place batches of articles; seconds of a batch, by part, and how many found what they tell of."""
    from django.db import connection  # noqa: PLC0415

    from feeds.settling import settle  # noqa: PLC0415

    world = World(SEED)
    chance = world.chance(f"placed/{active}")
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    told: list[tuple[int, int]] = []  # (event, the story its article is in)
    parts: list[tuple[float, ...]] = []
    cpu = postgres = 0.0
    for batch in range(WARM + PLACED // BATCH):
        chosen = [
            chance.randrange(events) if chance.random() < 0.65 else events * 9 + batch * BATCH + n for n in range(BATCH)
        ]
        texts = [world.text(event, 1 + chance.randrange(1_000_000)) for event in chosen]
        ours, theirs = time.process_time(), cpu_seconds(backend)
        stories, took = place_batch(texts, [f"{active}/{batch}/{n}" for n in range(BATCH)])
        if batch >= WARM:
            cpu += time.process_time() - ours
            postgres += cpu_seconds(backend) - theirs
            told += zip(chosen, stories, strict=True)
            parts.append(took)
        settle()  # as a worker does between two tasks
    batches = len(parts)
    standing = [(event, story) for event, story in told if event < events]
    return {
        "cpu": (cpu + postgres) / batches,
        "postgres": postgres / batches,
        "wall": sum(map(sum, parts)) / batches,
        **{name: median(values) for name, values in zip(PARTS, zip(*parts, strict=True), strict=True)},
        "joined": sum(story < PLACED_FROM for _, story in told) / len(told),
        "right": sum(story == event + 1 for event, story in standing) / len(standing),
        "memory": memory_mb(os.getpid(), "VmHWM"),
    }


def place_batch(texts: Sequence[Any], urls: Sequence[str], source: int = 0) -> tuple[list[int], tuple[float, ...]]:
    """Place these articles as a worker does; the numbers of their stories, and the seconds of each part."""
    from django.db import transaction  # noqa: PLC0415

    from aggregator import placing  # noqa: PLC0415
    from aggregator.finding.features import weigh  # noqa: PLC0415
    from aggregator.stories import lock_stories  # noqa: PLC0415

    at = datetime.now(UTC)
    articles = [article_of(text, url, at, source) for text, url in zip(texts, urls, strict=True)]
    clock = [time.perf_counter()]
    weights = [weigh(text.title, text.lead, text.body, "en") for text in texts]
    clock.append(time.perf_counter())
    prospects = placing.prospects_of([(one, at) for one in weights])
    clock.append(time.perf_counter())
    with transaction.atomic():
        lock_stories()
        placing.place(articles, prospects)
    clock.append(time.perf_counter())
    parts = tuple(after - before for before, after in pairwise(clock))
    return [article.story_id for article in articles], parts


def article_of(text: Any, url: str, at: datetime, source: int) -> Any:
    from aggregator.models import Article  # noqa: PLC0415

    return Article(
        title=text.title,
        slug="placed",
        description=text.lead,
        text=text.body,
        url=f"https://placed.example/{url}",
        source=source_of(source or hash(url)),
        category_id="general",
        language="en",
        published_at=at,
        seen_at=at,
    )


def source_of(number: int) -> Any:
    from feeds.models import Source  # noqa: PLC0415

    if not KNOWN:
        KNOWN.extend(Source.objects.order_by("pk"))
    return KNOWN[number % len(KNOWN)]


KNOWN: list[Any] = []  # the sources, read once a process


def place_first(barrier: Any, worker: int) -> None:
    set_up_django()
    world = World(SEED)
    for number in range(TOGETHER):
        text = world.text(70_000_000 + number, 0)
        barrier.wait(timeout=60)
        place_batch([text], [f"first/{number}/{worker}"])


def place_in_large() -> dict[str, float]:
    """Seconds an article, for two new events: one whose story is made one of LARGE articles first."""
    from aggregator.models import Article, Story  # noqa: PLC0415
    from zisnews.bench.filling.copying import Copier  # noqa: PLC0415

    world = World(SEED)
    took = {}
    for name, event, size in (("small", 80_000_000, 0), ("large", 80_000_001, LARGE)):
        ((story,), _) = place_batch([world.text(event, 0)], [f"{name}/begun"])
        place_batch([world.text(event, 1)], [f"{name}/again"])
        at = datetime.now(UTC)
        rows = [
            (story, source_of(n % 40).pk, "general", f"https://large.example/{n}", "x", "x", "en", at, at)
            for n in range(size)
        ]
        Copier(Article, ("story", "source", "category", "url", "title", "slug", "language", "published_at",
                         "seen_at")).copy(rows)  # fmt: skip
        Story.objects.filter(pk=story).update(article_count=size + 2)
        times = []
        for number in range(60):
            stories, parts = place_batch([world.text(event, 2 + number)], [f"{name}/{number}"], source=1 + number % 40)
            if stories == [story]:
                times.append(sum(parts))
        took[name] = median(times)
    return took
