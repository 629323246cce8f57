"""The ranking of the present five minutes, the same for every process and however often the cache is emptied.

It is kept in Postgres: ranking reads thousands of rows, and no reader shall wait for it because Redis was restarted.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from aggregator.models import KeptRanking
from aggregator.ranking import Facts, Standing, slot_of
from aggregator.ranks import Ranked, Ranking, Teller, rank

AHEAD = timedelta(seconds=90)  # longer than beat's tick and a waiting worker
WORTH_KEEPING = 12  # a site with fewer stories has just begun: it is ranked anew on each look, which costs little
KEPT_FOR = timedelta(hours=1)
RANKING_LOCK = 0x7A69730001  # one at a time ranks what is to come


def current_ranking(now: datetime) -> Ranking:
    """The ranking of the five minutes that `now` lies in: kept, or made now. One query where it is kept."""
    slot = slot_of(now)
    name = name_of(slot)
    if name is None:
        made = rank(slot)
        if len(made.top) < WORTH_KEEPING:
            return made
        name = keep(made)
    return kept_under(slot, name)


def rank_ahead(now: datetime) -> None:
    """Rank the five minutes that begin soon, so that no reader waits for it: it takes longer than all else of a page.

    Of several that are asked at once one does it. Where none does, the first reader of the slot does.
    """
    slot = slot_of(now + AHEAD)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [RANKING_LOCK])
        if not cursor.fetchone()[0] or name_of(slot):
            return
        made = rank(slot)
        if len(made.top) >= WORTH_KEEPING:
            keep(made)
        KeptRanking.objects.filter(slot__lt=slot - KEPT_FOR).delete()


def name_of(slot: datetime) -> UUID | None:
    """Under which name the ranking of a slot is kept; None where it is not yet. Every front page asks."""
    rows = connection.rows("SELECT name FROM aggregator_keptranking WHERE slot = %s", [slot])  # type: ignore[attr-defined]  # zisnews.postgres
    return rows[0][0] if rows else None


def keep(made: Ranking) -> UUID:
    """Keep a ranking for all processes, unless one was kept meanwhile; returns the name of the one that stands."""
    row = KeptRanking(slot=made.at, name=uuid4(), data=json.dumps(spelled(made)))
    KeptRanking.objects.bulk_create([row], ignore_conflicts=True)
    return name_of(made.at) or row.name


@lru_cache(maxsize=2)
def kept_under(slot: datetime, name: UUID) -> Ranking:
    """A kept ranking, read once by each process: reading costs as much as the rest of a page."""
    data = KeptRanking.objects.filter(slot=slot, name=name).values_list("data", flat=True).get()
    return read(json.loads(data))


def spelled(ranking: Ranking) -> dict[str, Any]:
    """A ranking as JSON takes it; moments as seconds since 1970."""
    return {
        "at": ranking.at.timestamp(),
        "stories": [
            (
                one.story,
                one.category,
                asdict(one.facts) | {name: getattr(one.facts, name).timestamp() for name in ("first_at", "newest_at")},
                asdict(one.standing),
                [(*teller[:-1], teller.published_at.timestamp()) for teller in one.tellers],
            )
            for one in ranking.stories.values()
        ],
        "top": ranking.top,
        "one_sided": ranking.one_sided,
        "shelves": ranking.shelves,
    }


def read(kept: dict[str, Any]) -> Ranking:
    """A ranking from what spelled() made of it."""
    stories = {}
    for story, category, facts, standing, told in kept["stories"]:
        facts |= {name: moment(facts[name]) for name in ("first_at", "newest_at")}
        tellers = [Teller._make((*teller[:-1], moment(teller[-1]))) for teller in told]
        stories[story] = Ranked(story, category, Facts(**facts), Standing(**standing), tellers)
    return Ranking(moment(kept["at"]), stories, kept["top"], kept["one_sided"], kept["shelves"])


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
