"""What a page says of the change before it, until it is shown."""

from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse

MOST_KEPT = 5


class RecentMessages(FallbackStorage):
    """Django's own, which keeps them all: a program that changes much and reads no page would fill its session."""

    def _store(self, messages: list, response: HttpResponse, *args: object, **kwargs: object) -> list:
        return super()._store(messages[-MOST_KEPT:], response, *args, **kwargs)  # type: ignore[misc]
