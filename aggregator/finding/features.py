"""What an article is compared by: its terms, weighed by where they stand, how often, and how rare they are.

Term weighting of the vector space model (Salton and Buckley 1988, "Term-weighting approaches in automatic text
retrieval"): 1 + ln of the count, times the logarithm of rarity, at unit length. Beside all words, the headline's own,
names and numbers make vectors of their own: what is the same event is told by them, what is only alike by the rest.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, log

from aggregator.finding.anchors import anchors_of
from aggregator.finding.names import PAIR, names_in
from aggregator.finding.terms import terms_in
from aggregator.finding.usual import BEFORE, USUAL
from aggregator.finding.vectors import best, unit

TERMS_MAX = 80
NAMES_MAX = 40
KEY_TERMS = 16
KEY_ANCHORS = 4
BODY_TOKENS = 250
MOST_TOKENS = 120  # of a headline, and of a description
_CHARACTERS_PER_TOKEN = 8

# A vector's own length below which it says little, in rarest terms: a headline of common words proves no event.
_LITTLE, _LITTLE_OF_TITLE = 3.0, 1.5
_TITLE, _LEAD, _BODY = 3.0, 1.5, 1.0
# A number tells events of one kind apart: this match, this tremor, this day's price of oil.
_NUMBER = 2
_YEARS = range(1900, 2101)
# Of all documents; a term that more of them have finds too many stories to be looked up.
_COMMON = 0.05


@dataclass(frozen=True, slots=True)
class Weights:
    """What an article says and how much it says each, before any word is known to be rare.

    terms:   1 + ln of the count, title before lead before body; the keys are what a document frequency counts, once
             per article; the anchors are among them and weigh nothing there
    title:   the same of its headline alone
    names:   the same of names, rows of two among them ("angela_merkel")
    numbers: those in it, years among them; in_head: those in headline and lead that are no years
    anchors: how much it says of what is the same in any language; language: its primary subtag, or nothing
    source:  who published it, any name, or nothing
    """

    terms: Mapping[str, float]
    title: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, float] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    in_head: frozenset[str] = frozenset()
    anchors: Mapping[str, float] = field(default_factory=dict)
    language: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Features:
    """What an article is compared by.

    vector:  its best 80 terms, weight times rarity, of unit length, shorter where it says little; title and
             names: the same of those
    rarity:  of each term of the vector, number and anchor: 1 for one never seen, 0 for one that all have
    rarest:  the logarithm that a rarity of 1 stands for
    numbers: those in it, years among them; in_head: those in headline and lead that are no years
    anchors: a vector of unit length of what is the same in any language; source: who published it, or nothing
    """

    vector: Mapping[str, float]
    title: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, float] = field(default_factory=dict)
    rarity: Mapping[str, float] = field(default_factory=dict)
    rarest: float = 1.0
    numbers: frozenset[str] = frozenset()
    in_head: frozenset[str] = frozenset()
    anchors: Mapping[str, float] = field(default_factory=dict)
    language: str = ""
    source: str = ""


def weigh(title: str, description: str = "", text: str = "", language: str = "", source: str = "") -> Weights:
    """The terms of an article; language: BCP-47; source: its publisher, any name; nothing where they are not known."""
    title, description = (part[: MOST_TOKENS * _CHARACTERS_PER_TOKEN] for part in (title, description))
    body = text[: BODY_TOKENS * _CHARACTERS_PER_TOKEN]
    of_title, of_lead, of_body = (Counter(terms_in(part, BODY_TOKENS)) for part in (title, description, body))
    counts: dict[str, float] = defaultdict(float)
    for worth, told in ((_TITLE, of_title), (_LEAD, of_lead), (_BODY, of_body)):
        for term, times in told.items():
            counts[term] += worth * times
    numbers = frozenset([term for term in counts if term[0].isdigit()])
    said = {number for number in numbers if not is_year(number)}
    in_head = frozenset([number for number in said if number in of_title or number in of_lead])
    names = names_in([(_TITLE, title), (_LEAD, description), (_BODY, body)])
    anchors = anchors_of(names, in_head, title, description)
    terms = {term: 1 + log(count) for term, count in counts.items()}
    for number in said:
        terms[number] *= _NUMBER
    return Weights(
        terms | dict.fromkeys(anchors, 0.0),
        {term: _damped(count) for term, count in of_title.items()},
        {name: _damped(count) for name, count in names.items()},
        numbers,
        in_head,
        {anchor: _damped(count) for anchor, count in anchors.items()},
        language.replace("_", "-").split("-")[0].lower(),
        source,
    )


class Rarities(dict[str, tuple[float, float]]):
    """How rare terms are, each worked out when it is first asked for: the logarithm it is weighed by, and its share of
    the rarest's, rounded.
    """

    def __init__(self, frequencies: Mapping[str, int], documents: int) -> None:
        """frequencies: in how many of the `documents` seen before a term occurred; a missing term in none."""
        self.frequencies = frequencies
        self.documents = documents
        self.rarest = log(documents + BEFORE + 2)
        share = _SHARE_AT_FIRST + max(0, documents - _SMALL) / (_SETTLED - _SMALL)
        self._most = (documents + BEFORE) * share if share < 1 else inf

    def __missing__(self, term: str) -> tuple[float, float]:
        count, usual = self.frequencies.get(term, 0), USUAL.get(term)
        seen = count + usual if usual is not None else count if count < self._most else self._most
        weight = max(self.rarest - log(seen + 1), 0.0)
        found = self[term] = weight, round(weight / self.rarest, 3)
        return found


def features(weights: Weights, frequencies: Mapping[str, int], documents: int) -> Features:
    """What the article is compared by, now.

    frequencies: in how many of the `documents` seen before a term occurred; a missing term in none.
    """
    return features_by(weights, Rarities(frequencies, documents))


def features_by(weights: Weights, rarities: Rarities) -> Features:
    """The same of one of many articles, for whom it is worked out once how rare a term is."""
    rarest = rarities.rarest
    idf = {term: rarities[term][0] for term in weights.terms}
    scored = {term: weight * idf[term] for term, weight in weights.terms.items()}
    vector = _vector(scored, rarest)
    names = {
        name: weight * max([idf.get(part, 0.0) for part in name.split(PAIR)]) for name, weight in weights.names.items()
    }
    return Features(
        vector,
        unit({term: weight * idf[term] for term, weight in weights.title.items()}, _LITTLE_OF_TITLE * rarest),
        unit(best(names, NAMES_MAX)),
        {term: rarities[term][1] for term in {*vector, *weights.numbers, *weights.anchors}},
        rarest,
        weights.numbers,
        weights.in_head,
        unit({anchor: weight * idf[anchor] for anchor, weight in weights.anchors.items()}),
        weights.language,
        weights.source,
    )


def vector_of(weights: Weights, rarities: Rarities) -> Mapping[str, float]:
    """The same article's vector alone."""
    return _vector({term: weight * rarities[term][0] for term, weight in weights.terms.items()}, rarities.rarest)


def _vector(scored: Mapping[str, float], rarest: float) -> dict[str, float]:
    return unit(best(scored, TERMS_MAX), _LITTLE * rarest)


def key_terms(features: Features) -> list[str]:
    """The heaviest terms, by which an article finds stories to compare itself with; at most 20.

    Terms of more than one document in twenty are none: they find everything.
    """
    least = log(1 / _COMMON) / features.rarest
    rare = {term: weight for term, weight in features.vector.items() if features.rarity.get(term, 1) >= least}
    return [*best(rare or features.vector, KEY_TERMS), *best(features.anchors, KEY_ANCHORS)]


def is_year(number: str) -> bool:
    """Say whether a number is a year: shared by all of its news, and telling apart what is years apart."""
    return len(number) == 4 and number.isdecimal() and int(number) in _YEARS


def _damped(count: float) -> float:
    return 1 + log(count)


# While a site is small one event may be most of what it read, and its words are no usual ones: they count for no more
# than this share of documents at first, and for what they are once so many were read.
_SHARE_AT_FIRST, _SMALL, _SETTLED = 0.04, 300, 1000
