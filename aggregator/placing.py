"""Places new articles in stories: the database's side of finding/, which decides.

Any number of workers place at once. What takes long, weighing words and looking for stories that are near, is done
before the one lock; under it only those stories are looked at again that came since, so that two workers with the
first two articles of one event make one story of them. A story costs the same whether it has two articles or 10,000.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Max

from aggregator import looking
from aggregator.finding import choosing, profiles
from aggregator.finding.choosing import TIME_GATE, Candidate
from aggregator.finding.features import Features, Weights, features, key_terms
from aggregator.finding.profiles import Profile
from aggregator.finding.vectors import best
from aggregator.frequencies import ALL_DOCUMENTS, count_documents, frequencies_of
from aggregator.looking import CANDIDATES, Sought, stretches_between
from aggregator.models import Article, Story

# Looked up however common they are, if that costs little: an event that half a small site tells of is found by these.
HEAVIEST = 6

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
class Prospect:
    """An article on its way to a story: what is known of it before the lock.

    after: stories of a greater number were not looked at yet
    """

    weights: Weights
    features: Features
    at: datetime
    sought: Sought
    after: int
    documents: int


@dataclass(slots=True)
class Growing:
    """A story that articles are placed in, as it now is in memory.

    story: not stored yet where it has no number; joined: the articles that were placed in it here
    """

    story: Story
    read: Profile | None = None
    joined: list[Article] = field(default_factory=list)

    @property
    def profile(self) -> Profile:
        """What it is compared by, read once it is asked for: that takes longer than comparing."""
        if self.read is None:
            self.read = Profile.from_json(self.story.profile)
        return self.read

    @property
    def is_new(self) -> bool:
        return self.story.pk is None

    def candidate(self, number: int) -> Candidate:
        story = self.story
        return Candidate(number, self.profile, story.article_count, story.source_count, story.first_at, story.newest_at)

    def take_in(self, article: Article, found: Features) -> None:
        story, at = self.story, article.published_at
        self.read = profiles.grown(self.profile, found, at)
        self.joined.append(article)
        story.article_count += 1
        story.first_at, story.newest_at = min(story.first_at, at), max(story.newest_at, at)
        if self.is_new:
            story.source_count = len({joined.source_id for joined in self.joined})


def prospects_of(read: Sequence[tuple[Weights, datetime]]) -> list[Prospect]:
    """Look for the stories these articles may belong to; each is what it says and when it was published."""
    if not read:
        return []
    frequencies = frequencies_of({term for weights, _at in read for term in weights.terms})
    documents = frequencies.pop(ALL_DOCUMENTS, 0)
    after = Story.objects.aggregate(newest=Max("pk"))["newest"] or 0
    prospects = []
    for weights, at in read:
        found = features(weights, frequencies, documents)
        terms = looking.worth_of({*key_terms(found), *best(found.vector, HEAVIEST)}, frequencies, documents)
        prospects.append(Prospect(weights, found, at, Sought(terms, at, at), after, documents))
    for prospect, stories in zip(prospects, looking.find([one.sought for one in prospects]), strict=True):
        prospect.sought.found = stories
    return prospects


def place(articles: Sequence[Article], prospects: Sequence[Prospect]) -> int:
    """Store new articles, each in the story it belongs to or in a new one; returns how many stories were made.

    Runs in the caller's transaction, under lock_stories.
    """
    newcomers = looking.find([one.sought for one in prospects], after=min(one.after for one in prospects))
    near = [[*new, *one.sought.found] for new, one in zip(newcomers, prospects, strict=True)]
    desk = Desk(stories_near({story for some in near for story in some}))
    chosen = [desk.place(*each) for each in zip(articles, prospects, near, strict=True)]
    new = [growing for growing in desk.growing if growing.is_new]
    grown = [growing for growing in desk.growing if growing.joined and not growing.is_new]
    tell(grown, tellers_before(grown))
    tell(new, frozenset())
    for growing in new:
        growing.story.profile = growing.profile.as_json()
        growing.story.key_terms = profiles.index_terms(growing.profile)
    Story.objects.bulk_create(growing.story for growing in new)
    store(grown)
    for article, growing in zip(articles, chosen, strict=True):
        article.story = growing.story
    Article.objects.bulk_create(articles)
    looking.list_stories(listed(new + grown))
    count_documents([one.weights for one in prospects], prospects[0].documents)
    return len(new)


class Desk:
    """The stories that a batch of articles may join, and those that it begins."""

    def __init__(self, stories: Mapping[int, Growing]) -> None:
        self.growing = list({id(growing): growing for growing in stories.values()}.values())
        self._by_story = stories
        self._begun: dict[int, list[int]] = defaultdict(list)  # term → places in `growing`, in order

    def place(self, article: Article, prospect: Prospect, near: Iterable[int]) -> Growing:
        """Let the article join the story it belongs to, or begin one."""
        numbered = dict(enumerate(self._candidates(prospect, near)))
        candidates = [growing.candidate(number) for number, growing in numbered.items()]
        number = choosing.choose(prospect.features, prospect.at, candidates, documents=prospect.documents)
        if number is None:
            return self._begin(article, prospect)
        growing = numbered[number]
        growing.take_in(article, prospect.features)
        return growing

    def _candidates(self, prospect: Prospect, near: Iterable[int]) -> Iterator[Growing]:
        """The nearest stories within the gate: of those that stand, then of those this batch began."""
        seen: set[int] = set()
        for story in near:
            growing = self._by_story.get(story)
            if growing is None or id(growing) in seen or not is_within_gate(growing.story, prospect.at):
                continue
            seen.add(id(growing))
            yield growing
            if len(seen) == CANDIDATES:
                break
        shared: dict[int, float] = defaultdict(float)
        for term, worth in prospect.sought.terms.items():
            for place in self._begun.get(term, ()):
                shared[place] += worth
        for place in sorted(shared, key=lambda place: -shared[place])[:CANDIDATES]:
            if is_within_gate(self.growing[place].story, prospect.at):
                yield self.growing[place]

    def _begin(self, article: Article, prospect: Prospect) -> Growing:
        at = article.published_at
        story = Story(
            title=article.title,
            slug=article.slug,
            category_id=article.category_id,
            article_count=1,
            source_count=1,
            country_count=1,
            first_at=at,
            newest_at=at,
        )
        growing = Growing(story, profiles.begun(prospect.features, at), [article])
        for term in prospect.sought.terms:
            self._begun[term].append(len(self.growing))
        self.growing.append(growing)
        return growing


def is_within_gate(story: Story, at: datetime) -> bool:
    return story.first_at - TIME_GATE <= at <= story.newest_at + TIME_GATE


def stories_near(ids: Iterable[int]) -> dict[int, Growing]:
    """These stories as they stand, by the number they were found under: one that became part of another is that."""
    found = stories_of(ids)
    missing = targets_of(found) - found.keys()
    while missing:
        more = stories_of(missing)
        found |= more
        missing = targets_of(more) - found.keys()
    growing = {pk: Growing(story) for pk, story in found.items() if story.merged_into_id is None}
    by_number = dict(growing)
    for pk, story in found.items():
        host = story
        while host.merged_into_id in found:
            host = found[host.merged_into_id]
        if host.pk in growing:
            by_number[pk] = growing[host.pk]
    return by_number


def targets_of(stories: Mapping[int, Story]) -> set[int]:
    return {story.merged_into_id for story in stories.values() if story.merged_into_id is not None}


def stories_of(ids: Iterable[int]) -> dict[int, Story]:
    fields = ("article_count", "source_count", "country_count", "voices", "first_at", "newest_at", "profile")
    return {story.pk: story for story in Story.objects.only(*fields, "merged_into").filter(pk__in=list(ids))}


def tellers_before(grown: Sequence[Growing]) -> set[tuple[int, int]]:
    """Which of these stories were told by which of the sources before: (story, source)."""
    pairs = sorted({(growing.story.pk, article.source_id) for growing in grown for article in growing.joined})
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


def tell(growing: Iterable[Growing], before: Iterable[tuple[int | None, int]]) -> None:
    """Count by how many distinct sources and countries each is told, now that articles joined it."""
    told = set(before)
    for one in growing:
        story = one.story
        voices = Counter(story.voices)
        for source, country in {article.source_id: article.source.country_id for article in one.joined}.items():
            if (story.pk, source) not in told:
                voices[country] += 1
        story.voices = dict(voices)
        story.source_count, story.country_count = voices.total(), len(voices)


def store(grown: Sequence[Growing]) -> None:
    """Write the stories that grew. One statement."""
    if not grown:
        return
    rows = []
    for one in sorted(grown, key=lambda one: one.story.pk):
        story = one.story
        rows.append((
            story.pk, story.article_count, story.source_count, story.country_count, json.dumps(story.voices),
            story.first_at, story.newest_at, json.dumps(one.profile.as_json()),
            json.dumps(profiles.index_terms(one.profile)),
        ))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(STORE_GROWN, [*map(list, zip(*rows, strict=True))])


def listed(growing: Iterable[Growing]) -> Iterator[tuple[int, range, list[str]]]:
    """Under what each story is to be found: its terms, in the stretches its new articles fall into."""
    for one in growing:
        times = [article.published_at for article in one.joined]
        yield one.story.pk, stretches_between(min(times), max(times)), profiles.index_terms(one.profile)
