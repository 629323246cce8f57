"""Fills a database with invented articles: stretch after stretch, in several processes."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from aggregator.frequencies import ALL_DOCUMENTS, add_frequencies
from aggregator.models import Article, SearchDocument, Story, StoryTerm
from feeds.models import Source
from feeds.shelves import CATEGORIES
from zisnews.bench.filling.articles import (
    LISTED_FIELDS,
    STORY_FIELDS,
    Page,
    listed,
    rows_of,
    story_rows,
    tellings_of,
    terms_of_headline,
)
from zisnews.bench.filling.calendar import Calendar
from zisnews.bench.filling.composing import FIELDS, store
from zisnews.bench.filling.copying import Copier, reserved_ids
from zisnews.bench.filling.events import Newsroom
from zisnews.bench.filling.indexes import built_afterwards
from zisnews.bench.filling.pictures import Picture, picture_of
from zisnews.bench.filling.processes import workers
from zisnews.bench.filling.sources import DOMAIN, Publisher, publishers
from zisnews.bench.filling.wording import Wording
from zisnews.bench.filling.writings import kept_writings

NEWS_DAYS = 1.5  # how long an event is told of
LONGEST_STRETCH, SHORTEST_STRETCH = 10_000, 1_000  # articles; composed in memory, some 6 KB each
WRITING = list(FIELDS).index("writing")
FILLED = (Article, SearchDocument, Story)
WORDS = 100
MANY = 20_000  # articles: worth building an index anew for


@dataclass(frozen=True, slots=True)
class Plan:
    """What to add.

    now: aware; the articles spread over the `days` before it
    standing: articles there already
    with_search: store what search finds them by; else the site's own catching up does, in its time
    words: of a text, more or less
    """

    articles: int
    sources: int
    days: int
    seed: int
    now: datetime
    standing: int = 0
    with_search: bool = True
    words: int = WORDS

    @property
    def reach(self) -> int:
        """Articles published while an event is news."""
        return max(10, round(self.articles / self.days * NEWS_DAYS))

    @property
    def is_most_of_it(self) -> bool:
        """Whether most of what stands there afterwards is new."""
        return self.articles > max(MANY, self.standing)

    @property
    def stretches(self) -> list[range]:
        """The articles, numbered in order of time, in pieces that are written one at a time; the newest come first.

        So a fill that was interrupted leaves a site with today's news, as dense as it was to be.
        """
        size = min(max(self.reach * 2, SHORTEST_STRETCH), LONGEST_STRETCH)
        return [range(first, min(first + size, self.articles)) for first in reversed(range(0, self.articles, size))]


def real_sources(limit: int = 3) -> list[str]:
    """Names of sources that have articles and were not invented by us: such a database is somebody's site."""
    others = Source.objects.exclude(site_url__endswith=f".{DOMAIN}/")
    told = others.filter(Exists(Article.objects.filter(source=OuterRef("pk"))))
    return list(told.values_list("name", flat=True)[:limit])


def fill(plan: Plan, *, processes: int, progress: Callable[[int], None]) -> None:
    """Add the articles of a plan and their stories. progress: told how many more are written.

    Each stretch is written in one transaction: what is interrupted has whole stories.
    """
    tellers = publishers(plan.sources, plan.seed, plan.now)
    wordings = {tag: wording_of(plan.seed, tag) for tag in {teller.language for teller in tellers}}
    is_worth_it = plan.is_most_of_it and not real_sources()
    written_for = f"{plan.seed}/{plan.standing}"
    with (
        kept_writings(tellers, wordings, articles=plan.articles, words=plan.words, seed=written_for) as writings,
        built_afterwards(FILLED, is_worth_it=is_worth_it),
        workers(processes) as each,
    ):
        pictures = dict(zip(CATEGORIES, each(picture_of, CATEGORIES), strict=True))
        desk = Desk(plan, tellers, pictures, writings.by_language)
        said, uses = Counter({ALL_DOCUMENTS: plan.articles}), Counter[int]()
        for done in each(desk.write, plan.stretches):
            said.update(done.terms)
            uses.update(done.uses)
            progress(done.articles)
        said.update(writings.terms_used(uses))
        add_frequencies(said)
    with connection.cursor() as cursor:
        for model in (*FILLED, StoryTerm, Source):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a stretch. terms: in how many headlines each stands; uses: of each writing."""

    articles: int
    terms: Counter[str]
    uses: Counter[int]


@dataclass(frozen=True)
class Desk:
    """Writes stretches of a plan; handed to the processes with each. writings: their numbers, by language."""

    plan: Plan
    publishers: list[Publisher]
    pictures: dict[str, Picture]
    writings: dict[str, range]

    def write(self, stretch: range) -> Done:
        """Compose and store these articles and their stories."""
        plan = self.plan
        chance = random.Random(f"{plan.seed}/{plan.standing}/{stretch.start}")  # noqa: S311  no secret
        calendar = Calendar(plan.now, plan.days)
        moments = [calendar.at((number + 0.5) / plan.articles) for number in stretch]
        wordings = {tag: wording_of(plan.seed, tag) for tag in self.writings}
        events = Newsroom(self.publishers).events(chance, len(stretch), reach=plan.reach)
        story_ids, article_ids = reserved_ids(Story, len(events)), reserved_ids(Article, len(stretch))
        tellings = tellings_of(chance, events, story_ids, wordings)
        page = Page(wordings, self.pictures, self.writings)
        rows = list(rows_of(chance, page, tellings, article_ids, moments))
        with transaction.atomic():
            trust_own_references()
            stories = list(story_rows(events, story_ids, tellings, moments))
            Copier(Story, STORY_FIELDS).copy(stories)
            Copier(StoryTerm, LISTED_FIELDS).copy(listed(stories, plan.now))
            store(rows, with_search=plan.with_search)
        terms = Counter(term for telling in tellings for term in terms_of_headline(telling))
        return Done(len(stretch), terms, Counter(row[WRITING] for row in rows))


def trust_own_references() -> None:
    """Spare Postgres the look-up behind each reference for the open transaction, where we may: all were just made."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT set_config('session_replication_role', 'replica', true)
               WHERE current_setting('is_superuser')::boolean"""
        )


@cache
def wording_of(seed: int, language: str) -> Wording:
    """A language's words, once a process."""
    return Wording(seed, language)
