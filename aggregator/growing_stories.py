"""The stories that a batch of articles may join: read for it, and written once it is placed (aggregator.placing).

All under the lock of stories, in the caller's transaction. Of a story no more is read than is asked for: first when it
was told, what it is compared by if it is near, and who told it if it grew.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from aggregator.finding import profiles
from aggregator.finding.choosing import TIME_GATE, Candidate
from aggregator.finding.features import Features
from aggregator.finding.profiles import Profile
from aggregator.looking import array_of
from aggregator.models import Article, Story
from feeds.inserting import insert

READ = """
SELECT id, first_at, newest_at, article_count, source_count, profile::text, merged_into_id
FROM aggregator_story WHERE id = ANY(%s::bigint[])
"""
STORE_GROWN = """
UPDATE aggregator_story SET
    version = version + 1, article_count = grown.articles, source_count = grown.sources,
    country_count = grown.countries, voices = grown.voices, first_at = grown.first_at,
    newest_at = grown.newest_at, profile = grown.profile, key_terms = grown.terms
FROM json_to_recordset(%s)
    AS grown (id bigint, articles int, sources int, countries int, voices jsonb, first_at timestamptz,
              newest_at timestamptz, profile jsonb, terms text[])
WHERE aggregator_story.id = grown.id
"""


@dataclass(slots=True)
class Growing:
    """A story that articles are placed in, as it now is in memory.

    pk:     None where it is not stored yet
    stored: what it is compared by, as it is stored, and `read` of it once that is asked for
    joined: the articles that were placed in it here
    """

    pk: int | None
    first_at: datetime
    newest_at: datetime
    article_count: int = 0
    source_count: int = 0
    stored: str = ""
    read: Profile | None = None
    joined: list[Article] = field(default_factory=list)
    voices: dict[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """That of a story that is stored."""
        assert self.pk is not None
        return self.pk

    @property
    def profile(self) -> Profile:
        """What it is compared by."""
        if self.read is None:
            self.read = Profile.from_json(json.loads(self.stored))
        return self.read

    def candidate(self, number: int) -> Candidate:
        return Candidate(number, self.profile, self.article_count, self.source_count, self.first_at, self.newest_at)

    def is_within_gate(self, at: datetime) -> bool:
        return self.first_at - TIME_GATE <= at <= self.newest_at + TIME_GATE

    def take_in(self, article: Article, found: Features) -> None:
        at = article.published_at
        self.read = profiles.grown(self.profile, found, at)
        self.joined.append(article)
        self.article_count += 1
        self.first_at, self.newest_at = min(self.first_at, at), max(self.newest_at, at)
        if self.pk is None:
            self.source_count = len({joined.source_id for joined in self.joined})


def read_stories(ids: Iterable[int], known: dict[int, Growing]) -> None:
    """Add these stories as they stand to those that are known, by the number they were found under: one that became
    part of another is that.
    """
    found: dict[int, Growing] = {}
    hosts: dict[int, int] = {}
    missing = set(ids) - known.keys()
    while missing:
        with connection.cursor() as cursor:
            cursor.execute(READ, [array_of(missing)])
            for *row, host in cursor.fetchall():
                found[row[0]] = Growing(*row)
                if host is not None:
                    hosts[row[0]] = host
        missing = set(hosts.values()) - found.keys() - known.keys() - missing
    known.update((pk, growing) for pk, growing in found.items() if pk not in hosts)
    for pk in hosts:
        host = pk
        while host in hosts:
            host = hosts[host]
        if host in known:
            known[pk] = known[host]


def tellers_before(grown: Sequence[Growing]) -> set[tuple[int | None, int]]:
    """Which of these stories were told by which of the sources before: (story, source)."""
    pairs = sorted({(one.number, article.source_id) for one in grown for article in one.joined})
    if not pairs:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT story, source FROM unnest(%s::bigint[], %s::bigint[]) AS asked (story, source)
               WHERE EXISTS (SELECT FROM aggregator_article
                             WHERE story_id = asked.story AND source_id = asked.source)""",
            [*map(array_of, zip(*pairs, strict=True))],
        )
        return set(cursor.fetchall())


def tell(growing: Sequence[Growing]) -> None:
    """Count by how many distinct sources and countries each is told, now that articles joined it."""
    stored = [one for one in growing if one.pk is not None]
    told = tellers_before(stored)
    asked = Story.objects.filter(pk__in=[one.number for one in stored]).order_by()  # of none it asks nothing
    voices = dict(asked.values_list("pk", "voices"))
    for one in growing:
        counts: Counter[str] = Counter(voices.get(one.pk) if one.pk else None)
        for source, country in {article.source_id: article.source.country_id for article in one.joined}.items():
            if (one.pk, source) not in told:
                counts[country] += 1
        one.voices = dict(counts)
        one.source_count = counts.total()


def begin(new: Sequence[Growing]) -> None:
    """Write the stories that begin here."""
    stories = [
        Story(
            title=one.joined[0].title,
            slug=one.joined[0].slug,
            category_id=one.joined[0].category_id,
            article_count=one.article_count,
            source_count=one.source_count,
            country_count=len(one.voices),
            voices=one.voices,
            first_at=one.first_at,
            newest_at=one.newest_at,
            profile=one.profile.as_json(),
            key_terms=profiles.index_terms(one.profile),
        )
        for one in new
    ]
    insert(stories)
    for one, story in zip(new, stories, strict=True):
        one.pk = story.pk


def store(grown: Sequence[Growing]) -> None:
    """Write the stories that grew. One statement."""
    if not grown:
        return
    rows = [
        {
            "id": one.number, "articles": one.article_count, "sources": one.source_count, "countries": len(one.voices),
            "voices": one.voices, "first_at": one.first_at.isoformat(), "newest_at": one.newest_at.isoformat(),
            "profile": one.profile.as_json(), "terms": profiles.index_terms(one.profile),
        }
        for one in sorted(grown, key=lambda one: one.number)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(STORE_GROWN, [json.dumps(rows, ensure_ascii=False)])
