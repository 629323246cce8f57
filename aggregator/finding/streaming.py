"""A stream of articles put into stories in memory: what the site does in Postgres, by the same pure code.

For evaluation and training, and for whoever wants to know what would become of some articles. Articles come in order
of arrival; stories are merged every few hours and split once a day, in the articles' own time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.finding.candidates import TIME_GATE, Candidate
from aggregator.finding.choosing import choose
from aggregator.finding.features import Features, Weights, features, key_terms
from aggregator.finding.judging import Judges
from aggregator.finding.merging import NEEDED as MERGE_NEEDED
from aggregator.finding.merging import score
from aggregator.finding.profiles import Profile, grown, index_terms, joined
from aggregator.finding.splitting import FEWEST, Member, parts

CANDIDATES = 24
MERGE_EVERY = timedelta(hours=3)
SPLIT_EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article as it comes. source: its publisher, any name."""

    id: int
    weights: Weights
    at: datetime
    source: str = ""


@dataclass(slots=True)
class Standing:
    """A story as it stands. apart: the stories it was split from, which it is never one with again."""

    id: int
    profile: Profile
    oldest_at: datetime
    newest_at: datetime
    members: list[Member]
    sources: set[str]
    terms: list[str] = field(default_factory=list)
    apart: set[int] = field(default_factory=set)

    def candidate(self) -> Candidate:
        return Candidate(self.id, self.profile, len(self.members), len(self.sources), self.oldest_at, self.newest_at)


