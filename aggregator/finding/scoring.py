"""How well stories were found, against labels: B-cubed (Bagga and Baldwin 1998) and by pairs of articles.

B-cubed asks of each article how many of those in its story belong there, and how many that belong are there; pairs
count a story of many articles for more. Two articles of one saga but not of one story are left out: they may be one.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aggregator.finding.labelled import Labelled


@dataclass(frozen=True, slots=True)
class Measure:
    """f1: the harmonic mean of the other two; of several measures, the mean of theirs."""

    precision: float
    recall: float
    f1: float

    def as_json(self) -> dict[str, float]:
        return {"precision": round(self.precision, 4), "recall": round(self.recall, 4), "f1": round(self.f1, 4)}


@dataclass(frozen=True, slots=True)
class Score:
    """articles, stories: how many there are by their labels; found: into how many stories they were put."""

    articles: int
    stories: int
    found: int
    b_cubed: Measure
    pairwise: Measure


def score(labelled: Sequence[Labelled], story_of: Mapping[int, int]) -> Score:
    """story_of: the story each article was put into, by the arrival's id. Without an article all is 1."""
    sizes = Counter(one.story for one in labelled)
    together: dict[int, list[Labelled]] = defaultdict(list)
    for one in labelled:
        together[story_of[one.arrival.id]].append(one)
    precision = recall = 0.0
    right = wrong = 0
    for members in together.values():
        stories = Counter(one.story for one in members)
        sagas = Counter(one.saga for one in members)
        for one in members:
            same, others = stories[one.story], len(members) - sagas[one.saga]
            precision += same / (same + others)
            recall += same / sizes[one.story]
            right += same - 1
            wrong += others
    articles = len(labelled)
    asked = sum(size * (size - 1) for size in sizes.values())
    return Score(
        articles,
        len(sizes),
        len(together),
        _measure(precision / articles, recall / articles) if articles else _measure(1.0, 1.0),
        _measure(right / (right + wrong) if right + wrong else 1.0, right / asked if asked else 1.0),
    )


def _measure(precision: float, recall: float) -> Measure:
    both = precision + recall
    return Measure(precision, recall, 2 * precision * recall / both if both else 0.0)


def mean_of(scores: Sequence[Score]) -> Score:
    """The score of a set of several streams, a stream counting by its articles."""
    return _averaged(scores, [one.articles for one in scores])


def mean_of_sets(scores: Sequence[Score]) -> Score:
    """The mean of several sets' scores, each set counting the same."""
    return _averaged(scores, [1.0] * len(scores))


def _averaged(scores: Sequence[Score], worth: Sequence[float]) -> Score:
    total = sum(worth) or 1

    def mean(kind: str) -> Measure:
        measures: list[Measure] = [getattr(one, kind) for one in scores]
        return Measure(
            *(
                sum(getattr(measure, figure) * weight for measure, weight in zip(measures, worth, strict=True)) / total
                for figure in ("precision", "recall", "f1")
            )
        )

    return Score(
        articles=sum(one.articles for one in scores),
        stories=sum(one.stories for one in scores),
        found=sum(one.found for one in scores),
        b_cubed=mean("b_cubed"),
        pairwise=mean("pairwise"),
    )
