"""How well stories are found: B-cubed F1 over the labelled sets of the corpus, where that is there."""

import os
from collections.abc import Iterator
from pathlib import Path

from zisnews.bench import Line
from zisnews.places import ROOT

BARS = {"uci": 0.86, "g5w1h": 0.96, "basil": 0.96, "allsides": 0.90, "ecbplus": 0.89}
BAR_MEAN = 0.92


def measure() -> Iterator[Line]:
    """A line for each set, as evaluate_stories scores it, and one for their mean."""
    from aggregator.finding.evaluating import evaluated  # noqa: PLC0415  Django is set up by now, not when this loads
    from aggregator.finding.labelled import rows_of  # noqa: PLC0415

    reached = []
    for name, bar in BARS.items():
        file = corpus() / "stories" / f"{name}.jsonl.gz"
        if not file.exists():
            continue
        score = evaluated(rows_of(file))
        reached.append(score.b_cubed.f1)
        detail = {"pairwise": round(score.pairwise.f1, 3), "articles": score.articles, "bar": bar}
        yield Line(f"stories.quality.{name}", round(score.b_cubed.f1, 3), "F1", detail)
    if len(reached) == len(BARS):
        yield Line("stories.quality.mean", round(sum(reached) / len(reached), 3), "F1", {"bar": BAR_MEAN})


def corpus() -> Path:
    """Where tests look for it too."""
    return Path(os.environ.get("ZIS_CORPUS") or ROOT.parent / "shared" / "corpus")
