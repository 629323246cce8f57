"""How long from a feed offering an article to its page being on the site, with the real workers and many sources.

The clock starts when an item stands in its feed and every feed has become due: how often a feed is asked is another
matter (feeds/scheduling.py), and what its hub pushes is asked for at once.
"""

import time
from collections.abc import Iterator
from statistics import median, quantiles

from zisnews.bench import Line
from zisnews.bench.crew import Crew
from zisnews.bench.faults import PATIENCE_SECONDS
from zisnews.bench.ingest import add_feeds, one_pass
from zisnews.bench.ledger import key_of
from zisnews.bench.publishers import WildPublishers
from zisnews.embedded import Servers

SOURCES, ITEMS = 2_000, 10
SHARE, NEWS = 0.1, 3
ROUNDS = 3


def measure(servers: Servers) -> Iterator[Line]:
    from django.conf import settings  # noqa: PLC0415  Django is set up by now, not when this module loads

    from feeds.models import Entry  # noqa: PLC0415

    folder = servers.place.data
    with WildPublishers(folder, count=SOURCES, items=ITEMS) as publishers:
        settings.ZIS_FETCH_HOST_MAP = publishers.host_map
        add_feeds(publishers)
        one_pass()
        Entry.objects.update(state=Entry.State.PUBLISHED)  # what stood there before is not measured
        with Crew(folder, publishers.host_map):
            seconds = [lag for _ in range(ROUNDS) for lag in a_round(publishers)]
    detail = {
        "p50": round(median(seconds), 1),
        "longest": round(max(seconds), 1),
        "sources": SOURCES,
        "articles": len(seconds),
        "rounds": ROUNDS,
        "bar": 60,
    }
    yield Line("lag.offered_to_page_p95", round(quantiles(seconds, n=20)[-1], 1), "s", detail)


def a_round(publishers: WildPublishers) -> list[float]:
    """Let some publish, make all feeds due, and wait for the articles; how long each took, in seconds."""
    from feeds.clock import database_now  # noqa: PLC0415
    from feeds.models import Feed  # noqa: PLC0415

    before = time.time()
    count = publishers.publish(SHARE, NEWS)
    Feed.objects.check_now(database_now())
    offered = {(publisher, number): at for publisher, number, at, _ in publishers.ledger() if at >= before}
    assert len(offered) == count
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        arrived = arrivals(before)
        if offered.keys() <= arrived.keys() or time.monotonic() > deadline:
            return [arrived.get(key, time.time()) - at for key, at in offered.items()]
        time.sleep(1)


def arrivals(since: float) -> dict[tuple[int, int], float]:
    """When each article that is on the site since then came there."""
    from aggregator.models import Article  # noqa: PLC0415

    rows = Article.objects.order_by("-pk").values_list("url", "added_at")
    return {key: at.timestamp() for url, at in rows if at.timestamp() >= since and (key := key_of(url))}
