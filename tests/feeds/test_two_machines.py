"""Two workers on two machines share the work: no feed is taken twice, no host is asked two things at once."""

import os
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from feeds.models import Entry, Feed
from tests.documents import item, rss
from tests.factories import make_source
from tests.machines import OURS, Gateway, Machine
from tests.web import Answer, Web
from zisnews.celery import app
from zisnews.embedded import environment_of
from zisnews.places import place_of
from zisnews.processes import spawn, stop, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTS, FEEDS_A_HOST = 100, 12  # more than a pass begins with
WAVES, MOST_WAVES = 2, 8  # a machine that wakes late may find all feeds of a wave taken
ANSWER_SECONDS, GAP_SECONDS = 0.05, 0.05


class Origins(Web):
    """The publishers, where all machines reach them."""

    ip = OURS


@pytest.fixture
def origins(machines: list[Machine], tmp_path: Path) -> Iterator[Origins]:
    with Origins(tmp_path / "host-map") as origins:
        yield origins


@pytest.fixture
def workers(machines: list[Machine], origins: Origins, transactional_db: None, tmp_path: Path) -> Iterator[list]:
    """A fetching worker on each machine; Postgres and Redis are reached over the bridge."""
    place = place_of(Path(os.environ["ZIS_TEST_SERVERS"]))
    database = settings.REDIS_URL.rpartition("db=")[2]
    assert environment_of(place)["REDIS_URL"].partition("?")[0] in settings.REDIS_URL
    processes = []
    with Gateway() as gateway:
        postgres, valkey = gateway.port_to(str(place.postgres_socket)), gateway.port_to(str(place.valkey_socket))
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "zisnews.settings",
            "DATABASE_URL": f"postgres://postgres@{OURS}:{postgres}/{connection.settings_dict['NAME']}",
            "REDIS_URL": f"redis://{OURS}:{valkey}/{database}",
            "ZIS_FETCH_GAP_SECONDS": str(10 * GAP_SECONDS),
            **origins.environment,
        }
        for machine in machines:
            with (tmp_path / f"{machine.name}.log").open("wb") as output:
                processes.append(
                    spawn(
                        machine.command(sys.executable, "-m", "zisnews.jobs", "fetch"),
                        output=output,
                        env=environment | {"ZIS_FETCH_CONTACT": machine.name},
                        cwd=ROOT,
                    )
                )
        try:
            assert wait_until(lambda: len(app.control.ping(timeout=0.5)) == len(machines), 240)  # else one has it all
            yield processes
        finally:
            for process in processes:
                stop(process, signal.SIGTERM)


def make_feeds(origins: Origins, wave: int) -> None:
    """Feeds of a hundred hosts, due in such an order that both machines come to each host at the same time."""
    source = make_source()
    urls = [f"https://paper{n % HOSTS}.example/{wave}/{n}" for n in range(HOSTS * FEEDS_A_HOST)]
    for url in urls:
        origins[url] = Answer(body=rss(item(guid=url, link=f"{url}/news")), delay=ANSWER_SECONDS)
    Feed.objects.bulk_create(Feed(source=source, url=url) for url in urls)


def tick_until(is_done, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_done() and time.monotonic() < until:
        app.send_task("feeds.tasks.refresh_due_feeds", queue="fetch", expires=2)
        time.sleep(0.25)


def machines_that_asked(origins: Origins) -> int:
    return len({request.headers["user-agent"] for request in origins.requests})


def test_two_machines_share_the_feeds_and_take_turns_at_every_host(workers, origins):
    waves = 0
    while waves < WAVES or (machines_that_asked(origins) < len(workers) and waves < MOST_WAVES):
        make_feeds(origins, waves)
        tick_until(lambda: not Feed.objects.filter(checked_at=None).exists(), seconds=300)
        waves += 1

    assert Counter(request.url for request in origins.requests) == Counter(set(origins))
    assert Entry.objects.count() == waves * HOSTS * FEEDS_A_HOST
    assert machines_that_asked(origins) == len(workers)
    begins: dict[str, list[float]] = defaultdict(list)
    for request in origins.requests:
        begins[request.host].append(request.at)
    pauses = [later - earlier for moments in begins.values() for earlier, later in pairwise(sorted(moments))]
    assert len(pauses) == HOSTS * (waves * FEEDS_A_HOST - 1)
    assert min(pauses) >= ANSWER_SECONDS + GAP_SECONDS
