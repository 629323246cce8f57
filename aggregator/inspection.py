"""What we would make of a feed, a page, a fragment of HTML or an address. Reads and writes no database row.

The answers are the JSON objects of `manage.py inspect`; hostile bytes are read in limited child processes.
"""

import base64
import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from feeds.errors import FeedsError
from feeds.items import FeedItem, Picture
from feeds.sandbox import Sandbox

LARGEST_DOCUMENT = 32 * 1024 * 1024  # bytes; far above what the fetcher lets in
LINES_AHEAD = 16  # how many lines of a JSONL run are in work at once, at most

Answer = dict[str, Any]


class InputError(ValueError):
    """The question was not understood; the sentence says what is missing or wrong."""


class Inspector:
    """Answers questions, each a mapping with the fields contract.md names. Close it, or use it as a context manager.

    now:       aware; the clock of every answer
    processes: how many documents are read at once
    """

    def __init__(self, now: datetime, processes: int = 1) -> None:
        self.now = now
        self.processes = processes
        self._sandbox = Sandbox(processes)
        self._answers: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "feed": self.feed,
            "page": self.page,
            "html": self.html,
            "url": self.url,
        }

    def __enter__(self) -> "Inspector":
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    def answer(self, what: str, question: Mapping[str, Any]) -> Answer:
        """The answer, or {"ok": false, "error": a sentence}; with the question's "id" first, if it has one."""
        named = {"id": question["id"]} if "id" in question else {}
        try:
            if "fault" in question:
                raise InputError(question["fault"])
            return named | {"ok": True, "error": None} | self._answers[what](question)
        except (FeedsError, InputError) as error:
            return named | {"ok": False, "error": str(error)}

    def answer_all(self, what: str, questions: Iterable[Mapping[str, Any]]) -> Iterator[Answer]:
        """The answers in the order of the questions, several in work at a time."""
        waiting = iter(questions)
        with ThreadPoolExecutor(self.processes) as threads:

            def begun() -> Iterator[Future[Answer]]:
                return (threads.submit(self.answer, what, question) for question in waiting)

            running = list(islice(begun(), LINES_AHEAD))
            while running:
                yield running.pop(0).result()
                running += islice(begun(), 1)

    def feed(self, question: Mapping[str, Any]) -> Answer:
        """question: a document, "url" and "content_type" if known."""
        from feeds.parsing import parse_feed  # noqa: PLC0415 - each of these is slow to import, and one is needed

        feed = self._sandbox.call(
            parse_feed,
            document_of(question),
            url=text_of(question, "url"),
            content_type=text_of(question, "content_type"),
            now=self.now,
        )
        return {
            "format": feed.format,
            "title": feed.title,
            "site_url": feed.site_url,
            "language": feed.language,
            "items": [_item(item) for item in feed.listed],
            "problems": feed.problems,
        }

    def page(self, question: Mapping[str, Any]) -> Answer:
        """question: a document and its "url", "content_type" if known."""
        from feeds.extraction import extract  # noqa: PLC0415

        page = self._sandbox.call(
            extract,
            document_of(question),
            url=text_of(question, "url", required=True),
            content_type=text_of(question, "content_type"),
            now=self.now,
        )
        return {
            "title": page.title,
            "author": page.author,
            "published_at": _moment(page.published_at),
            "language": page.language,
            "canonical_url": page.canonical_url,
            **_picture(page.image),
            "text": page.text,
            "html": page.html,
            "tags": list(page.tags),
            "policy": {"display": page.display, "reason": page.display_reason},
        }

    def html(self, question: Mapping[str, Any]) -> Answer:
        """question: "html" or a document, "base" if known."""
        from feeds.sanitising import sanitise  # noqa: PLC0415

        fragment = question.get("html")
        if not isinstance(fragment, str):
            fragment = document_of(question).decode("utf-8", "replace")
        return {"html": sanitise(fragment, base=text_of(question, "base"))}

    def url(self, question: Mapping[str, Any]) -> Answer:
        """question: "url", and "resolve": {host: [ip, …]} to answer in place of the name server."""
        from django.conf import settings  # noqa: PLC0415

        from feeds.net.addresses import judge_url  # noqa: PLC0415
        from feeds.net.networks import parse_networks  # noqa: PLC0415

        resolve = question.get("resolve") or {}
        if not isinstance(resolve, dict) or not all(isinstance(answers, list) for answers in resolve.values()):
            raise InputError('"resolve" must be an object of lists: {"host": ["ip", …]}.')
        allow = parse_networks(settings.ZIS_FETCH_ALLOW_NETWORKS)
        verdict = judge_url(text_of(question, "url", required=True), resolve, allow=allow)
        return {"allowed": verdict.allowed, "reason": verdict.reason, "address": verdict.address or None}


def text_of(question: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    """A field that must be a string. Raises InputError where it is not, or is required and absent."""
    value = question.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise InputError(f'"{name}" must be given, as a string.')
    return value


def document_of(question: Mapping[str, Any]) -> bytes:
    """The bytes a question is about: its "body", or "body_base64", or the file at "path", unpacked if it ends in .gz.

    Raises InputError where there are none, or more than 32 MiB.
    """
    if isinstance(question.get("body"), bytes):
        body = question["body"]
    elif question.get("body_base64") is not None:
        try:
            body = base64.b64decode(text_of(question, "body_base64"), validate=True)
        except ValueError as error:
            raise InputError('"body_base64" is not valid base64.') from error
    elif question.get("path"):
        body = _file(Path(text_of(question, "path")))
    else:
        raise InputError('Give the document as "path" or as "body_base64".')
    if len(body) > LARGEST_DOCUMENT:
        raise InputError(f"The document is larger than {LARGEST_DOCUMENT >> 20} MiB.")
    return body


def _file(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return file.read(LARGEST_DOCUMENT + 1)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise InputError(f"{path}: {getattr(error, 'strerror', None) or error}.") from error


def _item(item: FeedItem) -> Answer:
    return {
        "identity": item.identity,
        "title": item.title,
        "url": item.url,
        "published_at": _moment(item.published_at),
        "updated_at": _moment(item.updated_at),
        "author": item.author,
        "description": item.description,
        "content_html": item.content_html,
        "categories": list(item.categories),
        **_picture(item.image),
    }


def _picture(picture: Picture | None) -> Answer:
    return {
        "image": picture.url if picture else None,
        "image_caption": picture.caption if picture else "",
        "image_credit": picture.credit if picture else "",
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
