"""The article nearest the centre of a story: whose headline says what all have in common."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from aggregator.comparing.tellings import Telling
from aggregator.finding.features import features, weigh
from aggregator.finding.vectors import similarity

BEGINNING = 1_500  # characters of a text: they say what it is about


def central(tellings: Sequence[Telling], *, language: str = "") -> Telling | None:
    """The article most like all the others, in this language if there is any; the earliest of equals.

    The centre is the mean of the sources' articles, a source counting once however many it has; what the
    articles are made of, finding/features.py says.
    """
    if not tellings:
        return None
    weights = [weigh(telling.title, "", telling.text[:BEGINNING], telling.language) for telling in tellings]
    frequency = Counter(term for one in weights for term in one.terms)
    # Terms of all articles are the story itself: no rarity is asked of them but that of terms in general.
    vectors = [features(one, {}, len(tellings)).vector for one in weights]
    of_source = Counter(telling.source for telling in tellings)
    centre: dict[str, float] = defaultdict(float)
    for telling, vector in zip(tellings, vectors, strict=True):
        for term, weight in vector.items():
            if frequency[term] > 1 or len(tellings) == 1:
                centre[term] += weight / of_source[telling.source]
    readable = [place for place, telling in enumerate(tellings) if telling.language == language]
    places = readable or range(len(tellings))
    return tellings[max(places, key=lambda place: (round(similarity(vectors[place], centre), 6), -place))]
