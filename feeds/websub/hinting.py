"""Wakes a worker as soon as a push is stored. Only a hint: beat takes what waits every few seconds anyway."""

import structlog

from feeds import orders
from feeds.orders import QueueAway

log = structlog.get_logger(__name__)

WORTH_SECONDS = 5  # afterwards the next tick has come


def hint_at_pushes() -> None:
    """Ask for a worker now; a queue that is away costs a few seconds until the tick, not the push."""
    try:
        orders.send("feeds.tasks.read_pushes", expires=WORTH_SECONDS)
    except QueueAway as error:
        log.info("the queue is away: a push waits for the next tick", error=str(error.__cause__))
