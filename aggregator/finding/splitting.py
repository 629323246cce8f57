"""Does a story hold several events? Average-link clustering of its articles (Sokal and Michener 1958), cut where the
articles of two groups have, on the mean, too little in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.finding.features import Features
from aggregator.finding.judging import SHORT
from aggregator.finding.vectors import similarity

FEWEST = 4  # articles; of fewer it can not be told
MOST = 300  # articles compared with each other; what comes after the first so many follows its nearest
# Mean likeness of the articles of two groups below which they stand apart, of headlines and of texts.
_APART_SHORT = 0.02
_APART_LONG = 0.08
_OF_VECTOR, _OF_NAMES = 0.7, 0.3


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story. at: when it was published, aware."""

    id: int
    features: Features
    at: datetime


def parts(members: Sequence[Member]) -> list[list[int]]:
    """The ids of the articles, one list an event, the list of the earliest article first; one list: nothing to split.

    A part has two articles or more: one alone stays with those it is most like.
    """
    if not members:
        return []
    ordered = sorted(members, key=lambda member: (member.at, member.id))
    compared, rest = ordered[:MOST], ordered[MOST:]
    if len(ordered) < FEWEST:
        return [[member.id for member in ordered]]
    length = sum([len(member.features.vector) for member in compared]) / len(compared)
    groups = _average_link(_likenesses(compared), _APART_SHORT if length < SHORT else _APART_LONG)
    large = [group for group in groups if len(group) > 1]
    if len(large) < 2:
        return [[member.id for member in ordered]]
    homes = {place: home for home, group in enumerate(large) for place in group}
    lonely = [member for place, member in enumerate(compared) if place not in homes] + rest
    found = [[compared[place] for place in sorted(group)] for group in large]
    for member in lonely:
        likeness = [sum([_likeness(member, other) for other in group[:50]]) / len(group[:50]) for group in found]
        found[max(range(len(found)), key=lambda home: (likeness[home], -home))].append(member)
    found.sort(key=lambda group: min((member.at, member.id) for member in group))
    return [[member.id for member in group] for group in found]


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
