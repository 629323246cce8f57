"""How fast do new articles find their stories among 300,000 articles of three days, and among twice as many?

A worker of its own places articles in batches, as publishing does: it weighs their words, looks for stories, and under
the lock stores articles and stories; what else publishing does (search, pictures, copies) is left out. Two thirds of
the articles tell of events that stand. CPU is the worker's and its Postgres backend's together: one core's work.
"""

import json
import os
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise
from multiprocessing import get_context
from statistics import median
from typing import Any

from zisnews.bench import Line
from zisnews.bench.eventful import KINDS, World, moments, replaced
from zisnews.bench.surroundings import cpu_seconds, memory_mb

ACTIVE = 300_000
SEED, SOURCES, COUNTRIES = 6, 800, 40
PLACED, BATCH, WARM = 1_500, 50, 6  # articles; in a batch; batches before the clock runs
SAMPLE = 2_000  # articles that the frequencies of terms are taken from
DAYS_KNOWN = 10  # a month of articles was counted: so many times three days
TOGETHER = 25
LARGE = 10_000
PLACED_FROM = 1_000_000_000  # the numbers of stories that are made while the clock runs; the others are their event's
BAR_PER_SECOND, BAR_MB = 200, 400


def measure(servers: Any) -> Iterator[Line]:
    """Articles a second at N and 2N with the worker's memory; two workers at once; a story of 10,000."""
    world = World(SEED)
    site = Site(world)
    per_second = []
    for active in (ACTIVE, 2 * ACTIVE):
        site.grow_to(active)
        found = ask(place_many, site.events, active)
        per_second.append(BATCH / found["cpu"])
        name = f"stories.placed.{active // 1000}k"
        yield Line(name, round(per_second[-1], 1), "articles/s", detail_of(found, active, BAR_PER_SECOND))
        yield Line(f"stories.ms.{active // 1000}k", round(found["cpu"] / BATCH * 1000, 2), "ms", parts_of(found))
        yield Line(f"stories.memory.{active // 1000}k", round(found["memory"]), "MB", {"bar": BAR_MB})
    yield Line("stories.twice", round(per_second[0] / per_second[1], 2), "times", {"is": "cost at 2N, of that at N"})
    yield together(site)
    yield large(site)


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


