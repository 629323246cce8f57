"""Fills a database with invented articles: stretch after stretch, in several processes."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from aggregator.models import Article, SearchDocument, Story
from aggregator.stories import ALL_DOCUMENTS, add_frequencies
from feeds.models import Source
from feeds.shelves import CATEGORIES
from zisnews.bench.filling.articles import (
    ARTICLE_FIELDS,
    SEARCH_FIELDS,
    STORY_FIELDS,
    article_row,
    drafts_of,
    search_row,
    story_rows,
    tellings_of,
    terms_said,
)
from zisnews.bench.filling.calendar import Calendar
from zisnews.bench.filling.copying import Copier, reserved_ids
from zisnews.bench.filling.events import Newsroom
from zisnews.bench.filling.indexes import built_afterwards
from zisnews.bench.filling.pictures import Picture, picture_of
from zisnews.bench.filling.processes import workers
from zisnews.bench.filling.sources import DOMAIN, Publisher, publishers
from zisnews.bench.filling.wording import Wording

NEWS_DAYS = 1.5  # how long an event is told of
LONGEST_STRETCH, SHORTEST_STRETCH = 10_000, 1_000  # articles; composed in memory, some 6 KB each
ROWS_PER_COPY = 1_000
FILLED = (Article, SearchDocument, Story)
MANY = 20_000  # articles: worth building an index anew for


@dataclass(frozen=True, slots=True)
class Plan:
    """What to add.

    now: aware; the articles spread over the `days` before it
    standing: articles there already
    with_search: store what search finds them by; else the site's own catching up does, in its time
    """

    articles: int
    sources: int
    days: int
    seed: int
    now: datetime
    standing: int = 0
    with_search: bool = True

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
    is_worth_it = plan.is_most_of_it and not real_sources()
    with built_afterwards(FILLED, is_worth_it=is_worth_it), workers(processes) as each:
        pictures = dict(zip(CATEGORIES, each(picture_of, CATEGORIES), strict=True))
        desk = Desk(plan, tellers, pictures)
        for written in each(desk.write, plan.stretches):
            progress(written)
    with connection.cursor() as cursor:
        for model in (*FILLED, Source):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')


@dataclass(frozen=True)
class Desk:
    """Writes stretches of a plan; handed to the processes with each."""

    plan: Plan
    publishers: list[Publisher]
    pictures: dict[str, Picture]

    def write(self, stretch: range) -> int:
        """Compose and store these articles and their stories; returns how many articles."""
        plan = self.plan
        chance = random.Random(f"{plan.seed}/{plan.standing}/{stretch.start}")  # noqa: S311  no secret
        calendar = Calendar(plan.now, plan.days)
        moments = [calendar.at((number + 0.5) / plan.articles) for number in stretch]
        wordings = {tag: wording_of(plan.seed, tag) for tag in {teller.language for teller in self.publishers}}
        events = Newsroom(self.publishers).events(chance, len(stretch), reach=plan.reach)
        story_ids, article_ids = reserved_ids(Story, len(events)), reserved_ids(Article, len(stretch))
        tellings = tellings_of(chance, events, story_ids, wordings)
        drafts = drafts_of(
            chance,
            tellings=tellings,
            ids=article_ids,
            moments=moments,
            wordings=wordings,
            pictures=self.pictures,
        )
        with transaction.atomic():
            Copier(Story, STORY_FIELDS).copy(story_rows(events, story_ids, tellings, moments))
            articles, documents = Copier(Article, ARTICLE_FIELDS), Copier(SearchDocument, SEARCH_FIELDS)
            frequencies = Counter({ALL_DOCUMENTS: len(stretch)})
            while batch := list(islice(drafts, ROWS_PER_COPY)):
                articles.copy(map(article_row, batch))
                for draft in batch:
                    frequencies.update(terms_said(draft))
                if plan.with_search:
                    documents.copy(search_row(draft, wordings[draft.telling.publisher.language]) for draft in batch)
            add_frequencies(frequencies)
        return len(stretch)


@cache
def wording_of(seed: int, language: str) -> Wording:
    """A language's words, once a process."""
    return Wording(seed, language)
