"""How many pages of articles a second are read and published: the last part of `ingest`, alone."""

from collections.abc import Iterator

from zisnews.bench import Line
from zisnews.bench.ingest import FEEDS, ITEMS, Stopwatch, add_feeds, one_pass, pages
from zisnews.bench.publishers import Publishers
from zisnews.embedded import Servers


def measure(servers: Servers) -> Iterator[Line]:
    from django.conf import settings  # noqa: PLC0415  Django is set up by now, not when this module loads

    with Publishers(servers.place.data, count=FEEDS, items=ITEMS) as publishers:
        settings.ZIS_FETCH_HOST_MAP = publishers.host_map
        add_feeds(publishers)
        one_pass()
        yield from pages(Stopwatch(servers, publishers))
