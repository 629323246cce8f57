"""Wakes a worker as soon as a push is stored. Only a hint: beat takes what waits every few seconds anyway."""

import structlog
from celery import current_app
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

WORTH_SECONDS = 5  # afterwards the next tick has come


def hint_at_pushes() -> None:
    """Ask for a worker now; a queue that is away costs a few seconds until the tick, not the push."""
    try:
        current_app.send_task("feeds.tasks.read_pushes", expires=WORTH_SECONDS, retry=False, ignore_result=True)
    except (KombuError, RedisError, OSError) as error:
        log.info("the queue is away: a push waits for the next tick", error=str(error))
