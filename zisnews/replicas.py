"""Lists for readers without a session may come from a copy of the database that follows it (DATABASE_REPLICA_URL).

All else reads and writes the database itself: whoever changed something sees it at once. A copy that does not answer,
or is far behind, is left alone for a while; a page that it failed in the middle of is made anew without it.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)

COPY = "replica"
# Of aggregator/urls.py: what is the same for everybody and may be some seconds old.
LISTS = frozenset(
    {"front", "latest", "category", "countries", "country", "sources", "source", "stories", "search"}
    | {f"feed_{of}" for of in ("front", "latest", "category", "country", "source", "stories", "search")}
)
LOOK_SECONDS = 10.0  # how often each process looks how far the copy is
FURTHEST_SECONDS = 60  # behind the database; also where nothing at all was written for so long, which does no harm
HOW_FAR = "SELECT CASE WHEN pg_is_in_recovery() THEN extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END"

reads_copy: ContextVar[bool] = ContextVar("reads_copy", default=False)


class Router:
    """Reads go where the request may read; writes never to the copy, wherever an object came from."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return COPY if reads_copy.get() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True  # they are the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class Copy:
    """What this process knows of the copy's state."""

    def __init__(self) -> None:
        self.is_near, self.look_at = False, 0.0

    def may_be_read(self) -> bool:
        now = time.monotonic()
        if now >= self.look_at:
            self.look_at = now + LOOK_SECONDS  # first: while one thread waits for it, no other does
            self.note(is_near=is_near())
        return self.is_near

    def note(self, *, is_near: bool) -> None:
        if is_near is not self.is_near:
            log.info("lists are read from the copy" if is_near else "the copy is away or far behind: lists do without")
        self.is_near = is_near


copy = Copy()


def is_near() -> bool:
    """Ask the copy how far behind it is. One that no Postgres feeds (another kind of copy) is taken at its word."""
    try:
        with connections[COPY].cursor() as cursor:
            cursor.execute(HOW_FAR)
            [seconds] = cursor.fetchone()
    except Error as error:
        log.warning("the copy of the database does not answer", error=str(error).strip())
        connections[COPY].close()
        return False
    return seconds is None or seconds <= FURTHEST_SECONDS


class ReplicaMiddleware:
    """Let a list that somebody without a session asks for be read from the copy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = reads_copy.set(False)
        try:
            return self.get_response(request)
        finally:
            reads_copy.reset(token)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple, kwargs: dict) -> None:
        match = request.resolver_match
        is_list = request.method in {"GET", "HEAD"} and match is not None and match.url_name in LISTS
        if is_list and settings.SESSION_COOKIE_NAME not in request.COOKIES and copy.may_be_read():
            reads_copy.set(True)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Make the page without the copy where that went away in the middle, which has more than one kind of error."""
        match = request.resolver_match
        if not (reads_copy.get() and isinstance(error, Error) and match):
            return None
        log.warning("the copy of the database failed", error=str(error).strip())
        copy.note(is_near=False)
        connections[COPY].close()
        reads_copy.set(False)
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return answer