class Site:
    """What stands before the first article is placed."""

    def __init__(self, world: World) -> None:
        from django.db import connection  # noqa: PLC0415  Django is set up by now, not when this module loads

        from feeds.models import Country, Source  # noqa: PLC0415

        self.world, self.connection = world, connection
        self.now = datetime.now(UTC)
        self.events = self.articles = 0
        codes = [f"{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(COUNTRIES)]
        Country.objects.bulk_create([Country(iso=code) for code in codes], ignore_conflicts=True)
        Source.objects.bulk_create(
            Source(name=f"Paper {n}", slug=f"paper-{n}", site_url=f"https://p{n}.example/", country_id=codes[n % 40])
            for n in range(SOURCES)
        )
        self.sources = dict(Source.objects.order_by("pk").values_list("pk", "country_id"))
        self.frequencies, self.documents = self.counted()
        self.profiles = [self.profile(kind) for kind in range(KINDS)]

    def counted(self) -> tuple[dict[str, int], int]:
        """In how many articles of a month each term stands, from a sample."""
        from collections import Counter  # noqa: PLC0415

        from aggregator.finding.features import weigh  # noqa: PLC0415
        from aggregator.frequencies import ALL_DOCUMENTS, add_frequencies  # noqa: PLC0415

        counts: Counter[str] = Counter()
        for event in range(SAMPLE):
            text = self.world.text(event * 7, 0)
            counts.update(weigh(text.title, text.lead, text.body, "en").terms.keys())
        documents = DAYS_KNOWN * ACTIVE
        known = {term: count * documents // SAMPLE if count > 1 else 20 for term, count in counts.items()}
        add_frequencies(known | {ALL_DOCUMENTS: documents})
        return known, documents

    def profile(self, kind: int) -> tuple[str, list[str]]:
        """What a story of this kind is compared and found by, its own words left open."""
        from aggregator.finding.features import features, weigh  # noqa: PLC0415
        from aggregator.finding.profiles import begun, index_terms  # noqa: PLC0415

        text = self.world.text_of_kind(kind, 0)
        found = features(weigh(text.title, text.lead, text.body, "en"), self.frequencies, self.documents)
        profile = begun(found, self.now)
        return json.dumps(profile.as_json()), index_terms(profile)

    def grow_to(self, active: int) -> None:
        """Add stories of the last three days until so many articles stand."""
        from aggregator.looking import hash_of, stretches_between  # noqa: PLC0415
        from aggregator.models import Article, Story  # noqa: PLC0415
        from zisnews.bench.filling.copying import Copier  # noqa: PLC0415

        sizes: list[int] = []
        event = self.events
        while self.articles + sum(sizes) < active:
            sizes += [self.world.size(event + n) for n in range(2_000)]
            event += 2_000
        source_ids = list(self.sources)
        stories: list[tuple[Any, ...]] = []
        articles: list[tuple[Any, ...]] = []
        listed = StringIO()
        times = list(moments(len(sizes), self.now - timedelta(minutes=1), 71))
        for number, (size, at) in enumerate(zip(sizes, times, strict=True)):
            event = self.events + number
            own = self.world.own(event)
            spelled, terms = self.profiles[event % KINDS]
            profile, terms = json.loads(replaced(spelled, own)), [replaced(term, own) for term in terms]
            tellers = [source_ids[(event * 13 + n) % SOURCES] for n in range(size)]
            countries = [self.sources[source] for source in set(tellers)]
            voices = {country: countries.count(country) for country in set(countries)}
            until = min(at + timedelta(minutes=7 * size), self.now)
            stories.append((event + 1, f"Event {event}", "event", "general", size, len(countries), len(voices),
                            voices, at, until, profile, terms))  # fmt: skip
            for n, source in enumerate(tellers):
                articles.append((event + 1, source, "general", f"https://x.example/{event}/{n}", f"Event {event}",
                                 "event", "en", at, at))  # fmt: skip
            for stretch in stretches_between(at, until):
                for term in {hash_of(term) for term in terms}:
                    listed.write(f"{stretch}\t{term}\t{event + 1}\n")
        Copier(Story, ("id", "title", "slug", "category", "article_count", "source_count", "country_count", "voices",
                       "first_at", "newest_at", "profile", "key_terms")).copy(stories)  # fmt: skip
        Copier(Article, ("story", "source", "category", "url", "title", "slug", "language", "published_at",
                         "seen_at")).copy(articles)  # fmt: skip
        listed.seek(0)
        with self.connection.cursor() as cursor:
            cursor.copy_expert("COPY aggregator_storyterm (stretch, term, story_id) FROM STDIN", listed)
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('aggregator_story', 'id'), %s)", [PLACED_FROM + self.events]
            )
            for table in ("story", "article", "storyterm", "documentfrequency"):
                cursor.execute(f"VACUUM ANALYZE aggregator_{table}")
        self.events += len(sizes)
        self.articles += sum(sizes)


def ask(work: Any, *arguments: Any) -> Any:
    """What a function returns in a process of its own, whose memory is that of a worker."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=answer, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        process.join()


def answer(pipe: Any, work: Any, arguments: Sequence[Any]) -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zisnews.settings")
    django.setup()
    pipe.send(work(*arguments))


def place_many(events: int, active: int) -> dict[str, Any]:
    """Place batches of articles; seconds of a batch, by part, and how many found what they tell of."""
    from django.db import connection  # noqa: PLC0415

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


PARTS = ("weighing", "looking", "in_lock")


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


def together(site: Site) -> Line:
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


def place_first(barrier: Any, worker: int) -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zisnews.settings")
    django.setup()
    world = World(SEED)
    for number in range(TOGETHER):
        text = world.text(70_000_000 + number, 0)
        barrier.wait(timeout=60)
        place_batch([text], [f"first/{number}/{worker}"])


def large(site: Site) -> Line:
    """What one more article costs a story of ten thousand, beside one of two."""
    found = ask(place_in_large)
    detail = {"ms_of_large": round(found["large"] * 1000, 2), "ms_of_small": round(found["small"] * 1000, 2)}
    return Line(f"stories.of_{LARGE}", round(found["large"] / found["small"], 2), "times", detail | {"bar": 1.5})


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
