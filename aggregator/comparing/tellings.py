"""What is compared: one article each, and the sentences that figures rest on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from aggregator.comparing.sections import Id

MOST_ARTICLES = 200
PER_SOURCE = 5  # beyond, a source only repeats itself; a source of five hundred says as much as one of five
PLAUSIBLE = timedelta(days=30)  # a date further from the middle of a story is a fault of the date


@dataclass(frozen=True, slots=True)
class Telling:
    """An article of the story. country: ISO 3166-1, "" unknown; language: primary tag; published_at: aware."""

    article: Id
    source: str
    country: str
    language: str
    published_at: datetime
    title: str
    text: str


def chosen(tellings: Iterable[Telling]) -> list[Telling]:
    """At most 200 of the articles, in order of time, such that all countries and sources have their say.

    Sources take turns within their country, and countries among each other; of a source its earliest five.
    """
    turns: dict[str, dict[str, list[Telling]]] = defaultdict(lambda: defaultdict(list))
    for telling in in_time(tellings):
        told = turns[telling.country][telling.source]
        if len(told) < PER_SOURCE:
            told.append(telling)
    ranked: list[tuple[int, Telling]] = []
    for sources in turns.values():
        by_turn = [told[turn] for turn in range(PER_SOURCE) for told in sources.values() if turn < len(told)]
        ranked += enumerate(by_turn)
    ranked.sort(key=lambda place: place[0])
    return in_time(telling for _, telling in ranked[:MOST_ARTICLES])


def in_time(tellings: Iterable[Telling]) -> list[Telling]:
    """The earliest first; what is dated 30 days off the story's middle comes last, for its date says nothing."""
    tellings = list(tellings)
    middle = middle_of(tellings)
    return sorted(
        tellings, key=lambda one: (abs(one.published_at - middle) > PLAUSIBLE, one.published_at, str(one.article))
    )


def middle_of(tellings: Sequence[Telling]) -> datetime:
    """The median of their times, which a few wrong dates do not move."""
    moments = [telling.published_at.timestamp() for telling in tellings]
    return datetime.fromtimestamp(median(moments) if moments else 0, UTC)


def has_plausible_date(telling: Telling, middle: datetime) -> bool:
    return abs(telling.published_at - middle) <= PLAUSIBLE
