"""How fast feeds come in and pages become articles, through the functions that Celery's tasks call."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from statistics import median

from zisnews.bench import Line
from zisnews.bench.publishers import Publishers
from zisnews.bench.surroundings import cpu_seconds, memory_mb, processes_below
from zisnews.embedded import Servers
from zisnews.environment import ROOT

FEEDS, ITEMS = 500, 30
HOSTS, FEEDS_A_HOST = 250, 20
PAGES, FIRST_PAGES = 600, 40  # pages that are read before the clock runs, by children that load what they need
ROUNDS = 5
MEMORY_PASSES = 100


def measure(servers: Servers) -> Iterator[Line]:
    from django.conf import settings  # noqa: PLC0415  Django is set up by now, not when this module loads

    with Publishers(servers.place.data, count=FEEDS, items=ITEMS) as publishers:
        settings.ZIS_FETCH_HOST_MAP = publishers.host_map
        add_feeds(publishers)
        stopwatch = Stopwatch(servers, publishers)
        yield from cold(stopwatch, publishers)
        yield from unchanged(stopwatch, publishers)
        yield from crowded(stopwatch, publishers)
        yield from with_news(stopwatch, publishers)
        yield from memory(stopwatch)
        yield from pages(stopwatch)


class Stopwatch:
    """Wall time, and the CPU time of ourselves, our children, Postgres and Valkey; not of the publishers."""

    def __init__(self, servers: Servers, publishers: Publishers) -> None:
        self.postgres, self.valkey = (servers.processes[name].pid for name in ("postgres", "valkey"))
        self.others = {publishers.pid}

    def time(self, work: Callable[[], object]) -> tuple[float, float]:
        """(wall, CPU) seconds of a piece of work."""
        cpu, wall = self.cpu(), time.perf_counter()
        work()
        return time.perf_counter() - wall, self.cpu() - cpu

    def cpu(self) -> float:
        return cpu_seconds(os.getpid(), self.postgres, self.valkey, without=self.others)

    def cpu_by_part(self, publisher: int) -> dict[str, float]:
        """CPU seconds so far of those that read, of the process that publishes, and of Postgres."""
        elsewhere = processes_below(self.postgres, self.valkey, publisher)
        return {
            "reading": cpu_seconds(os.getpid(), without=self.others | elsewhere),
            "publishing": cpu_seconds(publisher),
            "postgres": cpu_seconds(self.postgres),
            "valkey": cpu_seconds(self.valkey),
        }

    def children(self) -> set[int]:
        """Our own children that read documents: the sandboxes."""
        ours = processes_below(os.getpid()) - processes_below(self.postgres, self.valkey) - self.others
        return ours - {os.getpid()}


def add_feeds(publishers: Publishers) -> None:
    """A source with one feed for each publisher, all due."""
    from feeds.models import Category, Country, Feed, Source  # noqa: PLC0415

    category, _ = Category.objects.get_or_create(slug="general", defaults={"position": 0})
    country, _ = Country.objects.get_or_create(iso="GB")
    sources = Source.objects.bulk_create(
        Source(
            name=f"Paper {number}",
            slug=f"paper-{number}",
            site_url=f"https://paper-{number}.example/",
            country=country,
            category=category,
            language="en",
        )
        for number in range(publishers.count)
    )
    Feed.objects.bulk_create(Feed(source=source, url=f"{source.site_url}feed.xml") for source in sources)


def one_pass() -> None:
    """Ask every feed, as a worker does: batch after batch."""
    from feeds.clock import database_now  # noqa: PLC0415
    from feeds.ingestion import refresh_due  # noqa: PLC0415
    from feeds.models import Feed  # noqa: PLC0415
    from feeds.settling import settle  # noqa: PLC0415

    Feed.objects.check_now(database_now())
    while refresh_due().feeds:
        pass
    settle()


def entry_count() -> int:
    from feeds.models import Entry  # noqa: PLC0415

    return Entry.objects.count()


def cold(stopwatch: Stopwatch, publishers: Publishers) -> Iterator[Line]:
    wall, cpu = stopwatch.time(one_pass)
    count = entry_count()
    expect(count, publishers.count * publishers.items, "entries after the first pass")
    load = round(os.getloadavg()[0], 1)  # of the minute before: neighbours make all of this slower
    detail = {"feeds": publishers.count, "entries": count, "cpu": round(cpu, 2), "load": load, "bar": 5}
    yield Line("ingest.cold", round(wall, 3), "s", detail)


def unchanged(stopwatch: Stopwatch, publishers: Publishers) -> Iterator[Line]:
    for name, delay, spread, bar in (("ingest.unchanged", 0, 0, 0.5), ("ingest.unchanged_slow", 120, 80, 1.5)):
        publishers.wait(delay, spread)
        before = publishers.answers()["304"]
        times = [stopwatch.time(one_pass) for _ in range(ROUNDS)]
        expect(publishers.answers()["304"] - before, ROUNDS * publishers.count, "answers 304")
        detail: dict[str, object] = {
            "feeds": publishers.count,
            "cpu_ms_a_feed": round(median(cpu for _, cpu in times) / publishers.count * 1000, 2),
            "best": round(min(wall for wall, _ in times), 3),
            "rounds": ROUNDS,
            "bar": bar,
        }
        if delay:
            detail["answers_ms"] = f"{delay} ± {spread}"
        yield Line(name, round(median(wall for wall, _ in times), 3), "s", detail)
    publishers.wait(0, 0)


def crowded(stopwatch: Stopwatch, publishers: Publishers) -> Iterator[Line]:
    """Many feeds at each host, whose answers come late: how long hosts stand idle between two of their feeds."""
    from feeds.clock import database_now  # noqa: PLC0415
    from feeds.ingestion import keep_refreshing  # noqa: PLC0415
    from feeds.models import Feed  # noqa: PLC0415

    firsts = list(Feed.objects.order_by("pk")[:HOSTS])
    for part in range(FEEDS_A_HOST):  # a few at a time: what this process holds at most is measured later
        Feed.objects.bulk_create(
            Feed(source_id=first.source_id, url=f"{first.url}?part={part}", etag=first.etag) for first in firsts
        )
    parts = Feed.objects.filter(url__contains="?part=")
    publishers.wait(120, 80)
    rates, costs = [], []
    for _ in range(ROUNDS):
        began_at = database_now()
        parts.check_now(began_at)
        before = publishers.answers()["304"]
        due = parts.filter(next_check_at__lte=began_at)
        wall, cpu = stopwatch.time(partial(keep_refreshing, among=due))
        answers = publishers.answers()["304"] - before
        rates.append(answers / wall)
        costs.append(cpu / answers * 1000)
    publishers.wait(0, 0)
    parts.delete()
    detail = {
        "feeds": HOSTS * FEEDS_A_HOST,
        "hosts": HOSTS,
        "answers_ms": "120 ± 80",
        "cpu_ms_a_feed": round(median(costs), 2),
        "best": round(max(rates)),
        "rounds": ROUNDS,
        "bar": 1_000,
    }
    yield Line("ingest.crowded", round(median(rates)), "feeds/s", detail)


def with_news(stopwatch: Stopwatch, publishers: Publishers) -> Iterator[Line]:
    times = []
    for _ in range(ROUNDS):
        before = entry_count()
        new = publishers.publish(0.1, 3)
        times.append(stopwatch.time(one_pass))
        expect(entry_count() - before, new, "new entries")
    detail = {
        "feeds": publishers.count,
        "entries": new,
        "cpu": round(median(cpu for _, cpu in times), 2),
        "rounds": ROUNDS,
        "bar": 0.8,
    }
    yield Line("ingest.news", round(median(wall for wall, _ in times), 3), "s", detail)


def memory(stopwatch: Stopwatch) -> Iterator[Line]:
    """What the process that fetches holds at most, and whether tens of thousands more fetches let it grow."""
    before = memory_mb(os.getpid())
    for _ in range(MEMORY_PASSES):
        one_pass()
    detail = {
        "fetches": MEMORY_PASSES * FEEDS,
        "grown": round(memory_mb(os.getpid()) - before, 1),
        "sandboxes": [round(memory_mb(child)) for child in stopwatch.children()],
        "bar": 150,
    }
    yield Line("ingest.memory", round(memory_mb(os.getpid(), "VmHWM"), 1), "MB", detail)


def pages(stopwatch: Stopwatch) -> Iterator[Line]:
    """Pages read by one process (and its sandboxes) and published by another, as the two workers do."""
    from feeds.reading import keep_reading  # noqa: PLC0415

    choose_pages(FIRST_PAGES)
    with Publisher() as publishing:
        while keep_reading():
            pass
        wait_for_articles(FIRST_PAGES)
        with_text = full_text_count()
        choose_pages(PAGES)
        cpu, began_at = stopwatch.cpu_by_part(publishing), time.perf_counter()
        while keep_reading():
            pass
        read_seconds = time.perf_counter() - began_at
        articles = wait_for_articles(FIRST_PAGES + PAGES) - FIRST_PAGES
        wall = time.perf_counter() - began_at
        used = {part: now - cpu[part] for part, now in stopwatch.cpu_by_part(publishing).items()}
    detail = {
        "pages": PAGES,
        "articles": articles,
        "with_text": full_text_count() - with_text,
        "wall": round(wall, 2),
        "read_alone": round(PAGES / read_seconds, 1),
        "cpu_ms_a_page": {part: round(seconds / PAGES * 1000, 1) for part, seconds in used.items()},
        "bar": 45,
    }
    yield Line("ingest.pages", round(PAGES / wall, 2), "pages/s", detail)


def choose_pages(count: int) -> None:
    """Leave so many entries, spread over all feeds, to be read now; the others' turn comes tomorrow."""
    from feeds.clock import database_now  # noqa: PLC0415
    from feeds.models import Entry  # noqa: PLC0415

    unread = Entry.objects.filter(state="new")
    everything = list(unread.order_by("identity").values_list("pk", flat=True))
    chosen = everything[:: len(everything) // count][:count]
    unread.filter(pk__in=chosen).update(read_after=database_now())
    unread.exclude(pk__in=chosen).update(read_after=database_now() + timedelta(days=1))


class Publisher:
    """A process that publishes what is ready, until the block ends; gives its id."""

    def __enter__(self) -> int:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "zisnews.bench.publishing"],
            cwd=ROOT,
            start_new_session=True,  # it ends when we do; a Ctrl-C is ours to handle
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout
        self.process.stdout.readline()
        return self.process.pid

    def __exit__(self, *exception: object) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def wait_for_articles(count: int) -> int:
    from feeds.models import Entry  # noqa: PLC0415

    left = Entry.objects.filter(state__in=["new", "ready"], attempts__gt=0)
    deadline = time.monotonic() + 120
    while left.exists() and time.monotonic() < deadline:
        time.sleep(0.1)  # to ask is work too
    done = Entry.objects.filter(state="published").count()
    expect(done, count, "published entries")
    return done


def full_text_count() -> int:
    """Articles that have the text of their page, not only what the feed said."""
    from aggregator.models import Article  # noqa: PLC0415

    return Article.objects.filter(word_count__gte=500).count()


def expect(found: int, wanted: int, what: str) -> None:
    """A benchmark that did not do the work measures nothing."""
    if found != wanted:
        raise SystemExit(f"zis: the benchmark went wrong: {found} {what} instead of {wanted}.")
