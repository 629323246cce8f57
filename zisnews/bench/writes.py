"""How many likes and comments a second a site takes through HTTP, on one article and on many, and are all counted?

Two web processes serve readers who are logged in, so many of them at once. Everybody likes and takes it back in turns;
whoever comments does it once, for a reader may not write as fast as this.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from statistics import median
from typing import Any

from zisnews.bench import Line
from zisnews.bench.crowd import Deed, Person, Told, deadlocks, do, lost, make_people, miscounted, p95_of, warm, web
from zisnews.bench.surroundings import cpu_seconds
from zisnews.embedded import Servers

AT_ONCE = (8, 32)
LIKES = 1_200  # a reader may send 60 a minute
MANY = 100  # articles
BAR_LIKES = 200

Act = tuple[Person, Deed]


def measure(servers: Servers) -> Iterator[Line]:
    """Likes and comments a second; then what was lost and miscounted of all of them."""
    from django.core.management import call_command  # noqa: PLC0415  Django is set up by now, not when this loads

    call_command("collectstatic", interactive=False, verbosity=0)
    before, missing = deadlocks(), 0
    for kind in ("like", "comment"):
        for where in ("one", "many"):
            for at_once in AT_ONCE:
                article, people = make_people(f"writes-{kind}-{where}-{at_once}")
                articles = [article.pk] if where == "one" else others_like(article)
                acts = likes(people, articles) if kind == "like" else comments(people, articles)
                with web(servers) as (process, port):
                    told, seconds, used = asyncio.run(rush(acts, article, port, at_once, process.pid))
                missing += lost(told)
                times = told.times[kind]
                detail: dict[str, Any] = {"p50": round(median(times), 1), "p95": p95_of(times), "n": len(times)}
                detail |= {"web_cpu_ms": round(1000 * used / len(times), 1), "failed": len(told.failed)}
                if kind == "like":
                    detail["bar"] = BAR_LIKES
                yield Line(f"writes.{kind}.{where}.{at_once}", round(len(times) / seconds, 1), "a second", detail)
    yield Line("writes.lost", missing, "comments", {"bar": 0})
    yield Line("writes.miscounted", miscounted(), "rows", {"bar": 0})
    yield Line("writes.deadlocks", deadlocks() - before, "", {"bar": 0})


def others_like(article: Any) -> list[int]:
    """More articles of its source."""
    from aggregator.models import Article  # noqa: PLC0415  after django.setup()

    made = Article.objects.bulk_create(
        Article(
            source=article.source, title="Council votes", slug="council-votes", category_id=article.category_id,
            url=f"{article.url}-{n}", published_at=article.published_at, seen_at=article.seen_at,
        )
        for n in range(MANY)
    )  # fmt: skip
    return [one.pk for one in made]


def likes(people: Sequence[Person], articles: Sequence[int]) -> list[Act]:
    """Everybody in turns, on one article after the other: they like it, and at the next turn take that back."""
    chosen = cycle(articles)
    acts: list[Act] = []
    for number, person in enumerate(islice(cycle(people), LIKES)):
        kind = "none" if number // len(people) % 2 else "like"
        acts.append((person, ("like", f"/article/{next(chosen)}/reaction/", {"kind": kind})))
    return acts


def comments(people: Sequence[Person], articles: Sequence[int]) -> list[Act]:
    return [
        (person, ("comment", f"/article/{pk}/comments/", {"body": f"What I think of it, {person.number}, is this."}))
        for person, pk in zip(people, cycle(articles), strict=False)
    ]


async def rush(acts: Sequence[Act], article: Any, port: int, at_once: int, process: int) -> tuple[Told, float, float]:
    """Do all of it, so much at once; returns also the seconds that took, and those of CPU of the web processes."""
    import aiohttp  # noqa: PLC0415  only for what asks

    told, waiting = Told(), iter(acts)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)  # gunicorn closes after 5
    address = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession(address, connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        await warm(session, article)

        async def go_on() -> None:
            for person, deed in waiting:
                await do(session, person, deed, told)

        used, began = cpu_seconds(process), time.perf_counter()
        await asyncio.gather(*(go_on() for _ in range(at_once)))
        return told, time.perf_counter() - began, cpu_seconds(process) - used
