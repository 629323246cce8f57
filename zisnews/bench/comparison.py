"""Whether one series of runs was faster than another: told only where the two do not overlap. Pure.

Run the two in turns (old, new, old, new …), for the machine changes under both: one run says nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from statistics import median

FEWEST_RUNS = 3
LEAST = 0.05  # of the median; less is nobody's business
MORE_IS_BETTER = ("/s", "a second")  # how units end of which one wants more

Series = Mapping[str, list[float]]  # name → a value of each run


def series_of(lines: Iterable[str]) -> tuple[Series, dict[str, str]]:
    """The values by name from lines of JSON (Line.as_json), and the unit of each."""
    values: dict[str, list[float]] = defaultdict(list)
    units = {}
    for line in lines:
        if line.startswith("{"):
            said = json.loads(line)
            values[said["name"]].append(said["value"])
            units[said["name"]] = said["unit"]
    return values, units


def verdict(old: list[float], new: list[float], *, more_is_better: bool) -> str:
    """better, same, worse, or "too few runs"."""
    if min(len(old), len(new)) < FEWEST_RUNS:
        return "too few runs"
    if abs(median(new) - median(old)) < LEAST * abs(median(old)):
        return "same"
    if min(new) > max(old):
        return "better" if more_is_better else "worse"
    if max(new) < min(old):
        return "worse" if more_is_better else "better"
    return "same"


def compared(old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    """A line for each name that both series have."""
    before, units = series_of(old)
    after, _units = series_of(new)
    for name in before:
        if name not in after:
            continue
        unit = units[name]
        said = verdict(before[name], after[name], more_is_better=unit.endswith(MORE_IS_BETTER))
        was, is_now = median(before[name]), median(after[name])
        ratio = f"{is_now / was:.2f}" if was else "–"
        runs = f"{len(before[name])} and {len(after[name])} runs"
        yield f"{name:<34} {was:>10.2f} → {is_now:>10.2f} {unit:<11} × {ratio:<6} {said:<12} {runs}"
