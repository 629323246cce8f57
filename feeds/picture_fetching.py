"""Fetches pictures, of articles and of sources: what surrounds a batch of them, whatever they are for.

Each is found by the caller's coroutine, through the one door and as far as hosts let us. What went wrong without its
being the picture's fault, a host on hold or an outage of our own, is told apart here.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Generic, TypeVar

from feeds.clock import database_now
from feeds.errors import FeedsError, HostOnHold, RobotsUnread
from feeds.fetching import Document, open_fetcher
from feeds.manners import hosts
from feeds.manners.outages import is_line_down, is_silence
from feeds.manners.permission import Permissions
from feeds.streaming import Worker, stream

BATCH_SECONDS = 90
LEASE = timedelta(seconds=150)  # of who takes a batch; longer than it lasts
SOON = timedelta(minutes=2)

Fetch = Callable[..., Awaitable[Document]]
Wanting = TypeVar("Wanting")
Picture = TypeVar("Picture")


@dataclass(frozen=True, slots=True)
class Found(Generic[Wanting, Picture]):
    """How one search went, for an article or a source.

    picture:   what was found, or None
    error:     why there is none, or None
    is_tried:  False where its turn did not come
    is_outage: nobody answers us at the moment: a silence is not its server's
    """

    wanting: Wanting
    picture: Picture | None = None
    error: FeedsError | None = None
    is_tried: bool = True
    is_outage: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether its server gave no answer, or its robots.txt can not be had, which may be for the same reason."""
        return is_silence(self.error) or isinstance(self.error, RobotsUnread)

    @property
    def wait(self) -> timedelta | None:
        """When to try again, where all this says nothing of the picture; None where it does."""
        if not self.is_tried or (self.is_outage and self.is_silent):
            return SOON
        if isinstance(self.error, HostOnHold) and not isinstance(self.error, RobotsUnread):
            return timedelta(seconds=self.error.seconds)
        return None


def find_pictures(
    wanting: Sequence[Wanting],
    find: Callable[[Wanting, Fetch], Awaitable[Picture | None]],
    *,
    urls: Iterable[str],
    what: str,
) -> Iterator[Found[Wanting, Picture]]:
    """Find the picture of each of these; yields how it went as they come.

    find: given one of them and what fetches addresses; raises FeedsError where there is none
    urls: where they are asked for first
    what: what they are, in the sentence that says that robots.txt forbids one
    """
    permissions = Permissions(urls, what=what)
    batches: Iterator[list[Found[Wanting, Picture]]] = stream(
        wanting, partial(_open_finder, permissions, find), budget_seconds=BATCH_SECONDS, unreached=_untried
    )
    try:
        for batch in batches:
            hosts.keep_holds()
            is_outage = any(found.is_silent for found in batch) and is_line_down(database_now())
            for found in batch:
                yield replace(found, is_outage=is_outage)
    finally:
        permissions.remember()


def _untried(wanting: Wanting) -> Found[Wanting, Picture]:
    return Found(wanting, is_tried=False)


@asynccontextmanager
async def _open_finder(
    permissions: Permissions, find: Callable[[Wanting, Fetch], Awaitable[Picture | None]]
) -> AsyncIterator[Worker]:
    async with open_fetcher() as fetcher:
        fetch = partial(fetcher.fetch, permission=permissions.at(fetcher))

        async def look_for(wanting: Wanting) -> Found[Wanting, Picture]:
            try:
                return Found(wanting, picture=await find(wanting, fetch))
            except FeedsError as error:
                return Found(wanting, error=error)

        yield look_for
