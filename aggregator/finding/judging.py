"""The trained part: coefficients, one set for short texts and one for long, as `manage.py train_stories` wrote them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aggregator.finding.evidence import OF_ARTICLE, OF_STORIES, Figures

COEFFICIENTS = Path(__file__).with_name("coefficients.json")
SHORT = 18  # terms; a text of fewer is a headline, perhaps with a line below it


@dataclass(frozen=True, slots=True)
class Judge:
    """Two rows of coefficients, the bias first; above 0 the answer is yes."""

    short: tuple[float, ...]
    long: tuple[float, ...]

    def score(self, figures: Figures, length: float) -> float:
        """The logarithm of the odds. length: how many terms the text has; of stories, the mean."""
        bias, *row = self.short if length < SHORT else self.long
        return bias + sum([weight * figure for weight, figure in zip(row, figures, strict=True)])


@dataclass(frozen=True, slots=True)
class Judges:
    article: Judge
    stories: Judge

    def as_json(self) -> dict[str, Any]:
        return {
            kind: {length: _named(names, getattr(judge, length)) for length in ("short", "long")}
            for kind, names, judge in (("article", OF_ARTICLE, self.article), ("stories", OF_STORIES, self.stories))
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Mapping[str, Mapping[str, float]]]) -> "Judges":
        """Raise KeyError where a coefficient is missing: file and code belong together."""
        rows = {
            kind: [tuple(data[kind][length][name] for name in ("bias", *names)) for length in ("short", "long")]
            for kind, names in (("article", OF_ARTICLE), ("stories", OF_STORIES))
        }
        return cls(Judge(*rows["article"]), Judge(*rows["stories"]))


@cache
def trained() -> Judges:
    """What the site judges by."""
    return Judges.from_json(json.loads(COEFFICIENTS.read_text(encoding="utf-8")))


def _named(names: tuple[str, ...], row: tuple[float, ...]) -> dict[str, float]:
    return {name: round(weight, 4) for name, weight in zip(("bias", *names), row, strict=True)}
