"""Articles whose stories people, or another machine, have named: JSON lines, read as a stream of news would bring them.

A line: "story", "text", and where known "id", "title", "description", "publisher", "published" and "saga" (stories that
may be one: never counted against us). Where "background" is true nothing is known to belong together: recorded feeds
of several years laid on the same days, each article its own story, each recording a saga; such files only teach.
Labelled sets tell the day of an event at best, or when a list was fetched, so arrivals are simulated: the story's time
and a delay, exponential, twelve hours on the mean, the same at every run.
"""

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from statistics import median_low
from typing import Any

from aggregator.finding.features import weigh
from aggregator.finding.streaming import Arrival

MEAN_DELAY_HOURS = 12.0
# Labels of one crawl stand close: so many streams are made of a set with sagas, of so much of their articles.
STREAMS, KEPT = 3, 0.2
_MOST_TITLE = 200
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_UNDATED_DAYS = 30
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article as it arrives, with the story it is of."""

    arrival: Arrival
    story: str
    saga: str


def rows_of(path: Path) -> list[Row]:
    """The lines of a file, packed or not; a pair ("a", "b", "same_story") as two. Raises ValueError for no JSON."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [row for line in lines if line.strip() for row in _unpaired(json.loads(line))]


def streams_of(rows: Sequence[Row]) -> list[list[Labelled]]:
    """A set as the streams it is scored by: one, or of a set with sagas several thin ones.

    Where some articles have dates only those are taken: the others would all come at once.
    """
    if any(row.get("saga") for row in rows):
        thin = [row for row in rows if chance_of(str(row["id"])) < KEPT]
        parts = [[row for row in thin if int(chance_of(saga_of(row)) * STREAMS) == part] for part in range(STREAMS)]
        return [stream_of(part) for part in parts if part]
    dated = [row for row in rows if row.get("published")]
    return [stream_of(dated or rows)]


def stream_of(rows: Iterable[Row], *, slow: float = 0.0) -> list[Labelled]:
    """Articles in order of arrival. slow: the share of stories that take three times as long to be told."""
    by_story: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_story[str(row["story"])].append(row)
    found: list[Labelled] = []
    for story, told in by_story.items():
        times = [time for row in told if (time := _time_of(row))]
        began = median_low(times) if times else _LONG_AGO
        pace = MEAN_DELAY_HOURS * (3 if chance_of(f"slow {story}") < slow else 1)
        for row in told:
            delay = random.Random(f"{story} {row['id']}").expovariate(1 / pace)  # noqa: S311  no secret
            found.append(_labelled(row, began + timedelta(hours=delay)))
    found.sort(key=lambda one: (one.arrival.at, one.arrival.source, one.story))
    return [replace(one, arrival=replace(one.arrival, id=place)) for place, one in enumerate(found, 1)]


def spread(rows: Iterable[Row]) -> list[Row]:
    """Articles as if their stories had been told over one month: for training."""
    days = {row["story"]: _LONG_AGO + timedelta(days=_UNDATED_DAYS * chance_of(f"day {row['story']}")) for row in rows}
    return [{**row, "published": days[row["story"]].isoformat()} for row in rows]


def saga_of(row: Row) -> str:
    return str(row.get("saga") or row["story"])


def part_of(row: Row, parts: int) -> int:
    """Which part of a set an article is of, when it is cut in so many with no saga in two."""
    return int(chance_of(f"part {saga_of(row)}") * parts)


def _labelled(row: Row, at: datetime) -> Labelled:
    title, description, text = (str(row.get(part) or "") for part in ("title", "description", "text"))
    if not title:  # the site takes none without a headline
        title, _, text = text.partition("\n")
        title = title[:_MOST_TITLE]
    if "stance" in row and not description:
        description, text = text, ""
    source = str(row.get("host") or row.get("publisher") or row["id"])
    return Labelled(
        Arrival(0, weigh(title, description, text, str(row.get("language") or "en"), source), at, source),
        str(row["story"]),
        saga_of(row),
    )


def _unpaired(row: Row) -> Iterator[Row]:
    if "same_story" not in row:
        yield row
        return
    for side in ("a", "b"):
        yield {**row[side], "id": f"{row['id']}:{side}", "story": row["id"] + ("" if row["same_story"] else side)}


def _time_of(row: Row) -> datetime | None:
    written = row.get("published") or row.get("crawled_at")
    if not written:
        return None
    time = datetime.fromisoformat(str(written).replace("Z", "+00:00"))
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def chance_of(name: str) -> float:
    """A number from 0 to 1 that is the same for a name at every run."""
    return int.from_bytes(blake2b(name.encode(), digest_size=6).digest()) / 2**48
