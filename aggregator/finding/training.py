"""Learns the coefficients from labelled streams: logistic regression (Cox 1958) by Newton's method, a ridge on it.

What is learned from is what the site will be asked: at each article the stories it might join, at each merge pass the
stories that might be one, as they stand at that moment. The first time stories grow by their labels; then by what was
learned, errors and all (Ross et al. 2011, "A Reduction of Imitation Learning … to No-Regret Online Learning").
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from aggregator.finding.candidates import Candidate
from aggregator.finding.choosing import compared
from aggregator.finding.evidence import OF_STORIES, Figures, of_stories
from aggregator.finding.features import Features, key_terms
from aggregator.finding.judging import SHORT, Judge, Judges
from aggregator.finding.labelled import Labelled
from aggregator.finding.streaming import Arrival, Standing, Stream

ROUNDS = 3
RIDGE = 0.01
# What a stream counts in which nothing belongs together, as most of any day's news does: labelled sets hold too little.
HEFT_OF_BACKGROUND = 1.0
_PURE = 0.5  # of a story's articles; one of fewer articles of one label is no example
_STEPS = 12
_LEAST_STEP = 1e-3


@dataclass(slots=True)
class Examples:
    """Figures with the answer and what the example counts, of short texts and of long."""

    short: list[tuple[Figures, bool, float]] = field(default_factory=list)
    long: list[tuple[Figures, bool, float]] = field(default_factory=list)

    def add(self, figures: Figures, is_one: bool, length: float) -> None:
        (self.short if length < SHORT else self.long).append((figures, is_one, 1.0))

    def take(self, others: "Examples", heft: float = 1.0) -> None:
        """Take another stream's, which count together as much as the root of their number, times `heft`."""
        for mine, theirs in ((self.short, others.short), (self.long, others.long)):
            worth = heft / math.sqrt(len(others.short) + len(others.long) or 1)
            mine += [(figures, is_one, worth) for figures, is_one, _ in theirs]

    def judge(self) -> Judge:
        """Raise ValueError where there are too few of one kind."""
        return Judge(fitted(self.short), fitted(self.long))


class Lesson(Stream):
    """A stream that notes what it was asked, with the answer the labels give. by_labels: stories grow by them."""

    def __init__(self, labelled: Sequence[Labelled], judges: Judges | None) -> None:
        super().__init__(judges, splits=False)
        self.by_labels = judges is None
        self.labels = {one.arrival.id: one for one in labelled}
        self.joining, self.merging = Examples(), Examples()
        self._labelled: dict[str, int] = {}
        self._counted: dict[int, tuple[int, Counter[tuple[str, str]]]] = {}

    def chosen(self, found: Features, arrival: Arrival) -> int | None:
        label = self.labels[arrival.id]
        candidates = self.near(key_terms(found), arrival.at)
        for candidate, figures in compared(found, arrival.at, candidates):
            answer = self.answer(label.story, label.saga, self.stories[candidate.story_id])
            if answer is not None:
                self.joining.add(figures, answer, len(found.vector))
        if not self.by_labels:
            return super().chosen(found, arrival)
        known = self._labelled.get(label.story)
        self._labelled.setdefault(label.story, self._ids + 1)
        return known

    def merge_one(self, story: Standing) -> None:
        if self.by_labels:
            return
        label = self.label_of(story)
        one = story.candidate()
        for other in self.near(story.terms, story.newest_at, but=story.id):
            if label and self.label_of(self.stories[other.story_id]):
                answer = self.answer(*label, self.stories[other.story_id])
                if answer is not None:
                    self.merging.add(of_stories(one, other), answer, mean_length(one, other))
        super().merge_one(story)

    def answer(self, label: str, saga: str, story: Standing) -> bool | None:
        """Whether something of this label belongs to a story; None where its labels do not tell."""
        labels = self.labels_in(story)
        if labels[label, saga] >= _PURE * len(story.members):
            return True
        return None if any(other == saga for _, other in labels) else False

    def label_of(self, story: Standing) -> tuple[str, str] | None:
        (label, count), *_ = self.labels_in(story).most_common(1)
        return label if count >= _PURE * len(story.members) else None

    def labels_in(self, story: Standing) -> Counter[tuple[str, str]]:
        """How many articles of a story are of each label and saga; counted when it has grown."""
        size, labels = self._counted.get(story.id, (0, Counter()))
        if size != len(story.members):
            found = [self.labels[member.id] for member in story.members]
            labels = Counter((one.story, one.saga) for one in found)
            self._counted[story.id] = len(found), labels
        return labels


