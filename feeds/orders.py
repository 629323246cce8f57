"""Orders that a person's click gives to a worker: handed over at once, or refused with a sentence.

What the order says lies in the cache, its name goes into the queue; both are Redis, which may be away.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from feeds.errors import FeedsError

# The usual connection would try for six seconds to reach a queue that is away, and a person waits for our answer.
ONE_TRY = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "socket_connect_timeout": 1, "socket_timeout": 1}
AWAY = _("The queue (Redis) does not answer, so no worker can be told. Nothing is lost: please try again in a moment.")


class QueueAway(FeedsError):
    """Redis does not answer: nothing was ordered, nothing can be looked up."""


@contextmanager
def asking_redis() -> Iterator[None]:
    """Turn every way in which Redis can be away into QueueAway, with the sentence for whoever waits."""
    try:
        yield
    except (KombuError, RedisError, OSError) as error:
        raise QueueAway(str(AWAY)) from error


def send(task: str, arguments: Sequence[Any] = (), **options: Any) -> None:
    """Put a task into the queue, in one try. Raises QueueAway."""
    connecting = current_app.conf.broker_transport_options | ONE_TRY
    with asking_redis(), current_app.connection_for_write(transport_options=connecting) as connection:
        current_app.send_task(task, list(arguments), connection=connection, retry=False, **options)


def is_first(order: str, seconds: int) -> bool:
    """Whether nobody carries out this order yet; whoever is told so has it for so long, or until Redis is wiped."""
    return cache.add(f"taken:{order}", 1, seconds)
