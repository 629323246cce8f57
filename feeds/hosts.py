"""What servers asked of us as a whole: to be left alone for a while; robots.txt and reservations.

Postgres holds the truth, Redis what batches that run anywhere must see at once.
"""

from collections.abc import Iterable

from feeds.models import Host


def known(names: Iterable[str]) -> dict[str, Host]:
    """What we know of these hosts, by name; a host we know nothing of is missing."""
    return Host.objects.in_bulk(list(names))
