"""Polls recorded publishers over again by some rule, and measures how late each item is seen and at what cost."""

import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean, median

from feeds.errors import NotAFeed
from feeds.parsing import parse_feed
from feeds.rhythm import Rhythm, rhythm_of
from feeds.scheduling import next_interval, spread


@dataclass
class Publisher:
    """A recorded feed: the dates its first document lists, and when each later item was published."""

    slug: str
    began_at: datetime
    ended_at: datetime
    listed: list[datetime] = field(default_factory=list)
    published: list[datetime] = field(default_factory=list)


@dataclass
class Measured:
    """Requests a day and feed; minutes from an item's publication to the look that saw it."""

    requests: float
    median: float
    mean: float
    p95: float

    def __str__(self) -> str:
        return (
            f"{self.requests:6.1f} requests/day  {self.median:5.1f} median  {self.mean:5.1f} mean  {self.p95:5.1f} p95"
        )


# Told the moment of a look, the moments of what was new and the listed dates at first (None later): seconds to wait.
Rule = Callable[[datetime, list[datetime], list[datetime] | None], float]


def recorded(corpus: Path, series: str) -> list[Publisher]:
    """The publishers of a series; an item counts if its date falls between two recordings."""
    publishers: dict[str, Publisher] = {}
    seen: set[tuple[str, str]] = set()
    with tarfile.open(corpus / "feeds" / f"series-{series}.tar.gz") as archive:
        bodies = {entry.name: file.read() for entry in archive if (file := archive.extractfile(entry))}
    manifest = [json.loads(line) for line in bodies.pop("manifest.jsonl").decode().splitlines()]
    for document in sorted(manifest, key=lambda document: document["fetched_at"]):
        at = datetime.fromisoformat(document["fetched_at"])
        try:
            items = parse_feed(bodies[document["file"]], url=document["feed_url"], now=at).items
        except NotAFeed:
            continue
        slug = document["slug"]
        publisher = publishers.get(slug)
        dates = [item.published_at for item in items if item.published_at and (slug, item.identity) not in seen]
        seen |= {(slug, item.identity) for item in items}
        if publisher is None:
            publishers[slug] = Publisher(slug, at, at, listed=dates)
        else:
            publisher.published += sorted(date for date in dates if publisher.ended_at <= date <= at)
            publisher.ended_at = at
    return list(publishers.values())


def poll(publishers: list[Publisher], new_rule: Callable[[], Rule]) -> Measured:
    """Ask them all by a rule of each one's own, spread as in earnest."""
    requests, days = 0, 0.0
    waits: list[float] = []
    for seed, publisher in enumerate(publishers):
        rule = new_rule()
        now = publisher.began_at
        now += timedelta(seconds=spread(rule(now, [], publisher.listed), seed))
        unseen = list(publisher.published)
        while now < publisher.ended_at:
            requests += 1
            new = [moment for moment in unseen if moment <= now]
            unseen = unseen[len(new) :]
            waits += [(now - moment).total_seconds() / 60 for moment in new]
            now += timedelta(seconds=spread(rule(now, new, None), seed * 7919 + requests))
        days += (publisher.ended_at - publisher.began_at).total_seconds() / 86400
    waits.sort()
    return Measured(requests / days, median(waits), mean(waits), waits[int(0.95 * len(waits))])


def fixed(seconds: float) -> Callable[[], Rule]:
    return lambda: lambda now, new, listed: seconds


def stepwise(*, shortest: float = 300, longest: float = 7200) -> Callable[[], Rule]:
    """The usual rule: sooner by some factor after news, later after none."""

    def new_rule() -> Rule:
        interval = 900.0

        def rule(now: datetime, new: list[datetime], listed: list[datetime] | None) -> float:
            nonlocal interval
            interval = min(max(interval * (0.6 if new else 1.25), shortest), longest)
            return interval

        return rule

    return new_rule


def ours(followers: int = 0) -> Callable[[], Rule]:
    def new_rule() -> Rule:
        rhythm: Rhythm

        def rule(now: datetime, new: list[datetime], listed: list[datetime] | None) -> float:
            nonlocal rhythm
            if listed is not None:
                rhythm = rhythm_of(listed, now)
            elif new:
                rhythm = rhythm.counting(new, now)
            return next_interval(rhythm, now, follower_count=followers)

        return rule

    return new_rule
