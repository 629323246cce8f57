"""What a story is compared by, as it grows article by article. Opaque to others; stored as JSON.

Vectors are kept as words and thousandths in one string, which is read ten times as fast as an object of numbers.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aggregator.finding.features import KEY_ANCHORS, KEY_TERMS, NAMES_MAX, TERMS_MAX, Features
from aggregator.finding.vectors import best, mean, packed, similarity, unit, unpacked

TITLE_MAX = 40
NUMBERS_MAX = 30
ANCHORS_MAX = 24
LANGUAGES_MAX = 12
SOURCES_MAX = 12
RECENT = 5
RECENT_TERMS = 40
# An article nearly equal to one of the last tells nothing new, whoever repeats it: it hardly moves the story.
_EQUAL = 0.95
_MASS_OF_EQUAL = 0.1


@dataclass(frozen=True)
class Profile:
    """A story. centroid, title, names: the means of its articles' vectors, of unit length.

    count:     of how many articles; mass: the same, near-equal ones hardly counting
    numbers:   in how many articles each stands
    recent:    the vectors of the last five articles, the latest last
    coherence: the mean cosine of an article to the centroid it joined
    length:    the mean count of an article's terms
    anchors:   the mean of its articles' vectors of what is the same in any language; languages: theirs
    sources:   how many of its articles are of each of its sources, of the first so many
    mean_at:   the mean time of its articles, seconds of the epoch; 0 where that is not known
    """

    centroid: Mapping[str, float] = field(default_factory=dict)
    count: int = 0
    mass: float = 0.0
    title: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    recent: tuple[Mapping[str, float], ...] = ()
    coherence: float = 1.0
    length: float = 0.0
    mean_at: float = 0.0
    anchors: Mapping[str, float] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    sources: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "centroid": packed(self.centroid),
            "count": self.count,
            "mass": round(self.mass, 2),
            "title": packed(self.title),
            "names": packed(self.names),
            "numbers": dict(self.numbers),
            "recent": [packed(vector) for vector in self.recent],
            "coherence": round(self.coherence, 3),
            "length": round(self.length, 1),
            "mean_at": round(self.mean_at),
            "anchors": packed(self.anchors),
            "languages": list(self.languages),
            "sources": dict(self.sources),
        }

    @classmethod
    def from_json(cls, data: Any) -> "Profile":
        """Read what as_json gave, also of an earlier version, also a part of it; a bare vector is a centroid."""
        return StoredProfile(data) if isinstance(data, dict) else cls()


class Lazily:
    """A figure of a stored profile, read when it is first asked for. functools.cached_property takes a lock each time,
    which takes as long as reading does.
    """

    def __init__(self, read: Callable[[dict[str, Any]], Any]) -> None:
        self.read = read

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, profile: Any, owner: type) -> Any:
        found = profile.__dict__[self.name] = self.read(profile.__dict__["data"])
        return found


class StoredProfile(Profile):
    """A profile as it was stored: read as far as it is asked for. Half of those an article is compared with fall away
    by their centroids.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        bare = "centroid" not in data
        self.__dict__["data"] = {"centroid": data, "count": 1, "mass": 1.0} if bare else data

    centroid = Lazily(lambda data: unpacked(data["centroid"]))
    count = Lazily(lambda data: int(_number(data.get("count"), 1)))
    mass = Lazily(lambda data: _number(data.get("mass"), _number(data.get("count"), 1)))
    title = Lazily(lambda data: unpacked(data.get("title")))
    names = Lazily(lambda data: unpacked(data.get("names")))
    numbers = Lazily(lambda data: _counts(data.get("numbers")))
    recent = Lazily(lambda data: tuple(map(unpacked, _list(data.get("recent")))))
    coherence = Lazily(lambda data: _number(data.get("coherence"), 1.0))
    length = Lazily(lambda data: _number(data.get("length"), len(unpacked(data["centroid"]))))
    mean_at = Lazily(lambda data: _number(data.get("mean_at"), 0.0))
    anchors = Lazily(lambda data: unpacked(data.get("anchors")))
    languages = Lazily(lambda data: tuple(map(str, _list(data.get("languages")))))
    sources = Lazily(lambda data: _counts(data.get("sources")))


