"""Who is taken when more wait than can be taken: some of each host, so that one with much keeps no other waiting.

However many wait, only the front of them is looked at: the querysets given here are ordered along an index.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

FRONT = 5_000  # rows looked at in one go: less, and hosts idle whose rows are all behind
LOOKS = 5  # each passes over the hosts that are full by then
# At rows that no other worker takes at this very moment; with five, one of four that began at once got 73 of 100.
TRIES = 20


def lease_fairly(
    waiting: QuerySet[Any], limit: int, *, per_host: int, taken: Counter[str | None], lease: dict[str, Any]
) -> list[Any]:
    """Take up to `limit` rows of an ordered queryset for ourselves, by setting the fields of `lease`.

    per_host: no host gets more of its rows taken, with those `taken` already
    Rows another worker is taking at this moment are passed over, not waited for: the next ones are tried.
    To be called in a transaction. The rows come as they were before, in the queryset's order.
    """
    rows: list[Model] = []
    tried: list[int] = []
    for _ in range(TRIES):
        ids = fair_share(waiting, limit - len(rows), per_host=per_host, taken=taken, but=tried)
        if not ids:
            break
        ours = list(waiting.filter(pk__in=ids).select_for_update(skip_locked=True, of=("self",)))
        waiting.model._default_manager.filter(pk__in=[row.pk for row in ours]).update(**lease)
        rows += ours
        tried += ids
        if len(ours) == len(ids):
            break
    return rows


def fair_share(
    waiting: QuerySet[Any], limit: int, *, per_host: int, taken: Counter[str | None], but: Collection[int] = ()
) -> list[int]:
    """Ids of the first rows, at most `per_host` of each host; ``taken`` counts those that are, and goes on counting.

    Each host's first comes before any host's second: the more hosts are asked at once, the sooner all are done.
    """
    chosen: list[int] = []
    for _ in range(LOOKS):
        full = [host for host, count in taken.items() if count >= per_host]
        others = waiting.exclude(host__in=full) if full else waiting
        seen = [*but, *chosen]
        front = list((others.exclude(pk__in=seen) if seen else others).values_list("pk", "host")[:FRONT])
        for pk, host in in_rounds(front, taken, per_host)[: limit - len(chosen)]:
            taken[host] += 1
            chosen.append(pk)
        if len(chosen) == limit or len(front) < FRONT:
            break
    return chosen


def in_rounds(
    rows: Iterable[tuple[int, str | None]], taken: Mapping[str | None, int], per_host: int
) -> list[tuple[int, str | None]]:
    """Sort rows (id, host) so that hosts take turns, in the order of their first ones; what exceeds a share is left."""
    counts = Counter(taken)
    rounds: list[list[tuple[int, str | None]]] = [[] for _ in range(per_host)]
    for pk, host in rows:
        if counts[host] < per_host:
            rounds[counts[host]].append((pk, host))
            counts[host] += 1
    return [row for turn in rounds for row in turn]


def taken_by_host(front: str, now: datetime) -> Counter[str | None]:
    """How many rows of each host are leased at the moment, among those at the front.

    front: the SELECT that gives host and leased_until of the rows in their order, whether leased or not
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT host, count(*) FROM ({front} LIMIT {FRONT}) AS front WHERE leased_until > %(now)s GROUP BY host",  # noqa: S608  constants
            {"now": now},
        )
        return Counter(dict(cursor.fetchall()))
