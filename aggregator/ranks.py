"""The stories that stand highest at a moment: the database's side of ranking.py. kept_ranking.py keeps what it says.

Nothing here knows who reads, so all readers share one ranking; what a reader may see of it is for those who show it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import NamedTuple

from django.db.models import Q

from aggregator.models import Article, ArticleQuerySet, Story
from aggregator.ranking import Facts, Standing, fastest, in_order, standing

# The newest stories told by several; after a day of silence the largest of a busy site weighs less than a new one.
MOST_STORIES = 4000
TOP, ON_SHELF, ON_ONE_SIDE = 60, 30, 12  # how many are ranked: of all, of each category, of those one side tells
ONE_SIDED_SOURCES = 3  # so many sources of one country make a story "told by one side"
TELLERS, TELLERS_ON_SHELF, PER_SIDE = 24, 6, 2  # kept of a story; of one not among the top; of one country and language
ANSWERS = ("view_count", "like_count", "dislike_count", "comment_count")


class Teller(NamedTuple):
    """An article that may stand for its story, the newest of its source."""

    article: int
    source: int
    country: str
    language: str
    has_picture: bool
    has_description: bool
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Ranked:
    """A story with its place's reasons. tellers: newest first, a few of each country."""

    story: int
    category: str
    facts: Facts
    standing: Standing
    tellers: list[Teller]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The stories of one slot. top, one_sided, shelves: ids, the heaviest first; shelves by category."""

    at: datetime
    stories: dict[int, Ranked]
    top: list[int]
    one_sided: list[int]
    shelves: dict[str, list[int]]

    def __hash__(self) -> int:
        return hash(self.at)

    def place_of(self, story: int) -> int | None:
        """1 for the story that stands highest; None for one that is not among the first."""
        return self.top.index(story) + 1 if story in self.top else None


def rank(now: datetime) -> Ranking:
    """Rank the stories that several sources tell at `now`. Three queries.

    Those worth a closer look are found by the counts stories keep; only of them are the articles read.
    """
    shelves, one_sided = shortlists(now)
    of_all = {pk for pks in (one_sided, *shelves.values()) for pk in pks}
    ranked = closely(of_all, now)
    order = in_order({pk: one.standing for pk, one in ranked.items()})
    top = order[:TOP]
    for pk in order[TOP:]:
        del ranked[pk].tellers[TELLERS_ON_SHELF:]
    return Ranking(
        at=now,
        stories=ranked,
        top=top,
        one_sided=[pk for pk in order if pk in one_sided],
        shelves={slug: [pk for pk in order if ranked[pk].category == slug][:ON_SHELF] for slug in shelves if slug},
    )


def reasons(story: int, now: datetime) -> Ranked | None:
    """One story weighed by itself, for one that is not in the ranking; None where it has no articles."""
    return closely([story], now).get(story)


def shortlists(now: datetime) -> tuple[dict[str, set[int]], set[int]]:
    """The ids worth a closer look: by category, all together under "", and those one side tells. One query.

    It reads an index alone, which knows nothing of uptake, reactions and first reports: hence lists so long.
    """
    stories = Story.objects.active(now).told_by_several().order_by("-newest_at")[:MOST_STORIES]
    weights: dict[str, list[tuple[float, int]]] = defaultdict(list)
    one_sided: list[tuple[float, int]] = []
    for pk, category, countries, sources, newest_at in stories.values_list(
        "pk", "category", "country_count", "source_count", "newest_at"
    ):
        facts = Facts(countries, sources, first_at=newest_at, newest_at=newest_at)
        weighed = standing(facts, now).weight, -pk
        weights[""].append(weighed)
        weights[category].append(weighed)
        if countries == 1 and sources >= ONE_SIDED_SOURCES:
            one_sided.append(weighed)
    shelves = {slug: {-pk for _, pk in nlargest(ON_SHELF if slug else TOP, found)} for slug, found in weights.items()}
    return shelves, {-pk for _, pk in nlargest(ON_ONE_SIDE, one_sided)}


def closely(story_ids: Iterable[int], now: datetime) -> dict[int, Ranked]:
    """Weigh stories by all that is known of them. Two queries; a story that has no articles is absent."""
    stories = Story.objects.filter(pk__in=story_ids).values_list(
        "pk", "category", "country_count", "source_count", "first_at", "newest_at"
    )
    accounts = accounts_of(story_ids)
    ranked = {}
    for pk, category, countries, sources, first_at, newest_at in stories:
        account = accounts.get(pk)
        if account is None:
            continue
        facts = Facts(countries, sources, first_at, newest_at, fastest(account.joined.values()), **account.answers)
        ranked[pk] = Ranked(pk, category, facts, standing(facts, now), tellers(account.newest.values()))
    return ranked


class Account:
    """What the articles of one story add up to. joined: by source, when it first told; newest: its newest article."""

    __slots__ = ("answers", "joined", "newest")

    def __init__(self) -> None:
        self.answers = Counter(dict.fromkeys(ANSWERS, 0))
        self.joined: dict[int, datetime] = {}
        self.newest: dict[int, Teller] = {}

    def take_in(self, teller: Teller, answers: Iterable[int]) -> None:
        source, at = teller.source, teller.published_at
        self.joined[source] = min(at, self.joined.get(source, at))
        if source not in self.newest or at > self.newest[source].published_at:
            self.newest[source] = teller
        for name, count in zip(ANSWERS, answers, strict=True):
            self.answers[name] += count


def accounts_of(story_ids: Iterable[int]) -> Mapping[int, Account]:
    """By story, what its articles add up to. One query, which reads no text."""
    accounts: dict[int, Account] = defaultdict(Account)
    for story, teller, *answers in teller_rows(Article.objects.filter(story__in=story_ids), *ANSWERS):
        accounts[story].take_in(teller, answers)
    return accounts


def teller_rows(articles: ArticleQuerySet, *more: str) -> Iterator[tuple]:
    """(story, teller, then the fields in `more`) of each article, in the order they were stored."""
    told = articles.annotate(pictured=~Q(picture=""), described=~Q(description="")).order_by("pk")
    fields = "pk", "source", "source__country", "language", "pictured", "described", "published_at"
    for row in told.values_list("story", *fields, *more):
        yield row[0], Teller(*row[1 : len(fields) + 1]), *row[len(fields) + 1 :]


def tellers(articles: Iterable[Teller]) -> list[Teller]:
    """The articles that may stand for their story: of each country and language the newest first."""
    newest_first = sorted(articles, key=lambda teller: (teller.published_at, teller.article), reverse=True)
    of_side: dict[tuple[str, str], list[Teller]] = defaultdict(list)
    for teller in newest_first:
        of_side[teller.country, teller.language].append(teller)
    in_turn = [side[turn] for turn in range(PER_SIDE) for side in of_side.values() if turn < len(side)]
    return in_turn[:TELLERS]
