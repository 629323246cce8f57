"""What damaged documents do: all of the corpus, each cut at ten places and with twenty bytes changed, read and stored.

A cut document says nothing of its last item and less of the others than the whole one: nothing stored may change by
it. A changed byte may change the item it is in, and nothing else. Whatever it is, the same document stores its items
once, and the whole document that comes after it repairs what it did.
"""

import gzip
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles

from zisnews.bench import Line
from zisnews.bench.damage import CUTS, FLIPS, MOST_MB, MOST_SECONDS, Damaged, MeasuredSandbox, cut, flipped
from zisnews.embedded import Servers

Row = tuple
# The last of them may differ a little where it is older than ten years: it is counted from now. Under which name an
# item is known is not among them: a guid that two items share is good for either where the other is cut off.
KEPT = "url title description content_html author categories image published_at updated_at".split()


@dataclass
class Score:
    """What a run has seen. changed: how many stored entries a document with changed bytes changed or added."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    mb: list[float] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def measure(servers: Servers, seconds: float) -> Iterator[Line]:
    folder = corpus()
    score = Score()
    started = time.monotonic()
    with MeasuredSandbox() as sandbox:
        for seed in count(1):
            for name, body in feed_documents(folder):
                try_feed(name, body, seed, sandbox, score)
            if time.monotonic() - started > seconds:
                break
    for fault in score.faults:
        yield Line("mutations.fault", 1, "", {"what": fault})
    yield from lines_of(score, seed)


def lines_of(score: Score, seeds: int) -> Iterator[Line]:
    yield Line("mutations.documents", sum(score.outcomes.values()), "", {"seeds": seeds, **score.outcomes})
    yield Line("mutations.longest", round(max(score.seconds), 3), "s", {"bar": MOST_SECONDS, **tail(score.seconds)})
    yield Line("mutations.memory", round(max(score.mb), 1), "MB", {"bar": MOST_MB, **tail(score.mb)})
    yield Line("mutations.changed", max(score.changed), "entries", {"bytes": FLIPS, **tail(score.changed)})
    yield Line("mutations.faults", len(score.faults), "", {"bar": 0})


def tail(values: list) -> dict[str, float]:
    cuts = quantiles(values, n=100) if len(values) > 1 else values * 99
    return {"p50": round(cuts[49], 3), "p99": round(cuts[98], 3)}


def corpus() -> Path:
    """The folder of real feeds; ends the program with a sentence where there is none."""
    folder = Path(os.environ.get("ZIS_CORPUS") or Path(__file__).resolve().parents[3] / "shared" / "corpus")
    if not folder.is_dir():
        raise SystemExit(f"There is no corpus at {folder}; set ZIS_CORPUS to where it is.")
    return folder


def feed_documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted((folder / "feeds" / "docs").iterdir()):
        yield path.stem, gzip.decompress(path.read_bytes())


def try_feed(name: str, body: bytes, seed: int, sandbox: MeasuredSandbox, score: Score, *, cuts: int = CUTS) -> None:
    """Store a feed's document, then each damaged one in its place; everything is undone afterwards."""
    from django.db import transaction  # noqa: PLC0415  Django is set up by now, not when this module loads

    with transaction.atomic():
        trial = Trial(name, body, sandbox, score)
        for damaged in [*cut(name, body, seed, cuts), flipped(name, body, seed)]:
            with transaction.atomic():
                trial.run(damaged)
                transaction.set_rollback(True)
        transaction.set_rollback(True)


class Trial:
    """One feed whose whole document is stored, and what damaged ones do to it."""

    def __init__(self, name: str, body: bytes, sandbox: MeasuredSandbox, score: Score) -> None:
        from feeds.clock import database_now  # noqa: PLC0415
        from feeds.models import Country, Feed, Source  # noqa: PLC0415

        self.name, self.body, self.sandbox, self.score = name, body, sandbox, score
        self.now = database_now()
        country = Country.objects.get_or_create(iso="GB")[0]
        source = Source.objects.create(name=name, slug=name[:50], site_url="https://a.example/", country=country)
        self.feed = Feed.objects.create(source=source, url=f"https://a.example/{name}")
        self.is_feed = self.take_in(Damaged(name, "whole", body))
        self.before = self.stored()

    def run(self, damaged: Damaged) -> None:
        """Take a damaged document in, twice, and the whole one after it; note what is wrong with that."""
        if self.take_in(damaged):
            after = self.stored()
            self.compare(damaged, after)
            self.take_in(damaged)
            if self.stored() != after:
                self.fault(damaged, "the same document twice is not the same as once")
        elif self.stored() != self.before:
            self.fault(damaged, "an error changed what is stored")
        if self.is_feed:
            self.take_in(Damaged(self.name, "whole", self.body))
            self.compare_repaired(damaged)

    def compare(self, damaged: Damaged, after: dict[str, Row]) -> None:
        others = [key for key, row in after.items() if self.before.get(key) != row]
        if damaged.how == "cut" and self.is_feed and others:
            self.fault(damaged, f"a part of the document changed {len(others)} entries: {others[:3]}")
        elif damaged.how == "flipped":
            self.score.changed.append(len(others))
            if len(others) > FLIPS:
                self.fault(damaged, f"{FLIPS} bytes changed {len(others)} entries of {len(self.before)}")

    def compare_repaired(self, damaged: Damaged) -> None:
        repaired = self.stored()
        wrong = [key for key, row in self.before.items() if repaired.get(key, ())[:-1] != row[:-1]]
        if wrong:
            what = {key: difference(self.before[key], repaired.get(key)) for key in wrong[:3]}
            self.fault(damaged, f"the whole document does not repair {len(wrong)} entries: {what}")

    def take_in(self, damaged: Damaged) -> bool:
        """Read and store as ingestion does; says whether it was a feed at all."""
        from feeds.attempts import Attempt  # noqa: PLC0415
        from feeds.ingestion import store  # noqa: PLC0415
        from feeds.models import Feed  # noqa: PLC0415
        from feeds.parsing import parse_feed  # noqa: PLC0415

        read = self.sandbox.read(parse_feed, damaged.body, url=self.feed.url, now=self.now)
        self.score.outcomes[f"{damaged.how}: {type(read.error).__name__ if read.error else 'read'}"] += 1
        self.score.seconds.append(read.seconds)
        self.score.mb.append(read.mb)
        if read.bug:
            self.fault(damaged, read.bug)
        if read.seconds > MOST_SECONDS or read.mb > MOST_MB:
            self.fault(damaged, f"took {read.seconds:.1f} s and {read.mb:.0f} MB")
        Feed.objects.filter(pk=self.feed.pk).update(leased_until=self.now)  # else nothing of the look is noted
        self.feed.refresh_from_db()
        store([Attempt(self.feed, parsed=read.value, error=read.error, status=200, size=len(damaged.body))])
        return read.value is not None

    def stored(self) -> dict[str, Row]:
        rows = self.feed.entries.values_list("pk", *KEPT)
        return {pk: tuple(row) for pk, *row in rows}

    def fault(self, damaged: Damaged, what: str) -> None:
        self.score.faults.append(f"{damaged.name}: {what}")


def difference(before: Row, after: Row | None) -> dict[str, tuple]:
    """What of an entry is another now, by column."""
    if after is None:
        return {"all": ("it was there", "it is gone")}
    pairs = zip(KEPT, before, after, strict=True)
    return {name: (str(old)[:80], str(new)[:80]) for name, old, new in pairs if old != new}
