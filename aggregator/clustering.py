"""Which story does an article belong to? Touches neither network nor database.

Same-story grouping by what articles say: an article is a unit vector of weighted terms, a story the mean of its
articles, and the nearest story within the time gate takes the article where they share enough. A wrong merge is worse
than a missed one, so every doubt starts a new story.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import regex

from aggregator.stop_words import COMMON_WORDS, STOP_WORDS
from feeds.words import Token, is_unspaced, tokens

TERMS_MAX = 80
KEY_TERMS = 16
BODY_TOKENS = 250
TIME_GATE = timedelta(hours=72)

# The similarity a story asks of an article: more of a story of many than of a single article, since a mean of many
# is near to more; more after a silence; more while too few documents were seen to know which words are common.
_NEEDED = 0.13
_NEEDED_BY_SIZE = 0.08
_NEEDED_BY_SILENCE = 0.05
_NEEDED_WHEN_COLD = 0.05
_COLD_DOCUMENTS = 100
# One rare name in common is not yet an event in common.
_SHARED_TERMS_MIN = 2

# A vector's own length below which it says little, in rarest terms: a headline of common words proves no event.
_LITTLE = 4
_TITLE, _LEAD, _BODY = 3.0, 1.5, 1.0
# A number tells events of one kind apart: this match, this tremor, this day's price of oil.
_NUMBER = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story the article may belong to.

    centroid:  its vector, from merged_centroid()
    newest_at: when its newest article was published, aware; oldest_at: its oldest
    """

    story_id: int
    centroid: Mapping[str, float]
    article_count: int
    oldest_at: datetime
    newest_at: datetime


def term_weights(title: str, description: str = "", text: str = "") -> dict[str, float]:
    """The terms of an article and how much it says each: 1 + ln of the count, title before lead before body.

    The keys are what a document frequency counts, once per article.
    """
    counts: dict[str, float] = defaultdict(float)
    body = tokens(text[: BODY_TOKENS * 8])[:BODY_TOKENS]
    for weight, words in ((_TITLE, tokens(title)), (_LEAD, tokens(description)), (_BODY, body)):
        for term in _terms(words):
            counts[term] += weight
    return {term: (1 + math.log(count)) * (_NUMBER if term[0].isdigit() else 1) for term, count in counts.items()}


def features(weights: Mapping[str, float], document_frequency: Mapping[str, int], documents: int) -> dict[str, float]:
    """An article's vector: its best 80 terms by weight times rarity, of unit length or, where it says little, less.

    document_frequency: in how many of the `documents` seen before a term occurred; a missing term in none.
    """
    rarest = math.log(documents + _PRIOR_DOCUMENTS + 2)
    scored = {
        term: weight * (rarest - math.log(document_frequency.get(term, 0) + _PRIOR.get(term, 0) + 1))
        for term, weight in weights.items()
    }
    return _unit(_best(scored, TERMS_MAX), _LITTLE * rarest)


def key_terms(vector: Mapping[str, float], n: int = KEY_TERMS) -> list[str]:
    """The heaviest terms, by which an article finds stories to compare itself with."""
    return list(_best(vector, n))


def choose(
    vector: Mapping[str, float],
    published_at: datetime,
    candidates: Iterable[Candidate],
    *,
    documents: int = _COLD_DOCUMENTS,
) -> int | None:
    """The id of the story the article belongs to, or None: it begins one of its own.

    documents: how many the vector's document frequencies were counted over.
    """
    cold = max(0.0, 1 - documents / _COLD_DOCUMENTS)
    best_id, best_margin = None, 0.0
    for candidate in candidates:
        apart = _apart(published_at, candidate)
        if apart > TIME_GATE or len(vector.keys() & candidate.centroid.keys()) < _SHARED_TERMS_MIN:
            continue
        needed = (
            _NEEDED
            + _NEEDED_BY_SIZE * (1 - 1 / candidate.article_count)
            + _NEEDED_BY_SILENCE * (apart / TIME_GATE)
            + _NEEDED_WHEN_COLD * cold
        )
        margin = similarity(vector, candidate.centroid) - needed
        if margin > best_margin:
            best_id, best_margin = candidate.story_id, margin
    return best_id


def merged_centroid(centroid: Mapping[str, float], article_count: int, vector: Mapping[str, float]) -> dict[str, float]:
    """The story's vector with one more article in it: the mean, cut to its best 80 terms, of unit length."""
    total: dict[str, float] = defaultdict(float, {t: w * article_count for t, w in centroid.items()})
    for term, weight in vector.items():
        total[term] += weight
    return _unit(_best(total, TERMS_MAX))


def similarity(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How much two vectors share, 0 to 1: the cosine, less where one says little."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def _apart(published_at: datetime, candidate: Candidate) -> timedelta:
    """How long before or after the story the article stands; nothing while it falls within."""
    return max(candidate.oldest_at - published_at, published_at - candidate.newest_at, timedelta(0))


def _terms(words: list[Token]) -> Iterator[str]:
    """What is compared: words without plural and possessive; pairs of neighbours in scripts without spaces."""
    previous = Token("", 0)
    for token in words:
        if is_unspaced(token.word):
            if is_unspaced(previous.word) and token.position == previous.position + 1:
                yield previous.word + token.word
        elif term := _term(token.word):
            yield term
        previous = token


@lru_cache(maxsize=30_000)
def _term(word: str) -> str:
    """The word as it is compared, or nothing for one that says nothing."""
    return "" if len(word) < 2 or word in STOP_WORDS else _stem(word)


_POSSESSIVE = regex.compile(r"'s?$")


def _stem(word: str) -> str:
    word = _POSSESSIVE.sub("", word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


# What the first articles are weighed by: as if this many had been read, and the words of the trade met in them.
_PRIOR_DOCUMENTS = 200
_PRIOR = {_stem(word): _PRIOR_DOCUMENTS // 10 for word in COMMON_WORDS}


def _best(scored: Mapping[str, float], n: int) -> dict[str, float]:
    heaviest = sorted(scored.items(), key=lambda item: (-item[1], item[0]))[:n]
    return {term: weight for term, weight in heaviest if weight > 0}


def _unit(vector: dict[str, float], little: float = 0.0) -> dict[str, float]:
    """The vector at length 1; or shorter, by as much as its own length is near to `little`."""
    length = math.sqrt(sum(weight * weight for weight in vector.values()) + little * little)
    return {term: round(weight / length, 4) for term, weight in vector.items()} if length else {}
