"""The article nearest the centre of a story: whose headline says what all have in common."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from aggregator.comparing.tellings import Telling
from aggregator.finding.features import Rarities, Weights, vector_of, weigh
from aggregator.finding.vectors import similarity

BEGINNING = 1_500  # characters of a text: they say what it is about
LEAST_SHARED = 0.05  # what a headline counts for that shares no word, as one alone in its language


def central(tellings: Sequence[Telling], *, language: str = "") -> Telling | None:
    """The article most like all the others, in this language if there is any; the earliest of equals."""
    heads = centrals(tellings)
    return heads.get(language) or heads.get("")


def centrals(tellings: Sequence[Telling]) -> dict[str, Telling]:
    """The same by language; "": of all.

    The centre is the mean of the sources' articles, a source counting once however many it has; what the
    articles are made of, finding/features.py says. How near an article is counts times the root of how much of its
    headline others say: a headline's angle is in the words that only its own source has.
    """
    weights = [weigh(telling.title, "", telling.text[:BEGINNING], telling.language) for telling in tellings]
    frequency = Counter(term for one in weights for term in one.terms)
    # Terms of all articles are the story itself: no rarity is asked of them but that of terms in general.
    rarities = Rarities({}, len(tellings))
    vectors = [vector_of(one, rarities) for one in weights]
    of_source = Counter(telling.source for telling in tellings)
    centre: dict[str, float] = defaultdict(float)
    for telling, vector in zip(tellings, vectors, strict=True):
        for term, weight in vector.items():
            if frequency[term] > 1 or len(tellings) == 1:
                centre[term] += weight / of_source[telling.source]
    shared = shared_parts(tellings, weights)
    worth = [
        round(similarity(vector, centre) * math.sqrt(max(LEAST_SHARED, part)), 6)
        for vector, part in zip(vectors, shared, strict=True)
    ]
    found: dict[str, Telling] = {}
    for place in sorted(range(len(tellings)), key=lambda place: (-worth[place], place)):
        found.setdefault("", tellings[place])
        found.setdefault(tellings[place].language, tellings[place])
    return found


def shared_parts(tellings: Sequence[Telling], weights: Sequence[Weights]) -> list[float]:
    """By article, which part of the other sources of its language says a word of its headline, on an average; 0 to 1.

    Each source counts once, and a word counts that stands in a headline or in the beginning of a text. An article
    whose source is the only one of its language, or whose headline has no words, has 0.
    """
    saying: Mapping[tuple[str, str], set[str]] = defaultdict(set)
    sources: Mapping[str, set[str]] = defaultdict(set)
    for telling, one in zip(tellings, weights, strict=True):
        sources[telling.language].add(telling.source)
        for term in one.terms:
            saying[telling.language, term].add(telling.source)
    parts: list[float] = []
    for telling, one in zip(tellings, weights, strict=True):
        possible = len(one.title) * (len(sources[telling.language]) - 1)
        said = sum(len(saying[telling.language, term]) - 1 for term in one.title)
        parts.append(said / possible if possible else 0.0)
    return parts