def begun(features: Features, at: datetime) -> Profile:
    """The profile of a story that begins with this article, published at `at`, aware."""
    return Profile(
        dict(features.vector),
        1,
        1.0,
        dict(best(features.title, TITLE_MAX)),
        dict(features.names),
        dict.fromkeys(sorted(features.numbers)[:NUMBERS_MAX], 1),
        (unit(best(features.vector, RECENT_TERMS)),),
        1.0,
        len(features.vector),
        seconds(at),
        dict(features.anchors),
        (features.language,) if features.language else (),
        {features.source: 1} if features.source else {},
    )


def grown(profile: Profile, features: Features, at: datetime) -> Profile:
    """The profile with one more article."""
    one = begun(features, at)
    if not profile.count:
        return one
    is_equal = any(similarity(one.recent[0], other) >= _EQUAL for other in profile.recent)
    mass = _MASS_OF_EQUAL if is_equal else 1.0
    alike = similarity(features.vector, profile.centroid)
    coherence = (profile.coherence * profile.mass + alike * mass) / (profile.mass + mass) if profile.mass > 1 else alike
    return _together(profile, one, mass, coherence, profile.recent if is_equal else (*profile.recent, *one.recent))


def joined(one: Profile, other: Profile) -> Profile:
    """The profile of two stories that are one."""
    if not (one.count and other.count):
        return one if one.count else other
    alike = similarity(one.centroid, other.centroid)
    mass = one.mass + other.mass or 1.0
    coherence = 0.9 * (one.coherence * one.mass + other.coherence * other.mass) / mass + 0.1 * alike
    earlier, later = sorted((one, other), key=lambda profile: profile.mean_at)
    return _together(one, other, other.mass, coherence, (*earlier.recent, *later.recent))


def index_terms(profile: Profile) -> list[str]:
    """The terms by which articles find the story; at most 20, the heaviest first."""
    return [*best(profile.centroid, KEY_TERMS), *best(profile.anchors, KEY_ANCHORS)]


def seconds(at: datetime) -> float:
    return (at - _EPOCH).total_seconds()


def _together(
    one: Profile, other: Profile, mass: float, coherence: float, recent: tuple[Mapping[str, float], ...]
) -> Profile:
    """Two profiles in one; the other weighs `mass`."""
    numbers = Counter(one.numbers) + Counter(other.numbers)
    count = one.count + other.count
    return Profile(
        mean(one.centroid, one.mass, other.centroid, mass, TERMS_MAX),
        count,
        one.mass + mass,
        mean(one.title, one.mass, other.title, mass, TITLE_MAX),
        mean(one.names, one.mass, other.names, mass, NAMES_MAX),
        dict(sorted(numbers.items(), key=lambda item: (-item[1], item[0]))[:NUMBERS_MAX]),
        recent[-RECENT:],
        coherence,
        (one.length * one.count + other.length * other.count) / count,
        (one.mean_at * one.count + other.mean_at * other.count) / count if one.mean_at and other.mean_at else 0.0,
        mean(one.anchors, one.mass, other.anchors, mass, ANCHORS_MAX),
        tuple(sorted({*one.languages, *other.languages})[:LANGUAGES_MAX]),
        dict(list((Counter(one.sources) + Counter(other.sources)).items())[:SOURCES_MAX]),
    )


def _counts(data: Any) -> dict[str, int]:
    return {str(key): int(_number(count, 1)) for key, count in data.items()} if isinstance(data, dict) else {}


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _number(value: Any, otherwise: float) -> float:
    kind = type(value)
    return value if kind is float else float(value) if kind is int else otherwise


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
