"""Loops that come and go, wait and give up at the same few hosts: nobody meets anybody there."""

import asyncio
import random
import threading
from collections import defaultdict
from itertools import pairwise
from time import monotonic

import pytest
from django.conf import settings

from feeds.net.ledger import SharedLedger
from feeds.net.turns import Turns

HOSTS, LOOPS, VISITS = 4, 3, 60
GAP_SECONDS = 0.01
NOWHERE = "unix:///nowhere/valkey.sock?db=0"

Visits = dict[str, list[tuple[float, float]]]


async def visit_at_random(chance: random.Random, url: str, visits: Visits) -> int:
    """Visit hosts at random, some impatiently; returns how many visits were made."""
    turns = Turns(SharedLedger(url, "test"), patience_seconds=30)

    async def visit(host: str, seconds: float) -> None:
        async with turns.at(host, gap=GAP_SECONDS) as turn:
            began = monotonic()
            await asyncio.sleep(seconds)
            turn.seconds = seconds
            visits[host].append((began, monotonic()))

    async def visit_impatiently(host: str, seconds: float, patience: float) -> None:
        async with asyncio.timeout(patience):
            await visit(host, seconds)

    made = []
    for _ in range(VISITS):
        await asyncio.sleep(chance.uniform(0, 0.02))
        patience = chance.choice([30, 30, 0.05])
        host, seconds = f"{chance.randrange(HOSTS)}.example", chance.uniform(0, 0.02)
        made.append(asyncio.create_task(visit_impatiently(host, seconds, patience)))
    results = await asyncio.gather(*made, return_exceptions=True)
    await turns.close()
    assert {type(result) for result in results} <= {type(None), TimeoutError}
    return results.count(None)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("url", ["", NOWHERE], ids=["with Redis", "while Redis is away"])
def test_no_two_meet_at_a_host_whoever_comes_and_goes(url, seed):
    visits: Visits = defaultdict(list)
    made: list[int] = []

    def run(number: int) -> None:
        chance = random.Random(f"{seed} {number}")
        made.append(asyncio.run(visit_at_random(chance, url or settings.REDIS_URL, visits)))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(LOOPS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == LOOPS
    assert sum(made) > LOOPS * VISITS / 2
    for times in visits.values():
        pauses = [later[0] - earlier[1] for earlier, later in pairwise(sorted(times))]
        assert min(pauses) >= GAP_SECONDS - 0.001  # Redis counts in milliseconds
