"""The whole way with a real worker, and what it survives: every item is stored exactly once in the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from django.db import connection

from aggregator.models import Article
from feeds.clock import database_now
from feeds.models import Entry, Feed
from tests.documents import item, page, rss
from tests.factories import make_feed
from zisnews.celery import app

FEEDS, ITEMS = 20, 15


def publish_world(web, feeds: int = FEEDS, items: int = ITEMS) -> None:
    """A world of papers, each on a host of its own, with a page behind every item."""
    for n in range(feeds):
        host = f"https://paper{n}.example"
        web[f"{host}/rss"] = rss(
            *(item(f"Headline {n}.{i}", link=f"{host}/{i}", guid=f"{n}-{i}") for i in range(items))
        )
        for i in range(items):
            web[f"{host}/{i}"] = page(f"Headline {n}.{i}")
        make_feed(url=f"{host}/rss")


def tick() -> None:
    """What beat does."""
    for task in ("feeds.tasks.refresh_due_feeds", "feeds.tasks.read_due_pages", "aggregator.tasks.publish_ready"):
        app.send_task(task)


def wait_for(done: Callable[[], bool], seconds: float = 240) -> bool:
    """Tick like beat until it is done; a killed worker's leases are let run out at once, to save three minutes."""
    stop_at = time.monotonic() + seconds
    while not done() and time.monotonic() < stop_at:
        tick()
        time.sleep(0.5)
    return done()


def let_leases_run_out() -> None:
    Feed.objects.filter(leased_until__isnull=False).update(leased_until=database_now())
    Entry.objects.filter(leased_until__isnull=False).update(leased_until=database_now())


def all_published(count: int) -> bool:
    return Article.objects.count() >= count and not Entry.objects.exclude(state="published").exists()


def test_a_worker_brings_articles_from_feeds_to_the_site(web, worker, client):
    publish_world(web, feeds=2, items=3)

    assert wait_for(lambda: all_published(6))

    assert "Headline 1.2" in client.get("/latest/").content.decode()


def start_worker(environment: dict[str, str]) -> subprocess.Popen:
    arguments = "-A zisnews.celery:app worker -Q fetch,work -P threads -c 4 --without-gossip --without-mingle -l error"
    return subprocess.Popen(
        [sys.executable, "-m", "celery", *arguments.split()], env=environment, start_new_session=True
    )


def test_workers_killed_at_any_moment_lose_nothing_and_store_nothing_twice(web, transactional_db, worker_environment):
    publish_world(web)
    for seconds in (3.0, 3.6, 4.4, 5.5):
        process = start_worker(worker_environment)
        stop_at = time.monotonic() + seconds
        while time.monotonic() < stop_at:
            tick()
            time.sleep(0.2)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        let_leases_run_out()
    process = start_worker(worker_environment)
    try:
        assert wait_for(lambda: all_published(FEEDS * ITEMS))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()

    assert Entry.objects.count() == Article.objects.count() == FEEDS * ITEMS
    assert Article.objects.values("url").distinct().count() == FEEDS * ITEMS


def test_a_worker_goes_on_after_the_database_cut_all_its_connections(web, worker):
    publish_world(web, feeds=6, items=10)
    for _ in range(6):
        tick()
        time.sleep(0.5)
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )
        let_leases_run_out()

    assert wait_for(lambda: all_published(60))
    assert Entry.objects.count() == Article.objects.count() == 60
