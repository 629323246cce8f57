"""Which category is an article of? The feed's section says, else the item's tags, else its words. Touches no database.

The words are asked of a complement naive Bayes classifier (Rennie et al. 2003, "Tackling the Poor Assumptions of Naive
Bayes Text Classifiers"), trained on the site's own articles whose section was known: of single words, pairs of words
and how longer words begin (category_training.py). Where it is not sure: general.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import regex

from feeds.catalogues.category_words import CATEGORY_OF_NAME
from feeds.words import normalise, tokens

GENERAL = "general"
# Below this share of right answers a guess is not shown as a category.
CONFIDENT = 0.9

_WORDS_READ, _STEM = 80, 5  # of each field; letters of a longer word's beginning
_TITLE, _PAIR, _BEGINNING = 1.5, 0.7, 0.6  # what counts how much beside a word of the description


class Judgement(NamedTuple):
    """A category. how: what told it, "feed", "tags" or "text", or nothing for general."""

    category: str
    confidence: float
    how: str


def category_of(
    feed_category: str, tags: Iterable[str], title: str, description: str, model: "Model | None" = None
) -> Judgement:
    """Return the category of an article: of its feed's section, else of its tags, else what the model is sure of.

    feed_category: our slug; "" or "general" where the feed is of no section
    confidence:    1 for a section, the share of tags that agree, or the model's
    """
    if feed_category and feed_category != GENERAL:
        return Judgement(feed_category, 1.0, "feed")
    if told := category_of_tags(tags):
        return Judgement(*told, "tags")
    if model:
        category, confidence = model.classify(f"{title}\n{description}")
        if confidence >= CONFIDENT and category != GENERAL:
            return Judgement(category, confidence, "text")
    return Judgement(GENERAL, 0.0, "")


def category_of_tags(tags: Iterable[str]) -> tuple[str, float] | None:
    """Return the category most of the tags name, and the share that names it; the first of equals.

    A tag may be a path, as in "World > Middle East" or "fox-news/health". A region is a weak sign: it is outvoted by
    any other category, as a match of the World Cup in Europe is sports.
    """
    votes = Counter(
        category for tag in tags for category in {_named(part) for part in _TAG_PARTS.split(tag)} if category
    )
    if not votes:
        return None
    stronger = [category for category in votes if category != "world"] or ["world"]
    best = max(stronger, key=votes.__getitem__)
    return best, round(votes[best] / votes.total(), 3)


_TAG_PARTS = regex.compile(r"\s*[>/|:;»,]\s*")


def _named(part: str) -> str:
    return CATEGORY_OF_NAME.get(normalise(part), "")


@dataclass(frozen=True, slots=True)
class Model:
    """A trained classifier.

    rarity:      term → its idf
    weights:     term → one weight for each of `categories`, in their order; the lowest sum wins
    calibration: (margin, share right) pairs, margins rising: of the held-out articles at least as clear as the margin,
                 the share whose category was right
    accuracy:    the share of all held-out articles it got right; None where there were none
    """

    categories: tuple[str, ...]
    rarity: Mapping[str, float]
    weights: Mapping[str, Sequence[float]]
    calibration: Sequence[tuple[float, float]] = ()
    accuracy: float | None = None

    def classify(self, text: str) -> tuple[str, float]:
        """Return the likeliest category of a text (title, newline, description) and how sure that is, 0 to 1."""
        if len(self.categories) < 2:
            return GENERAL, 0.0
        category, margin = self.best(terms_of(text))
        return category, self.confidence(margin)

    def best(self, terms: Mapping[str, float]) -> tuple[str, float]:
        """Return the likeliest category of a text's terms and by how much it leads the second."""
        sums = [0.0] * len(self.categories)
        for term, value in vector_of(terms, self.rarity).items():
            for number, weight in enumerate(self.weights[term]):
                sums[number] += value * weight
        ranked = sorted(zip(sums, self.categories, strict=True))
        return ranked[0][1], ranked[1][0] - ranked[0][0]

    def confidence(self, margin: float) -> float:
        """The share right among held-out articles at least as clear."""
        confidence = 0.0
        for reached, share in self.calibration:
            if margin < reached:
                break
            confidence = share
        return confidence

    def as_json(self) -> dict[str, Any]:
        """The model as plain values for a JSON column; `from_json` reads it."""
        return {
            "categories": list(self.categories),
            "rarity": dict(self.rarity),
            "weights": {term: list(weights) for term, weights in self.weights.items()},
            "calibration": [list(pair) for pair in self.calibration],
            "accuracy": self.accuracy,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Model":
        return cls(
            tuple(stored["categories"]),
            stored["rarity"],
            {term: array("d", weights) for term, weights in stored["weights"].items()},
            [(margin, share) for margin, share in stored["calibration"]],
            stored["accuracy"],
        )


def vector_of(terms: Mapping[str, float], rarity: Mapping[str, float]) -> dict[str, float]:
    """The known terms of a text, by count and rarity, at unit length."""
    values = {term: weight * rarity[term] for term, weight in terms.items() if term in rarity}
    length = math.sqrt(sum(value * value for value in values.values()))
    return {term: value / length for term, value in values.items()} if length else {}


def terms_of(text: str) -> dict[str, float]:
    """Words, pairs of neighbours and beginnings of longer words, by how much each counts."""
    found: dict[str, float] = defaultdict(float)
    title, _, description = text.partition("\n")
    for said, weight in ((title, _TITLE), (description, 1.0)):
        words = [token.word for token in tokens(said)[:_WORDS_READ]]
        for word in words:
            found[word] += weight
            if len(word) > _STEM + 1:
                found[f"{word[:_STEM]}*"] += weight * _BEGINNING
        for pair in pairwise(words):
            found[" ".join(pair)] += weight * _PAIR
    return {term: 1 + math.log(count) if count > 1 else count for term, count in found.items()}
