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
from aggregator.models import Article, Story

STORE_GROWN = """
UPDATE aggregator_story SET
    version = version + 1, article_count = grown.articles, source_count = grown.sources,
    country_count = grown.countries, voices = grown.voices::jsonb, first_at = grown.first_at,
    newest_at = grown.newest_at, profile = grown.profile::jsonb,
    key_terms = ARRAY(SELECT jsonb_array_elements_text(grown.terms::jsonb))
FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[],
            %s::text[], %s::text[])
    AS grown (id, articles, sources, countries, voices, first_at, newest_at, profile, terms)
WHERE aggregator_story.id = grown.id
"""


@dataclass(slots=True)
class Growing:
    """A story that articles are placed in, as it now is in memory.

    pk: None where it is not stored yet; joined: the articles that were placed in it here
    """

    pk: int | None
    first_at: datetime
    newest_at: datetime
    article_count: int = 0
    source_count: int = 0
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
        """What it is compared by; read here where it was not foreseen that it would be asked for."""
        if self.read is None:
            self.read = Profile.from_json(Story.objects.values_list("profile", flat=True).get(pk=self.number))
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


def stories_near(ids: Iterable[int]) -> dict[int, Growing]:
    """These stories as they stand, by the number they were found under: one that became part of another is that."""
    found: dict[int, Growing] = {}
    hosts: dict[int, int] = {}
    missing = set(ids)
    fields = ("pk", "first_at", "newest_at", "article_count", "source_count", "merged_into")
    while missing:
        for *row, host in Story.objects.filter(pk__in=missing).order_by().values_list(*fields):
            found[row[0]] = Growing(*row)
            if host is not None:
                hosts[row[0]] = host
        missing = set(hosts.values()) - found.keys() - missing
    by_number = {pk: growing for pk, growing in found.items() if pk not in hosts}
    for pk in hosts:
        host = pk
        while host in hosts:
            host = hosts[host]
        if host in by_number:
            by_number[pk] = by_number[host]
    return by_number


def read_profiles(growing: Iterable[Growing]) -> None:
    """Read what these stories are compared by. One query, of no more stories than are compared: it takes longest."""
    unread = {one.number: one for one in growing if one.read is None}
    for pk, profile in Story.objects.filter(pk__in=unread).order_by().values_list("pk", "profile"):
        unread[pk].read = Profile.from_json(profile)


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
            [*map(list, zip(*pairs, strict=True))],
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
    for one, story in zip(new, Story.objects.bulk_create(stories), strict=True):
        one.pk = story.pk


def store(grown: Sequence[Growing]) -> None:
    """Write the stories that grew. One statement."""
    if not grown:
        return
    rows = [
        (
            one.number, one.article_count, one.source_count, len(one.voices), json.dumps(one.voices), one.first_at,
            one.newest_at, json.dumps(one.profile.as_json()), json.dumps(profiles.index_terms(one.profile)),
        )
        for one in sorted(grown, key=lambda one: one.number)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(STORE_GROWN, [*map(list, zip(*rows, strict=True))])
