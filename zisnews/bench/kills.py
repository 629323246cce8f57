"""A trial: is everything stored exactly once though workers, Postgres and Valkey die again and again?

Workers are killed (SIGKILL) in the middle of their work, Postgres is stopped as by a crash ("immediate"), Valkey
loses all it held; each is started anew. Publishers go on publishing.
"""

import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from zisnews.bench import Line
from zisnews.bench.crew import WORKERS, Crew
from zisnews.bench.faults import NEWS_PER_SECOND, PUBLISHERS, ask_all
from zisnews.bench.ingest import add_feeds
from zisnews.bench.ledger import Judgement, judge
from zisnews.bench.publishers import WildPublishers
from zisnews.embedded import Servers

ITEMS = 10
KILLS, RESTARTS, WIPES = 50, 20, 5
PATIENCE_SECONDS = 900  # leases of the dead run out after three minutes


def measure(servers: Servers, seconds: float) -> Iterator[Line]:
    """Spread the blows over so many seconds, in an order drawn by seed, then wait until everything is whole."""
    folder = servers.place.data
    with WildPublishers(folder, count=PUBLISHERS, items=ITEMS) as publishers:
        add_feeds(publishers)
        with Crew(folder, publishers.host_map) as crew:
            chance = random.Random(1)  # noqa: S311  no secret
            blows: list[Callable[[], None]] = [lambda: crew.kill(chance.choice(WORKERS))] * KILLS
            blows += [lambda: crash_postgres(servers)] * RESTARTS + [lambda: wipe_valkey(servers)] * WIPES
            chance.shuffle(blows)
            for blow in blows:
                blow()
                go_on(publishers, crew, seconds / len(blows))
            began_at = time.monotonic()
            found = wait_until_whole(publishers, crew)
            whole_after = time.monotonic() - began_at
    detail = {"worker_kills": KILLS, "postgres_crashes": RESTARTS, "valkey_wipes": WIPES, "seconds": seconds}
    yield Line("kills.lost", found.lost, "items", {"offered": found.offered, "bar": 0} | detail)
    doubled = {"entries": found.entries_doubled, "articles": found.articles_doubled, "bar": 0}
    yield Line("kills.doubled", found.entries_doubled + found.articles_doubled, "items", doubled)
    yield Line("kills.whole_again", round(whole_after, 1), "s", {"is_whole": found.is_whole})


def crash_postgres(servers: Servers) -> None:
    process = servers.processes["postgres"]
    process.send_signal(signal.SIGQUIT)  # what pg_ctl calls "immediate"
    process.wait()
    servers.launch("postgres")
    servers.wait_for("postgres")


def wipe_valkey(servers: Servers) -> None:
    """Valkey comes back without anything it held: queue, cache, turns at hosts."""
    process = servers.processes["valkey"]
    process.kill()
    process.wait()
    shutil.rmtree(servers.place.valkey)
    servers.launch("valkey")
    servers.wait_for("valkey")


def go_on(publishers: WildPublishers, crew: Crew, seconds: float) -> None:
    """Publish and ask for a while; our own questions may meet a server that is away."""
    stop_at = time.monotonic() + seconds
    while time.monotonic() < stop_at:
        publishers.publish(NEWS_PER_SECOND, 1)
        patiently(lambda: ask_all(crew))
        time.sleep(1)


def patiently(ask: Callable[[], object]) -> None:
    """Ask the servers something; a connection they have cut is opened anew next time."""
    from django.db import OperationalError, close_old_connections  # noqa: PLC0415  after django.setup()
    from kombu.exceptions import OperationalError as BrokerAway  # noqa: PLC0415

    with suppress(OperationalError, BrokerAway):
        close_old_connections()
        ask()


def wait_until_whole(publishers: WildPublishers, crew: Crew) -> Judgement:
    """Go on asking until all that was ever printed is published, or patience ends; returns how it stands then."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        patiently(lambda: ask_all(crew))
        found = judge({(publisher, number) for publisher, number, *_ in publishers.ledger()})
        if found.is_whole or time.monotonic() > deadline:
            return found
        time.sleep(1)
