"""Which story stands higher, and why. Pure: the same facts at the same moment always give the same order.

    weight = (voices + uptake + reactions) × freshness

    voices     1.6 · log2(1 + countries) + log2(1 + sources). Countries weigh most: a story that several countries
               tell is what this site is for. Each further one counts less than the one before.
    uptake     0.6 · log2(1 + sources that joined within its fastest three hours). Of two stories with as many
               sources the one that spread at once stands higher.
    reactions  0.25 · log2(1 + views/20 + likes + dislikes + 3 · comments), at most 2. A dislike counts as a like
               does: it says that a story concerns people. The logarithm and the limit keep a crowd that wants a
               story on top from putting it there: at most they are worth what three countries are.
    freshness  halves with every 9 hours since its newest article and with every 36 hours since its first, so that
               a story nobody adds to leaves soon, and one that goes on for days gives way to new ones.

Nothing here knows who reads.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log2
from typing import TypeVar

COUNTRY_WEIGHT, SOURCE_WEIGHT, UPTAKE_WEIGHT, REACTION_WEIGHT = 1.6, 1.0, 0.6, 0.25
MOST_REACTIONS = 2.0
VIEWS_PER_REACTION, REACTIONS_PER_COMMENT = 20, 3
RUSH = timedelta(hours=3)
QUIET_HALF_LIFE_HOURS, WHOLE_HALF_LIFE_HOURS = 9.0, 36.0
SLOT = timedelta(minutes=5)

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a story. rush: how many sources joined in its fastest three hours; the moments are aware."""

    country_count: int
    source_count: int
    first_at: datetime
    newest_at: datetime
    rush: int = 0
    view_count: int = 0
    like_count: int = 0
    dislike_count: int = 0
    comment_count: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The numbers behind a story's place. freshness: 1 now, towards 0 with time; the others grow from 0."""

    voices: float
    uptake: float
    reactions: float
    freshness: float

    @property
    def weight(self) -> float:
        return (self.voices + self.uptake + self.reactions) * self.freshness


def standing(facts: Facts, now: datetime) -> Standing:
    """Return what a story weighs at `now`. One from the future counts as new."""
    answers = facts.like_count + facts.dislike_count + REACTIONS_PER_COMMENT * facts.comment_count
    return Standing(
        voices=COUNTRY_WEIGHT * log2(1 + facts.country_count) + SOURCE_WEIGHT * log2(1 + facts.source_count),
        uptake=UPTAKE_WEIGHT * log2(1 + facts.rush),
        reactions=min(
            REACTION_WEIGHT * log2(1 + facts.view_count / VIEWS_PER_REACTION + answers),
            MOST_REACTIONS,
        ),
        freshness=0.5 ** (hours_between(facts.newest_at, now) / QUIET_HALF_LIFE_HOURS)
        * 0.5 ** (hours_between(facts.first_at, now) / WHOLE_HALF_LIFE_HOURS),
    )


def hours_between(moment: datetime, now: datetime) -> float:
    return max((now - moment).total_seconds() / 3600, 0.0)


def fastest(joined: Iterable[datetime], window: timedelta = RUSH) -> int:
    """The largest number of these moments that lie within one window: how many sources joined at a story's fastest."""
    moments = sorted(joined)
    most, begin = 0, 0
    for end, moment in enumerate(moments):
        while moment - moments[begin] > window:
            begin += 1
        most = max(most, end - begin + 1)
    return most


def in_order(standings: Mapping[int, Standing]) -> list[int]:
    """The ids of stories, the heaviest first; of equals the older id, whatever the order they come in."""
    return sorted(standings, key=lambda pk: (-round(standings[pk].weight, 9), pk))


def slot_of(now: datetime) -> datetime:
    """The clock that ranking goes by: `now`, rounded down to five minutes, so that a reload shuffles nothing."""
    return datetime.fromtimestamp(now.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), UTC)


def parted(items: Sequence[Item], key: Callable[[Item], Hashable], *, after: Hashable = None) -> list[Item]:
    """The items in their order, but no two of one key in a row: the next of another key comes before.

    after: the key of what stands before the first.

    Where one key has more than half of what is left, its turn comes first, so that they can be parted to the end;
    where it has too many for that, the surplus stands at the end.
    """
    left = list(items)
    counts = Counter(map(key, left))
    order: list[Item] = []
    while left:
        last = key(order[-1]) if order else after
        crowd, most = counts.most_common(1)[0]
        must_take = crowd if 2 * most > len(left) and crowd != last else None
        chosen = next(
            (
                place
                for place, item in enumerate(left)
                if (key(item) == must_take if must_take is not None else key(item) != last)
            ),
            0,
        )
        item = left.pop(chosen)
        counts[key(item)] -= 1
        order.append(item)
    return order
