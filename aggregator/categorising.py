"""Which category is an article of? The feed's section says, else the item's tags, else its words. Touches no database.

The words are asked of a complement naive Bayes classifier (Rennie et al. 2003, "Tackling the Poor Assumptions of Naive
Bayes Text Classifiers"), trained on the site's own articles whose section was known. Where it is not sure: general.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, NamedTuple

import regex

from aggregator.finding.features import weigh
from feeds.catalogues.category_words import CATEGORY_OF_NAME
from feeds.words import normalise

GENERAL = "general"
# Below this share of right answers a guess is not shown as a category.
CONFIDENT = 0.9

VOCABULARY_MAX = 20_000
_SEEN_MIN = 3
_SMOOTHING = 1.0
_HELD_OUT_OF = 5


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
        if confidence >= CONFIDENT:
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
        category, margin = self.best(_terms(text))
        confidence = 0.0
        for reached, share in self.calibration:
            if margin < reached:
                break
            confidence = share
        return category, confidence

    def best(self, terms: Mapping[str, float]) -> tuple[str, float]:
        """Return the likeliest category of a text's terms and by how much it leads the second."""
        sums = [0.0] * len(self.categories)
        for term, value in _vector(terms, self.rarity).items():
            for number, weight in enumerate(self.weights[term]):
                sums[number] += value * weight
        ranked = sorted(zip(sums, self.categories, strict=True))
        return ranked[0][1], ranked[1][0] - ranked[0][0]

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
            stored["weights"],
            [(margin, share) for margin, share in stored["calibration"]],
            stored["accuracy"],
        )


def train(rows: Iterable[tuple[str, str]]) -> Model:
    """Train on (text, category) rows; text is title, newline, description. Rows of "general" teach nothing.

    One row in five, chosen by a hash of its text, is kept back to learn how far the model's margins can be trusted;
    the model that is returned has seen all rows.
    """
    texts = sorted({(text, category) for text, category in rows if category and category != GENERAL})
    known = [(_terms(text), category) for text, category in texts]
    is_held_out = [_is_held_out(text) for text, _ in texts]
    held_out = list(compress(known, is_held_out))
    learnt = _fitted([row for row, is_out in zip(known, is_held_out, strict=True) if not is_out])
    whole = _fitted(known)
    if len(learnt.categories) < 2 or not held_out:
        return whole
    judged = []
    for terms, category in held_out:
        best, margin = learnt.best(terms)
        judged.append((margin, best == category))
    accuracy = sum(is_right for _, is_right in judged) / len(judged)
    return replace(whole, calibration=_calibrated(judged), accuracy=round(accuracy, 4))


def _is_held_out(text: str) -> bool:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=4).digest()[0] % _HELD_OUT_OF == 0


def _fitted(rows: Sequence[tuple[Mapping[str, float], str]]) -> Model:
    categories = tuple(sorted({category for _, category in rows}))
    rarity = _rarity([terms for terms, _ in rows])
    counts: dict[str, dict[str, float]] = {category: defaultdict(float) for category in categories}
    for terms, category in rows:
        for term, value in _vector(terms, rarity).items():
            counts[category][term] += value
    whole: Counter[str] = Counter()
    for of_category in counts.values():
        whole.update(of_category)
    columns = [_complement_weights(whole, counts[category], rarity) for category in categories]
    weights = {term: [round(column[term], 3) for column in columns] for term in rarity}
    return Model(categories, rarity, weights)


def _complement_weights(
    whole: Mapping[str, float], own: Mapping[str, float], vocabulary: Iterable[str]
) -> dict[str, float]:
    """Return for each term how usual it is in the *other* categories, as a logarithm, scaled to a mean of one."""
    other = {term: whole.get(term, 0.0) - own.get(term, 0.0) + _SMOOTHING for term in vocabulary}
    total = sum(other.values())
    logs = {term: math.log(count / total) for term, count in other.items()}
    scale = sum(map(abs, logs.values())) / len(logs) if logs else 1.0
    return {term: log / scale for term, log in logs.items()}


def _rarity(documents: Sequence[Mapping[str, float]]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    for terms in documents:
        seen.update(terms.keys())
    kept = [(term, count) for term, count in seen.most_common(VOCABULARY_MAX) if count >= _SEEN_MIN]
    return {term: round(math.log((len(documents) + 1) / count), 3) for term, count in kept}


def _vector(terms: Mapping[str, float], rarity: Mapping[str, float]) -> dict[str, float]:
    """The known terms of a text, by count and rarity, at unit length."""
    values = {term: weight * rarity[term] for term, weight in terms.items() if term in rarity}
    length = math.sqrt(sum(value * value for value in values.values()))
    return {term: value / length for term, value in values.items()} if length else {}


def _terms(text: str) -> dict[str, float]:
    title, _, description = text.partition("\n")
    return dict(weigh(title, description).terms)


def _calibrated(judged: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """From the margins of articles the model has not seen, and whether it was right: the calibration of a Model."""
    shares = []
    right = 0
    for count, (margin, is_right) in enumerate(sorted(judged, reverse=True), start=1):
        right += is_right
        shares.append((margin, _share_at_least(right, count)))
    steps: list[tuple[float, float]] = []
    for margin, share in reversed(shares):
        if not steps or share >= steps[-1][1] + 0.005:
            steps.append((round(margin, 5), round(share, 4)))
    return steps


def _share_at_least(right: int, count: int) -> float:
    """The true share is this or higher with 95 % confidence: Wilson's score interval, its lower end, one-sided."""
    z = 1.645
    share = right / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - spread) / (1 + z * z / count)
