"""Wakes a worker as soon as a push is stored. Only a hint: beat takes what waits every few seconds anyway."""

import structlog
from celery import current_app
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

WORTH_SECONDS = 5  # afterwards the next tick has come
# The usual connection would try for six seconds to reach a queue that is away, and a hub waits for our answer.
ONE_TRY = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "socket_connect_timeout": 1, "socket_timeout": 1}


def hint_at_pushes() -> None:
    """Ask for a worker now; a queue that is away costs a few seconds until the tick, not the push."""
    options = current_app.conf.broker_transport_options | ONE_TRY
    try:
        with current_app.connection_for_write(transport_options=options) as connection:
            current_app.send_task("feeds.tasks.read_pushes", connection=connection, expires=WORTH_SECONDS, retry=False)
    except (KombuError, RedisError, OSError) as error:
        log.info("the queue is away: a push waits for the next tick", error=str(error))