def mean_length(one: Candidate, other: Candidate) -> float:
    return (one.profile.length + other.profile.length) / 2


def learned(streams: Sequence[Sequence[Labelled]]) -> Judges:
    """The coefficients for which these streams are judged best. Raises ValueError where they hold too little."""
    judges: Judges | None = None
    for _ in range(ROUNDS):
        joining, merging = Examples(), Examples()
        for labelled in streams:
            lesson = Lesson(labelled, judges)
            for one in labelled:
                lesson.add(one.arrival)
            lesson.merge()
            heft = HEFT_OF_BACKGROUND if is_background(labelled) else 1.0
            joining.take(lesson.joining, heft)
            merging.take(lesson.merging, heft)
        never = Judge((-99.0,) + (0.0,) * len(OF_STORIES), (-99.0,) + (0.0,) * len(OF_STORIES))
        judges = Judges(joining.judge(), merging.judge() if judges else never)
    assert judges is not None
    return judges


def is_background(labelled: Sequence[Labelled]) -> bool:
    """Whether a stream teaches only what is apart: no two of its articles are known to be of one story."""
    return len({one.story for one in labelled}) == len(labelled)


def fitted(examples: Sequence[tuple[Figures, bool, float]]) -> tuple[float, ...]:
    """Bias and coefficients; figures are scaled to mean 0 and deviation 1 while the ridge is on them."""
    if len({is_one for _, is_one, _ in examples}) < 2:
        raise ValueError("The labelled articles hold no two kinds of examples, short and long, to tell apart.")
    total = sum(worth for _, _, worth in examples)
    columns = list(zip(*(figures for figures, _, _ in examples), strict=True))
    means = [math.fsum(column) / len(column) for column in columns]
    scales = [
        math.sqrt(math.fsum((figure - mean) ** 2 for figure in column) / len(column)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    rows = [
        (
            [1.0, *((figure - mean) / scale for figure, mean, scale in zip(figures, means, scales, strict=True))],
            is_one,
            worth / total,
        )
        for figures, is_one, worth in examples
    ]
    weights = [0.0] * (len(means) + 1)
    for _ in range(_STEPS):
        step = _newton(rows, weights)
        weights = [weight - change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < _LEAST_STEP:
            break
    slopes = [weight / scale for weight, scale in zip(weights[1:], scales, strict=True)]
    return (weights[0] - math.fsum(slope * mean for slope, mean in zip(slopes, means, strict=True)), *slopes)


def _newton(rows: Sequence[tuple[list[float], bool, float]], weights: Sequence[float]) -> list[float]:
    """One step: the gradient of the loss over its curvature."""
    width = len(weights)
    gradient = [RIDGE * weight for weight in weights]
    gradient[0] = 0.0
    curve = [[0.0] * width for _ in range(width)]
    for place in range(1, width):
        curve[place][place] = RIDGE
    for row, is_one, worth in rows:
        odds = sum([weight * figure for weight, figure in zip(weights, row, strict=True)])
        sure = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
        error, bend = worth * (sure - is_one), worth * sure * (1 - sure)
        for place, figure in enumerate(row):
            gradient[place] += error * figure
            bent, line = bend * figure, curve[place]
            for other in range(place + 1):
                line[other] += bent * row[other]
    for place in range(width):
        for other in range(place):
            curve[other][place] = curve[place][other]
    return _solved(curve, gradient)


def _solved(matrix: list[list[float]], values: list[float]) -> list[float]:
    """The solution of a system of linear equations by Gaussian elimination; both are written over."""
    width = len(values)
    for place in range(width):
        pivot = max(range(place, width), key=lambda row: abs(matrix[row][place]))
        matrix[place], matrix[pivot] = matrix[pivot], matrix[place]
        values[place], values[pivot] = values[pivot], values[place]
        for row in range(place + 1, width):
            factor = matrix[row][place] / matrix[place][place]
            if factor:
                values[row] -= factor * values[place]
                for column in range(place, width):
                    matrix[row][column] -= factor * matrix[place][column]
    found = [0.0] * width
    for place in reversed(range(width)):
        rest = sum(matrix[place][column] * found[column] for column in range(place + 1, width))
        found[place] = (values[place] - rest) / matrix[place][place]
    return found
