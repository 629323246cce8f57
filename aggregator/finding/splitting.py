"""Does a story hold several events? Average-link clustering of its articles (Sokal and Michener 1958), cut high; of the
groups those become one again that would be merged if they were stories, and what is left apart are the events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.finding.candidates import Candidate
from aggregator.finding.features import Features
from aggregator.finding.judging import SHORT, Judges
from aggregator.finding.merging import score
from aggregator.finding.profiles import Profile, grown
from aggregator.finding.vectors import similarity

FEWEST = 4  # articles; of fewer it can not be told
MOST = 300  # articles compared with each other; what comes after the first so many follows its nearest
# Mean likeness of the articles of two groups below which they are groups, of headlines and of texts.
_APART_SHORT, _APART_LONG = 0.03, 0.28
_OF_VECTOR, _OF_NAMES = 0.4, 0.6
# Odds, as their logarithm, above which two groups are one event after all.
_ONE = 0.2
_MOST_GROUPS = 24  # the largest; the articles of smaller ones follow their nearest


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story. at: when it was published, aware."""

    id: int
    features: Features
    at: datetime


def parts(members: Sequence[Member], *, judges: Judges | None = None) -> list[list[int]]:
    """The ids of the articles, one list an event, the list of the earliest article first; one list: nothing to split.

    A part has two articles or more: one alone stays with those it is most like.
    """
    if not members:
        return []
    ordered = sorted(members, key=lambda member: (member.at, member.id))
    if len(ordered) < FEWEST:
        return [[member.id for member in ordered]]
    compared = ordered[:MOST]
    length = sum([len(member.features.vector) for member in compared]) / len(compared)
    found = _average_link(_likenesses(compared), _APART_SHORT if length < SHORT else _APART_LONG)
    found = sorted((group for group in found if len(group) > 1), key=lambda group: (-len(group), min(group)))
    groups = _rejoined([[compared[place] for place in sorted(group)] for group in found[:_MOST_GROUPS]], judges)
    if len(groups) < 2:
        return [[member.id for member in ordered]]
    homes = {member.id for group in groups for member in group}
    for member in ordered:
        if member.id not in homes:
            likeness = [sum([_likeness(member, other) for other in group[:50]]) / len(group[:50]) for group in groups]
            groups[max(range(len(groups)), key=lambda home: (likeness[home], -home))].append(member)
    groups.sort(key=lambda group: min((member.at, member.id) for member in group))
    return [[member.id for member in group] for group in groups]


def _rejoined(groups: list[list[Member]], judges: Judges | None) -> list[list[Member]]:
    """The groups that are events, the surest to be one joined first."""
    stories = [_story(group) for group in groups]
    while len(groups) > 1:
        pairs = [(one, other) for one in range(len(groups)) for other in range(one)]
        scores = [score(stories[one], stories[other], judges=judges) for one, other in pairs]
        surest = max(range(len(pairs)), key=lambda pair: (scores[pair], -pair))
        if scores[surest] <= _ONE:
            break
        one, other = pairs[surest]
        groups[other] += groups.pop(one)
        del stories[one]
        stories[other] = _story(groups[other])
    return groups


def _story(group: Sequence[Member]) -> Candidate:
    """The group as if it were a story of its own, each article of another source."""
    profile = Profile()
    for member in group:
        profile = grown(profile, member.features, member.at)
    times = [member.at for member in group]
    return Candidate(0, profile, len(group), len(group), min(times), max(times))


def _likeness(one: Member, other: Member) -> float:
    alike = similarity(one.features.vector, other.features.vector)
    if not (one.features.names and other.features.names):
        return alike
    return _OF_VECTOR * alike + _OF_NAMES * similarity(one.features.names, other.features.names)


def _likenesses(members: Sequence[Member]) -> list[list[float]]:
    rows = [[0.0] * len(members) for _ in members]
    for place, one in enumerate(members):
        for other in range(place):
            rows[place][other] = rows[other][place] = _likeness(one, members[other])
    return rows


def _average_link(alike: list[list[float]], least: float) -> list[list[int]]:
    """Groups of places, joined two by two, the most alike first, as long as they are alike by `least` on the mean.

    The likeness of a joined pair is the mean of theirs by size (Lance and Williams 1967); `alike` is written over.
    """
    groups: dict[int, list[int]] = {place: [place] for place in range(len(alike))}
    nearest = {place: _nearest(place, groups, alike) for place in groups}
    while len(groups) > 1:
        place = max(groups, key=lambda one: (alike[one][nearest[one]], -one))
        other = nearest[place]
        if alike[place][other] < least:
            break
        place, other = min(place, other), max(place, other)
        mine, theirs = len(groups[place]), len(groups[other])
        for third in groups:
            if third not in (place, other):
                mean = (mine * alike[place][third] + theirs * alike[other][third]) / (mine + theirs)
                alike[place][third] = alike[third][place] = mean
        groups[place] += groups.pop(other)
        del nearest[other]
        for third in groups:
            if third == place or nearest[third] in (place, other):
                nearest[third] = _nearest(third, groups, alike)
            elif alike[third][place] > alike[third][nearest[third]]:
                nearest[third] = place
    return list(groups.values())


def _nearest(place: int, groups: dict[int, list[int]], alike: list[list[float]]) -> int:
    return max(
        (other for other in groups if other != place), key=lambda other: (alike[place][other], -other), default=place
    )
