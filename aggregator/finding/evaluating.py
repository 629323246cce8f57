"""Labelled sets put through the stream of the site, and scored; with training by one part and scoring of another."""

from collections.abc import Mapping, Sequence

from aggregator.finding.judging import Judges
from aggregator.finding.labelled import Labelled, Row, chance_of, part_of, spread, stream_of, streams_of
from aggregator.finding.scoring import Score, mean_of, score
from aggregator.finding.streaming import stories_of
from aggregator.finding.training import learned

SLOW = 0.3  # of the stories learned from: real ones are told for longer than the simulated
# Of the articles in a stream of all sets; of dense labels few, so that most stories have one article, as in life.
MIXED_DENSE, MIXED = 0.03, 0.5


def evaluated(rows: Sequence[Row], judges: Judges | None = None, **passes: bool) -> Score:
    """Score one set. judges: the site's own if none; merges=False, splits=False: without those passes."""
    streams = streams_of(rows)
    return mean_of([score(stream, stories_of([one.arrival for one in stream], judges, **passes)) for stream in streams])


def lessons_of(rows: Sequence[Row]) -> list[list[Labelled]]:
    """A set as the streams it is learned from; articles without a date make one of their own where others have one."""
    if rows and rows[0].get("background"):
        return [stream_of(rows)]
    streams = [stream_of([row for row in rows if row.get("published")] or rows, slow=SLOW)]
    if any(row.get("saga") for row in rows):
        streams = streams_of(rows)
    undated = [row for row in rows if not row.get("published")]
    if len(undated) != len(rows) and undated:
        streams.append(stream_of(spread(undated), slow=SLOW))
    return streams


def taught(sets: Mapping[str, Sequence[Row]]) -> Judges:
    """The coefficients learned from these sets."""
    return learned([*(stream for rows in sets.values() for stream in lessons_of(rows)), mixed(sets)])


def mixed(sets: Mapping[str, Sequence[Row]]) -> list[Labelled]:
    """One stream of all sets, thinned, their stories over the same weeks."""
    rows = [row for of_set in sets.values() for row in of_set]
    return stream_of(spread([row for row in rows if chance_of(f"mixed {row['id']}") < share_of(row)]), slow=SLOW)


def share_of(row: Row) -> float:
    return MIXED_DENSE if row.get("saga") else MIXED


def cross_validated(sets: Mapping[str, Sequence[Row]], parts: int) -> dict[str, Score]:
    """Score each part of each set by what was learned from all other parts; no story is in two."""
    found: dict[str, list[Score]] = {name: [] for name in sets}
    for part in range(parts):
        judges = taught({name: [row for row in rows if part_of(row, parts) != part] for name, rows in sets.items()})
        for name, rows in sets.items():
            found[name].append(evaluated([row for row in rows if part_of(row, parts) == part], judges))
    return {name: mean_of(scores) for name, scores in found.items()}


def left_out(sets: Mapping[str, Sequence[Row]]) -> dict[str, Score]:
    """Score each set by what was learned from all the others."""
    return {
        name: evaluated(rows, taught({other: theirs for other, theirs in sets.items() if other != name}))
        for name, rows in sets.items()
    }
