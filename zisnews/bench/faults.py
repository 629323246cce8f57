"""A trial: do healthy publishers lose anything, or wait longer, while a third of all misbehave in every way there is?

Real workers and beat, real HTTP, every feed due each second; each wild publisher has another fault each minute.
"""

import time
from collections.abc import Iterator
from itertools import chain
from statistics import median, quantiles

from zisnews.bench import Line
from zisnews.bench.crew import Crew
from zisnews.bench.faultworld import EVERY, FAULTS
from zisnews.bench.ingest import add_feeds
from zisnews.bench.ledger import Judgement, judge, key_of
from zisnews.bench.publishers import WildPublishers
from zisnews.embedded import Servers

PUBLISHERS, ITEMS = 90, 10
NEWS_PER_SECOND = 0.02  # share of the publishers
PATIENCE_SECONDS = 600
ROUNDS = 3  # without and with the wild ones in turn: how busy the machine is otherwise changes, too
LONGEST_REQUEST_SECONDS = 31  # so long a wild one may still be waited for after it was paused

Span = tuple[float, float]  # POSIX time


def measure(servers: Servers, seconds: float) -> Iterator[Line]:
    folder = servers.place.data
    alone, among = [], []
    with WildPublishers(folder, count=PUBLISHERS, items=ITEMS) as publishers:
        add_feeds(publishers)
        pause_wild(is_paused=True)
        with Crew(folder, publishers.host_map) as crew:
            wait_until_whole(publishers, crew, without_wild=True)
            for number in range(ROUNDS):
                if number:
                    pause_wild(is_paused=True)
                    run(publishers, crew, LONGEST_REQUEST_SECONDS)
                alone.append(run(publishers, crew, seconds / 5 / ROUNDS))
                pause_wild(is_paused=False)
                publishers.let_loose(True)
                among.append(run(publishers, crew, seconds / ROUNDS))
                publishers.let_loose(False)
            began_at = time.monotonic()
            found = wait_until_whole(publishers, crew)
            whole_after = time.monotonic() - began_at
            lags_alone, lags_among = lags(publishers, alone), lags(publishers, among)
    yield from lines_of_lags(lags_alone, lags_among, seconds)
    yield Line("faults.lost", found.lost, "items", {"offered": found.offered, "bar": 0})
    doubled = {"entries": found.entries_doubled, "articles": found.articles_doubled, "bar": 0}
    yield Line("faults.doubled", found.entries_doubled + found.articles_doubled, "items", doubled)
    yield Line("faults.whole_again", round(whole_after, 1), "s", {"is_whole": found.is_whole})


def lines_of_lags(alone: list[list[float]], among: list[list[float]], seconds: float) -> Iterator[Line]:
    """How long healthy publishers waited, round by round."""
    all_alone, all_among = list(chain.from_iterable(alone)), list(chain.from_iterable(among))
    ratios = [round(median(wild) / median(calm), 2) for calm, wild in zip(alone, among, strict=True) if calm and wild]
    yield Line("faults.lag_alone", round(median(all_alone), 2), "s", {"p95": p95(all_alone), "items": len(all_alone)})
    facts = {"p95": p95(all_among), "items": len(all_among), "ratio": median(ratios), "of_rounds": ratios}
    detail = {"publishers": PUBLISHERS, "wild": PUBLISHERS // EVERY, "faults": len(FAULTS), "seconds": seconds}
    yield Line("faults.lag_among_faults", round(median(all_among), 2), "s", facts | {"bar": "ratio 1.5"} | detail)


def run(publishers: WildPublishers, crew: Crew, seconds: float) -> Span:
    """Publish and ask for so long; returns between which moments."""
    began_at = time.time()
    while time.time() < began_at + seconds:
        publishers.publish(NEWS_PER_SECOND, 1)
        ask_all(crew)
        time.sleep(1)
    return began_at, time.time()


def ask_all(crew: Crew) -> None:
    """Make every feed due, whatever it did before, and tick as beat does."""
    from feeds.clock import database_now  # noqa: PLC0415  Django is set up by now, not when this module loads
    from feeds.models import Feed  # noqa: PLC0415
    from feeds.tasks import refresh_due_feeds  # noqa: PLC0415

    Feed.objects.active().check_now(database_now())
    refresh_due_feeds.apply_async(expires=1)
    crew.replace_ended()


def pause_wild(*, is_paused: bool) -> None:
    from feeds.models import Feed  # noqa: PLC0415

    for feed in Feed.objects.all():
        if int(feed.url.partition("paper-")[2].partition(".")[0]) % EVERY == 0:
            Feed.objects.filter(pk=feed.pk).update(is_paused=is_paused)


def lags(publishers: WildPublishers, spans: list[Span]) -> list[list[float]]:
    """How long each item of a healthy publisher took from being printed, in these spans, to being stored, in seconds.

    What is not stored at all is for the ledger to find.
    """
    from feeds.models import Entry  # noqa: PLC0415

    rows = Entry.objects.values_list("url", "seen_at")
    stored = {key: seen_at.timestamp() for url, seen_at in rows if (key := key_of(url))}
    found: list[list[float]] = [[] for _ in spans]
    for publisher, number, printed_at, _ in publishers.ledger():
        if publisher % EVERY and (publisher, number) in stored:
            for (began_at, ended_at), waits in zip(spans, found, strict=True):
                if began_at <= printed_at < ended_at:
                    waits.append(stored[publisher, number] - printed_at)
    return found


def wait_until_whole(publishers: WildPublishers, crew: Crew, *, without_wild: bool = False) -> Judgement:
    """Go on asking until all that was offered is published, or patience ends; returns how it stands then.

    Of a healthy publisher everything ever printed was offered; of a wild one, what its feed offers now.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        offered = {
            (publisher, number)
            for publisher, number, _, is_offered in publishers.ledger()
            if publisher % EVERY or (is_offered and not without_wild)
        }
        found = judge(offered, told_twice=set(range(0, PUBLISHERS, EVERY)))
        if found.is_whole or time.monotonic() > deadline:
            return found
        ask_all(crew)
        time.sleep(1)


def p95(seconds: list[float]) -> float:
    return round(quantiles(seconds, n=20)[-1], 2) if len(seconds) > 1 else 0