class Stream:
    """Stories as they grow. merges, splits: whether those passes are made; judges: the site's own if none."""

    def __init__(self, judges: Judges | None = None, *, merges: bool = True, splits: bool = True) -> None:
        self.judges = judges
        self.merges, self.splits = merges, splits
        self.stories: dict[int, Standing] = {}
        self.source_of: dict[int, str] = {}
        self.frequencies: Counter[str] = Counter()
        self.documents = 0
        self._index: defaultdict[str, set[int]] = defaultdict(set)
        self._grown: set[int] = set()
        self._grown_today: set[int] = set()
        self._next_merge: datetime | None = None
        self._next_split: datetime | None = None
        self._ids = 0

    def add(self, arrival: Arrival) -> int:
        """Put an article into a story; returns the story's id, which a merge or a split may change later."""
        self.keep_house(arrival.at)
        found = features(arrival.weights, self.frequencies, self.documents)
        chosen = self.chosen(found, arrival)
        self.source_of[arrival.id] = arrival.source
        story = self.stories[chosen] if chosen is not None else None
        member = Member(arrival.id, found, arrival.at)
        if story is None:
            story = self.begin([member])
        else:
            story.profile = grown(story.profile, found, arrival.at)
            story.members.append(member)
            story.sources.add(arrival.source)
            story.oldest_at, story.newest_at = min(story.oldest_at, arrival.at), max(story.newest_at, arrival.at)
            self.index(story)
        self.frequencies.update(arrival.weights.terms.keys())
        self.documents += 1
        return story.id

    def chosen(self, found: Features, arrival: Arrival) -> int | None:
        """The story an article belongs to, if there is one."""
        candidates = self.near(key_terms(found), arrival.at)
        return choose(found, arrival.at, candidates, documents=self.documents, judges=self.judges)

    def near(self, terms: Sequence[str], at: datetime, but: int = 0) -> list[Candidate]:
        """The stories within the time gate that share most of these terms, the newest of equals first."""
        shared = Counter(story for term in terms for story in self._index.get(term, ()) if story != but)
        since, until = at - TIME_GATE, at + TIME_GATE
        found = [
            (count, story)
            for count, story in ((count, self.stories[story]) for story, count in shared.items())
            if story.newest_at >= since and story.oldest_at <= until
        ]
        found.sort(key=lambda pair: (pair[0], pair[1].newest_at, pair[1].id), reverse=True)
        return [story.candidate() for _, story in found[:CANDIDATES]]

    def begin(self, members: Sequence[Member]) -> Standing:
        """A story of these articles."""
        profile = Profile()
        for member in members:
            profile = grown(profile, member.features, member.at)
        self._ids += 1
        times = [member.at for member in members]
        sources = {self.source_of[member.id] for member in members}
        story = Standing(self._ids, profile, min(times), max(times), list(members), sources)
        self.stories[story.id] = story
        self.index(story)
        return story

    def index(self, story: Standing) -> None:
        for term in story.terms:
            self._index[term].discard(story.id)
        story.terms = index_terms(story.profile)
        for term in story.terms:
            self._index[term].add(story.id)
        self._grown.add(story.id)
        self._grown_today.add(story.id)

    def drop(self, story: Standing) -> None:
        for term in story.terms:
            self._index[term].discard(story.id)
        del self.stories[story.id]
        self._grown.discard(story.id)
        self._grown_today.discard(story.id)

    def keep_house(self, now: datetime) -> None:
        """Merge and split if it is time."""
        if self._next_merge is None or self._next_split is None:
            self._next_merge, self._next_split = now + MERGE_EVERY, now + SPLIT_EVERY
        if now >= self._next_merge:
            self.merge()
            self._next_merge = now + MERGE_EVERY
        if now >= self._next_split:
            self.split()
            self._next_split = now + SPLIT_EVERY

    def finish(self) -> None:
        """Do what the hours after the last article would."""
        self.merge()
        self.split()
        self.merge()

    def merge(self) -> None:
        """Merge the stories that grew since the last time, each with the one it is surest to be one with."""
        if not self.merges:
            return
        waiting = sorted(self._grown)
        self._grown.clear()
        for story_id in waiting:
            if story_id in self.stories:
                self.merge_one(self.stories[story_id])

    def merge_one(self, story: Standing) -> None:
        one = story.candidate()
        surest, best = None, MERGE_NEEDED
        for other in self.near(story.terms, story.newest_at, but=story.id):
            sure = score(one, other, judges=self.judges)
            if sure > best and other.story_id not in story.apart:
                surest, best = self.stories[other.story_id], sure
        if surest is not None:
            older, younger = sorted((story, surest), key=lambda each: (each.oldest_at, each.id))
            self.unite(older, younger)

    def unite(self, older: Standing, younger: Standing) -> None:
        self.drop(younger)
        older.apart |= younger.apart
        for other in younger.apart & self.stories.keys():
            self.stories[other].apart.add(older.id)
        older.profile = joined(older.profile, younger.profile)
        older.members += younger.members
        older.sources |= younger.sources
        older.oldest_at = min(older.oldest_at, younger.oldest_at)
        older.newest_at = max(older.newest_at, younger.newest_at)
        self.index(older)

    def split(self) -> None:
        """Split the stories that grew since the last time where they hold several events."""
        waiting = sorted(self._grown_today)
        self._grown_today.clear()
        if not self.splits:
            return
        for story_id in waiting:
            story = self.stories.get(story_id)
            if story is None or len(story.members) < FEWEST:
                continue
            found = parts(story.members, judges=self.judges)
            if len(found) > 1:
                by_id = {member.id: member for member in story.members}
                self.drop(story)
                new = [self.begin([by_id[pk] for pk in ids]) for ids in found]
                for one in new:
                    one.apart = {other.id for other in new if other is not one} | story.apart

    def story_of(self) -> dict[int, int]:
        """The story each article is in now."""
        return {member.id: story.id for story in self.stories.values() for member in story.members}


def stories_of(arrivals: Iterable[Arrival], judges: Judges | None = None, **passes: bool) -> dict[int, int]:
    """The story of each article, by its id, once all have come and the last passes were made."""
    stream = Stream(judges, **passes)
    for arrival in arrivals:
        stream.add(arrival)
    stream.finish()
    return stream.story_of()
