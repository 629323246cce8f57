"""What an article is compared by: its terms, weighed by where they stand, how often, and how rare they are."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.finding.terms import stem, terms_of
from aggregator.finding.vectors import best, unit
from aggregator.stop_words import COMMON_WORDS
from feeds.words import tokens

TERMS_MAX = 80
KEY_TERMS = 16
BODY_TOKENS = 250

# A vector's own length below which it says little, in rarest terms: a headline of common words proves no event.
_LITTLE = 4
_TITLE, _LEAD, _BODY = 3.0, 1.5, 1.0
# A number tells events of one kind apart: this match, this tremor, this day's price of oil.
_NUMBER = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """What an article says and how much it says each, before any word is known to be rare.

    terms: 1 + ln of the count, title before lead before body; the keys are what a document frequency counts, once per
           article
    """

    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Features:
    """What an article is compared by. vector: its best 80 terms, weight times rarity, of unit length or shorter."""

    vector: Mapping[str, float]


def weigh(title: str, description: str = "", text: str = "", language: str = "") -> Weights:
    """The terms of an article; language: BCP-47, or nothing where it is not known."""
    counts: dict[str, float] = defaultdict(float)
    body = tokens(text[: BODY_TOKENS * 8])[:BODY_TOKENS]
    for weight, words in ((_TITLE, tokens(title)), (_LEAD, tokens(description)), (_BODY, body)):
        for term in terms_of(words):
            counts[term] += weight
    return Weights(
        {term: (1 + math.log(count)) * (_NUMBER if term[0].isdigit() else 1) for term, count in counts.items()}
    )


def features(weights: Weights, frequencies: Mapping[str, int], documents: int) -> Features:
    """What the article is compared by, now.

    frequencies: in how many of the `documents` seen before a term occurred; a missing term in none.
    """
    rarest = math.log(documents + _PRIOR_DOCUMENTS + 2)
    scored = {
        term: weight * (rarest - math.log(frequencies.get(term, 0) + _PRIOR.get(term, 0) + 1))
        for term, weight in weights.terms.items()
    }
    return Features(unit(best(scored, TERMS_MAX), _LITTLE * rarest))


def key_terms(features: Features) -> list[str]:
    """The heaviest terms, by which an article finds stories to compare itself with; at most 20."""
    return list(best(features.vector, KEY_TERMS))


# What the first articles are weighed by: as if this many had been read, and the words of the trade met in them.
_PRIOR_DOCUMENTS = 200
_PRIOR = {stem(word): _PRIOR_DOCUMENTS // 10 for word in COMMON_WORDS}
