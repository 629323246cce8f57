"""What a page says of the change before it, until it is shown, and the way to take that change back."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse

MOST_KEPT = 5
UNDO = "undo:"


class RecentMessages(FallbackStorage):
    """Django's own, which keeps them all: a program that changes much and reads no page would fill its session."""

    def _store(self, messages: list, response: HttpResponse, *args: object, **kwargs: object) -> list:
        return super()._store(messages[-MOST_KEPT:], response, *args, **kwargs)  # type: ignore[misc]


def tell(
    request: HttpRequest,
    words: str,
    *,
    undo: str = "",
    fields: Mapping[str, str] | None = None,
    level: int = messages.INFO,
) -> None:
    """Say a sentence on the next page. undo: the path of ours that takes the change back by a POST of `fields`."""
    tags = f"{UNDO}{undo}?{urlencode(fields or {})}" if undo else ""
    messages.add_message(request, level, words, extra_tags=tags)


def way_back(message: Message) -> tuple[str, list[tuple[str, str]]]:
    """The path and the fields of the form that takes back what a message tells of; "" where nothing does."""
    tags = message.extra_tags or ""
    if not tags.startswith(UNDO):
        return "", []
    path, _, fields = tags.removeprefix(UNDO).partition("?")
    return path, parse_qsl(fields, keep_blank_values=True)
