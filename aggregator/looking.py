"""Finds the stories that may be about the same event, by terms they share: an inverted index in Postgres.

A story stands in it under each of its index terms for each stretch of three days that its articles fall into, so what
is read is bounded by what those days brought, however old the site is. Of an article's terms the rarest are looked up,
as many as are worth reading: how much they are worth is how rare they are (inverse document frequency, squared).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import log
from zlib import crc32

from django.db import connection

from aggregator.finding.choosing import TIME_GATE
from aggregator.models import StoryTerm

CANDIDATES = 12
ASKED_FOR = 2 * CANDIDATES  # some of what is found lies beyond the gate, or has become part of another
# Reading what stories are compared by takes most of an article's time: those are passed over that share much less than
# the nearest one does, beyond the first few.
FIRST_FEW, SHARE_OF_NEAREST = 4, 0.3
STRETCH = timedelta(days=3)
FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
LEAST_TERMS, MOST_OCCURRENCES = 3, 40_000  # looked up: at least so many terms, and while so many articles have them

# Each of those who look sees only its own: so little is sorted at once. The terms of all come as one row of terms.
FIND = f"""
SELECT n, story_id FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[]) WITH ORDINALITY
    AS asked (since, until, first_term, last_term, n)
CROSS JOIN LATERAL (
    SELECT story_id, worth, row_number() OVER () AS place, max(worth) OVER () AS most FROM (
        SELECT found.story_id, sum(term.worth)::float8 / (max(days) - min(days) + 1) AS worth
        FROM generate_series(since, until) AS days
        CROSS JOIN unnest((%s::int[])[first_term:last_term], (%s::int[])[first_term:last_term])
            AS term (hash, worth)
        CROSS JOIN LATERAL (
            SELECT story_id FROM aggregator_storyterm AS listed
            WHERE listed.stretch = days::int2 AND listed.term = term.hash AND listed.story_id > %s
            OFFSET 0
        ) AS found
        GROUP BY 1 ORDER BY worth DESC, story_id DESC LIMIT {ASKED_FOR}
    ) AS summed
) AS placed
WHERE place <= {FIRST_FEW} OR worth >= {SHARE_OF_NEAREST} * most ORDER BY n, place
"""  # noqa: S608 - built from the numbers above


@dataclass(slots=True)
class Sought:
    """What is looked for: stories near a moment, or near a stretch of time, that share these terms.

    terms: hash → what sharing it is worth
    """

    terms: Mapping[int, int]
    since: datetime
    until: datetime
    found: list[int] = field(default_factory=list)  # ids, the nearest first

    @property
    def stretches(self) -> range:
        return stretches_between(self.since - TIME_GATE, self.until + TIME_GATE)


def stretches_between(since: datetime, until: datetime) -> range:
    return range((since - FIRST_DAY) // STRETCH, (until - FIRST_DAY) // STRETCH + 1)


def hash_of(term: str) -> int:
    """A number that Postgres' int4 holds. Where two terms share one, a story more is looked at."""
    return crc32(term.encode()) - 2**31


def worth_of(terms: Iterable[str], frequencies: Mapping[str, int], documents: int) -> dict[int, int]:
    """The terms worth looking up, by hash, with what sharing each is worth: the rarest first, until they cost much."""
    chosen: dict[int, int] = {}
    occurrences = 0
    for term in sorted(terms, key=lambda term: (frequencies.get(term, 0), term)):
        occurrences += frequencies.get(term, 0)
        if len(chosen) >= LEAST_TERMS and occurrences > MOST_OCCURRENCES:
            break
        rarity = log((documents + 2) / (min(frequencies.get(term, 0), documents) + 1))
        chosen[hash_of(term)] = round(1000 * rarity**2)  # whole numbers add up to the same in any order
    return chosen


def find(sought: Sequence[Sought], *, after: int = -1) -> list[list[int]]:
    """The ids of the stories that share most with each of these, the nearest first. One query.

    after: only stories of a greater number
    """
    asked: list[tuple[int, int, int, int]] = []
    terms: list[tuple[int, int]] = []
    for one in sought:
        stretches = one.stretches
        asked.append((stretches[0], stretches[-1], len(terms) + 1, len(terms) + len(one.terms)))
        terms += one.terms.items()
    found: list[list[int]] = [[] for _ in sought]
    if terms:
        with connection.cursor() as cursor:
            columns = *zip(*asked, strict=True), *zip(*terms, strict=True)
            cursor.execute(FIND, [*map(array_of, columns), after])
            for number, story in cursor.fetchall():
                found[number - 1].append(story)
    return found


def list_stories(rows: Iterable[tuple[int, range, Collection[str]]]) -> None:
    """Let stories be found by these terms: (story, stretches, terms). What stands there already stays."""
    found = sorted(
        {(stretch, hash_of(term), story) for story, stretches, terms in rows for stretch in stretches for term in terms}
    )
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO aggregator_storyterm (stretch, term, story_id)"
            " SELECT * FROM unnest(%s::int2[], %s::int4[], %s::int8[]) ON CONFLICT DO NOTHING",
            [*map(array_of, zip(*found, strict=True))],
        )


def array_of(numbers: Iterable[int]) -> str:
    """Whole numbers as Postgres spells an array: as one string, in a fifth of the time of a list's values each."""
    return f"{{{','.join(map(str, numbers))}}}"


def forget_before(moment: datetime) -> int:
    """Let go of the stretches that no article of now or later looks at; returns how many rows went."""
    return StoryTerm.objects.filter(stretch__lt=stretches_between(moment, moment).start).delete()[0]
