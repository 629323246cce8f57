"""How fast is it here? Benchmarks through the real functions, on throw-away servers: `./zis bench [NAME …]`.

A benchmark is a module of this package with ``measure(servers) -> Iterator[Line]``, listed in BENCHMARKS. A trial,
listed in TRIALS, lasts as long as it is told: ``measure(servers, seconds)``; it runs only where it is named. One
listed in FILLED measures a site full of invented articles, one listed in ALONE starts what it measures: ``measure()``,
with what stands for it in ``__main__.OPTIONS``.
"""

import json
from dataclasses import asdict, dataclass, field

# name on the command line → its module
BENCHMARKS = {
    "ingest": "zisnews.bench.ingest",
    "lag": "zisnews.bench.lag",
    "stories": "zisnews.bench.stories",
    "crowd": "zisnews.bench.crowd",
    "writes": "zisnews.bench.writes",
}
FILLED = {
    "pages": "zisnews.bench.pages",
    "traffic": "zisnews.bench.traffic",
    "keywords": "zisnews.bench.keywords",
}
PARTS = {"read": "zisnews.bench.read"}  # of another benchmark, alone where they are named
ALONE = {"start": "zisnews.bench.starting"}
ARTICLES = 100_000
TRIALS = {
    "faults": "zisnews.bench.faults",
    "kills": "zisnews.bench.kills",
    "mutations": "zisnews.bench.mutations",
}
TRIAL_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Line:
    """One measured value.

    detail: what else one needs to judge it: amounts, parts, and ``bar``, what it has to reach
    """

    name: str
    value: float
    unit: str
    detail: dict = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    def as_text(self) -> str:
        """The line as a person reads it."""
        facts = ", ".join(f"{name} {value}" for name, value in self.detail.items())
        return f"{self.name:<26} {self.value:>9.2f} {self.unit:<9} {facts}"
