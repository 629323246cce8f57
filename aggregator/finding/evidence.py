"""What speaks for an article being of a story, and for two stories being one: a row of figures, named in order.

The figures are those of news clustering as it streams: Azzopardi and Staff 2012 ("Incremental Clustering of News
Reports"), Miranda et al. 2018 ("Multilingual Clustering of Streaming News": several vectors, times, a trained score),
with rare words and numbers shared, and how alike the story's own articles are.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime

from aggregator.finding.candidates import Candidate, silence_before, silence_between
from aggregator.finding.features import Features, is_year
from aggregator.finding.profiles import Profile, seconds
from aggregator.finding.vectors import similarity

OF_ARTICLE = (
    *("cosine", "root of cosine", "title", "names", "nearest", "rare words", "title words", "title known"),
    *("numbers", "other numbers", "silence", "since first", "since mean", "single", "size", "like members"),
    *("names told", "names known", "numbers known", "other years", "length", "coherence", "own source"),
)
OF_STORIES = (
    *("cosine", "root of cosine", "title", "names", "nearest", "words", "numbers", "other numbers", "silence"),
    *("between means", "single", "both single", "smaller", "like members"),
    *("names known", "numbers known", "other years", "length", "coherence", "own source"),
)
Figures = tuple[float, ...]

_DAY = 86_400.0
_MOST_DAYS = 10.0
_LEAST_COHERENCE = 0.05
_COHERENCE_OF_ONE = 0.6


def of_article(article: Features, at: datetime, story: Candidate, cosine: float) -> Figures:
    """The figures of OF_ARTICLE. cosine: of the article to the story's centroid, computed by the caller."""
    profile = story.profile
    centroid = profile.centroid
    rare = sum([article.rarity.get(term, 0.0) for term in article.vector if term in centroid])
    shared = [weight for term, weight in article.title.items() if term in centroid]
    told = {number: article.rarity.get(number, 0.0) for number in article.numbers if not is_year(number)}
    numbers = sum([rarity for number, rarity in told.items() if number in profile.numbers])
    is_other = bool(article.in_head and profile.numbers) and article.in_head.isdisjoint(profile.numbers)
    size = max(1, story.source_count)
    return (
        cosine,
        math.sqrt(max(cosine, 0.0)),
        similarity(article.title, profile.title),
        similarity(article.names, profile.names),
        max([similarity(article.vector, other) for other in profile.recent], default=cosine),
        math.log1p(rare),
        math.log1p(len(shared)),
        sum([weight * weight for weight in shared]),
        math.log1p(numbers),
        float(is_other),
        silence_before(at, story).total_seconds() / _DAY,
        _days(seconds(at) - seconds(story.oldest_at)),
        _days(seconds(at) - (profile.mean_at or seconds(story.newest_at))),
        1 / size,
        math.log(size),
        cosine / max(profile.coherence, _LEAST_COHERENCE) if profile.count > 1 else 0.0,
        float(bool(article.names and profile.names)),
        _known(article.names, profile.names) if profile.names else 0.0,
        numbers / (sum(told.values()) or 1.0),
        _other_years(article.numbers, profile.numbers),
        math.log1p(len(article.vector)),
        _coherence(story),
        profile.sources.get(article.source, 0) / max(1, profile.count),
    )


def of_stories(one: Candidate, other: Candidate) -> Figures:
    """The figures of OF_STORIES; the same either way round."""
    first, second = one.profile, other.profile
    cosine = similarity(first.centroid, second.centroid)
    told, theirs_told = ({number for number in profile.numbers if not is_year(number)} for profile in (first, second))
    numbers = told & theirs_told
    smaller, larger = sorted((max(1, one.source_count), max(1, other.source_count)))
    nearest = [similarity(mine, theirs) for mine in first.recent for theirs in second.recent]
    return (
        cosine,
        math.sqrt(max(cosine, 0.0)),
        similarity(first.title, second.title),
        similarity(first.names, second.names),
        max(nearest, default=cosine),
        math.log1p(len(first.centroid.keys() & second.centroid.keys())),
        math.log1p(len(numbers)),
        float(bool(told and theirs_told) and not numbers),
        silence_between(one, other).total_seconds() / _DAY,
        _days((first.mean_at or seconds(one.newest_at)) - (second.mean_at or seconds(other.newest_at))),
        1 / smaller,
        1 / larger,
        math.log(smaller),
        cosine / _coherence(one) + cosine / _coherence(other),
        min(_known(first.names, second.names), _known(second.names, first.names)),
        len(numbers) / (min(len(told), len(theirs_told)) or 1),
        _other_years(first.numbers, second.numbers),
        math.log1p((first.length + second.length) / 2),
        min(_coherence(one), _coherence(other)),
        _own_sources(first, second),
    )


def _known(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """How much of my vector, of unit length, stands in theirs."""
    return sum([weight * weight for name, weight in mine.items() if name in theirs])


def _own_sources(one: Profile, other: Profile) -> float:
    """How much of two stories is told by the same sources, of 1."""
    shared = one.sources.keys() & other.sources.keys()
    return sum([min(one.sources[source] / one.count, other.sources[source] / other.count) for source in sorted(shared)])


def _other_years(mine: Iterable[str], theirs: Iterable[str]) -> float:
    """1 where both name years and none in common."""
    one, other = set(filter(is_year, mine)), set(filter(is_year, theirs))
    return float(bool(one and other) and one.isdisjoint(other))


def _coherence(story: Candidate) -> float:
    profile = story.profile
    return max(profile.coherence, _LEAST_COHERENCE) if profile.count > 1 else _COHERENCE_OF_ONE


def _days(apart: float) -> float:
    return min(abs(apart) / _DAY, _MOST_DAYS)
