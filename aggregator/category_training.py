"""Trains the classifier of categorising.py, and says how it does on what it has not seen. Touches no database.

How sure it may be is learned by cross-validation: each example is judged once by a classifier that has not seen it, nor
any other article of its story.
"""

import hashlib
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from aggregator.categorising import GENERAL, Model, terms_of, vector_of
from feeds.words import normalise

VOCABULARY_MAX = 40_000
SEEN_MIN = 2
SMOOTHING = 0.3
PARTS = 5

Counts = dict[str, dict[str, float]]  # category → term → how much of it


class Example(NamedTuple):
    """An article whose category is known. text: title, newline, description. group: its story, or what else it shares
    with articles that say nearly the same; "" for nothing.
    """

    text: str
    category: str
    group: str = ""


class Held(NamedTuple):
    """An example as a model judged it that had not seen it. margin: by how much the best category led the second."""

    example: Example
    best: str
    margin: float

    @property
    def is_right(self) -> bool:
        return self.best == self.example.category


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model, and every example as a model judged it that had not seen it."""

    model: Model
    held_out: list[Held] = field(default_factory=list)


def train(rows: Iterable[tuple[str, str] | Example]) -> Model:
    """Train on (text, category) rows; text is title, newline, description."""
    return learn(Example(*row) for row in rows).model


def learn(examples: Iterable[Example]) -> Learnt:
    """Train, and learn by cross-validation how far the model's margins can be trusted.

    The examples are dealt to five parts by a hash of their group; each part is judged by a model of the other four.
    The model that is returned has seen all. "general" is a category like others where examples of it are given.
    """
    known = sorted({example for example in examples if example.category})
    terms = [terms_of(example.text) for example in known]
    parts = [part_of(example) for example in known]
    seen = [Counter(term for n, own in enumerate(parts) if own == part for term in terms[n]) for part in range(PARTS)]
    rarity = rarity_of(sum(seen, Counter()), len(known))
    vectors = [vector_of(one, rarity) for one in terms]
    of_part: list[Counts] = [defaultdict(lambda: defaultdict(float)) for _ in range(PARTS)]
    for example, vector, part in zip(known, vectors, parts, strict=True):
        for term, value in vector.items():
            of_part[part][example.category][term] += value
    model = model_of(of_part, rarity)
    held: list[Held] = []
    for part in range(PARTS):
        others = sum((counts for own, counts in enumerate(seen) if own != part), Counter())
        known_to_it = {term: idf for term, idf in rarity.items() if others[term] >= SEEN_MIN}
        learnt = model_of([counts for own, counts in enumerate(of_part) if own != part], known_to_it)
        if len(learnt.categories) < 2:
            return Learnt(model)
        held += [Held(known[n], *learnt.best(terms[n])) for n, own in enumerate(parts) if own == part]
    accuracy = sum(one.is_right for one in held) / len(held)
    judged = [(one.margin, one.is_right) for one in held if one.best != GENERAL]  # that is shown as no category
    return Learnt(replace(model, calibration=calibrated(judged), accuracy=round(accuracy, 4)), held)


def part_of(example: Example) -> int:
    """To which part an example is dealt: those of one group, or of one headline, to the same."""
    key = example.group or normalise(example.text.partition("\n")[0])
    return hashlib.blake2b(key.encode(errors="replace"), digest_size=4).digest()[0] % PARTS


def model_of(parts: Iterable[Counts], rarity: Mapping[str, float]) -> Model:
    """What the counts of some parts teach, together."""
    counts: Counts = defaultdict(lambda: defaultdict(float))
    whole: dict[str, float] = defaultdict(float)
    for part in parts:
        for category, terms in part.items():
            own = counts[category]
            for term, value in terms.items():
                own[term] += value
                whole[term] += value
    categories = tuple(sorted(counts))
    columns = [complement_weights(whole, counts[category], rarity) for category in categories]
    weights = (
        {term: array("d", row) for term, row in zip(rarity, zip(*columns, strict=True), strict=True)} if columns else {}
    )
    return Model(categories, rarity, weights)


def complement_weights(whole: Mapping[str, float], own: Mapping[str, float], vocabulary: Iterable[str]) -> list[float]:
    """For each term how usual it is in the *other* categories, as a logarithm, scaled to a mean of one."""
    other = [whole.get(term, 0.0) - own.get(term, 0.0) + SMOOTHING for term in vocabulary]
    total = sum(other)
    logs = [math.log(count / total) for count in other]
    scale = sum(map(abs, logs)) / len(logs) if logs else 1.0
    return [round(log / scale, 3) for log in logs]


def rarity_of(seen: Counter[str], documents: int) -> dict[str, float]:
    """The idf of the terms that are worth knowing. seen: in how many documents each stood."""
    kept = [(term, count) for term, count in seen.most_common(VOCABULARY_MAX) if count >= SEEN_MIN]
    return {term: round(math.log((documents + 1) / count), 3) for term, count in kept}


def calibrated(judged: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """From the margins of articles the model has not seen, and whether it was right: the calibration of a Model."""
    shares = []
    right = 0
    for count, (margin, is_right) in enumerate(sorted(judged, reverse=True), start=1):
        right += is_right
        shares.append((margin, share_at_least(right, count)))
    steps: list[tuple[float, float]] = []
    for margin, share in reversed(shares):
        if not steps or share >= steps[-1][1] + 0.005:
            steps.append((round(margin, 5), round(share, 4)))
    return steps


def share_at_least(right: int, count: int) -> float:
    """The true share is this or higher with 95 % confidence: Wilson's score interval, its lower end, one-sided."""
    z = 1.645
    share = right / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - spread) / (1 + z * z / count)


def report_of(learnt: Learnt, *, confident: float, mistakes: int = 20) -> dict[str, Any]:
    """How a model did on what it had not seen, as plain values: what curators see.

    categories: of each how many there were, its precision and recall, and both where the model was sure enough to say
    confusion:  category → what the model took it for → how often
    mistakes:   the surest ones that were wrong
    """
    held = learnt.held_out
    sure = [one for one in held if one.best != GENERAL and learnt.model.confidence(one.margin) >= confident]
    confusion: dict[str, Counter[str]] = defaultdict(Counter)
    for one in held:
        confusion[one.example.category][one.best] += 1
    wrong = sorted((one for one in sure if not one.is_right), key=lambda one: -one.margin)[:mistakes]
    return {
        "held_out": len(held),
        "sure": len(sure),
        "sure_precision": share(sum(one.is_right for one in sure), len(sure)),
        "categories": {
            category: {
                "count": sum(row.values()),
                "precision": share(row[category], sum(other[category] for other in confusion.values())),
                "recall": share(row[category], sum(row.values())),
                "sure": sum(one.best == category for one in sure),
                "sure_precision": share(
                    sum(one.is_right for one in sure if one.best == category),
                    sum(one.best == category for one in sure),
                ),
            }
            for category, row in sorted(confusion.items())
        },
        "confusion": {category: dict(row) for category, row in sorted(confusion.items())},
        "mistakes": [
            {"text": one.example.text.replace("\n", ": ")[:200], "was": one.example.category, "said": one.best}
            for one in wrong
        ],
    }


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
