"""Places new articles in stories: the database's side of finding/, which decides.

Any number of workers place at once. What takes long, weighing words and looking for stories that are near, is done
before the one lock; under it only those stories are looked at again that came since, so that two workers with the
first two articles of one event make one story of them. A story costs the same whether it has two articles or 10,000.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from aggregator import looking
from aggregator.finding import choosing, profiles
from aggregator.finding.features import Features, Weights, features_by, key_terms
from aggregator.finding.vectors import best
from aggregator.frequencies import count_documents, rarities_of
from aggregator.growing_stories import Growing, begin, read_stories, store, tell
from aggregator.looking import CANDIDATES, Sought, stretches_between
from aggregator.models import Article
from feeds.inserting import insert

# Looked up however common they are, if that costs little: an event that half a small site tells of is found by these.
HEAVIEST = 6


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


def prospects_of(read: Sequence[tuple[Weights, datetime]]) -> list[Prospect]:
    """Look for the stories these articles may belong to; each is what it says and when it was published."""
    if not read:
        return []
    rarities = rarities_of({term for weights, _at in read for term in weights.terms})
    documents = rarities.documents
    after = newest_story()
    prospects = []
    for weights, at in read:
        found = features_by(weights, rarities)
        terms = looking.worth_of({*key_terms(found), *best(found.vector, HEAVIEST)}, rarities.frequencies, documents)
        prospects.append(Prospect(weights, found, at, Sought(terms, at, at), after, documents))
    for prospect, stories in zip(prospects, looking.find([one.sought for one in prospects]), strict=True):
        prospect.sought.found = stories
    return prospects


def place(articles: Sequence[Article], prospects: Sequence[Prospect]) -> int:
    """Store new articles, each in the story it belongs to or in a new one; returns how many stories were made.

    Runs in the caller's transaction, under lock_stories.
    """
    near = [[*new, *one.sought.found] for new, one in zip(newcomers_to(prospects), prospects, strict=True)]
    desk = Desk(compared_with(near, [one.at for one in prospects]))
    chosen = [desk.place(*each) for each in zip(articles, prospects, near, strict=True)]
    new = [growing for growing in desk.growing if growing.pk is None]
    grown = [growing for growing in desk.growing if growing.joined and growing.pk is not None]
    tell(grown)
    tell(new)
    begin(new)
    store(grown)
    for article, growing in zip(articles, chosen, strict=True):
        article.story_id = growing.pk
    insert(articles)
    looking.list_stories(listed(new + grown))
    count_documents([one.weights for one in prospects], prospects[0].documents)
    return len(new)


def newcomers_to(prospects: Sequence[Prospect]) -> list[list[int]]:
    """The stories that came since these were looked for, and are near to each; mostly there are none."""
    after = min(one.after for one in prospects)
    if newest_story() <= after:
        return [[] for _ in prospects]
    return looking.find([one.sought for one in prospects], after=after)


def compared_with(near: Sequence[Sequence[int]], moments: Sequence[datetime]) -> dict[int, Growing]:
    """The stories that some articles are compared with, by number, of those found near each, the nearest first.

    One query; and another where one of the first few stands beyond the gate or is the same as another. What a story is
    compared by is most of its row.
    """
    stories: dict[int, Growing] = {}
    read_stories((story for some in near for story in some[:CANDIDATES]), stories)
    read_stories(
        (
            story
            for some, at in zip(near, moments, strict=True)
            if len(some) > CANDIDATES and len([*nearest(some, at, stories)]) < CANDIDATES
            for story in some[CANDIDATES:]
        ),
        stories,
    )
    return stories


def nearest(near: Iterable[int], at: datetime, stories: Mapping[int, Growing]) -> Iterator[Growing]:
    """The nearest of the stories that stand within the gate."""
    seen: set[int] = set()
    for story in near:
        growing = stories.get(story)
        if growing is None or id(growing) in seen or not growing.is_within_gate(at):
            continue
        seen.add(id(growing))
        yield growing
        if len(seen) == CANDIDATES:
            break


def newest_story() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM aggregator_story")
        newest: int = cursor.fetchone()[0]
    return newest


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
        yield from nearest(near, prospect.at, self._by_story)
        shared: dict[int, int] = defaultdict(int)
        for term, worth in prospect.sought.terms.items():
            for place in self._begun.get(term, ()):
                shared[place] += worth
        for place in sorted(shared, key=lambda place: -shared[place])[:CANDIDATES]:
            if self.growing[place].is_within_gate(prospect.at):
                yield self.growing[place]

    def _begin(self, article: Article, prospect: Prospect) -> Growing:
        at = article.published_at
        begun = profiles.begun(prospect.features, at)
        growing = Growing(None, at, at, 1, 1, read=begun, joined=[article])
        for term in prospect.sought.terms:
            self._begun[term].append(len(self.growing))
        self.growing.append(growing)
        return growing


def listed(growing: Iterable[Growing]) -> Iterator[tuple[int, range, list[str]]]:
    """Under what each story is to be found: its terms, in the stretches its new articles fall into."""
    for one in growing:
        times = [article.published_at for article in one.joined]
        yield one.number, stretches_between(min(times), max(times)), profiles.index_terms(one.profile)
