"""Pages that are the same for everybody, kept whole in Redis for a short while, each under the versions it was made of.

A page is made of things: "all" is what curators arrange, "article:5" an article with its comments. Whoever changes one
calls `outdate`, and no page that was made before is shown again. While Redis is away nothing is kept and nobody waits.
"""

import gzip
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from django.db import transaction

from zisnews.gathering import AWAY_SECONDS, impatient_client
from zisnews.redis_threads import OwnConnection

STALE_SECONDS = 60  # beyond its time a page is kept, to be shown while somebody makes the next one
MAKING_SECONDS = 5  # the longest that others leave the making of a page to whoever began
AWAITED_SECONDS, LOOK_EVERY_SECONDS = 0.5, 0.02  # of a page that is being made for the first time
VERSION_SECONDS = 600  # longer than any page is kept: a version that is forgotten stands for nothing
# What is kept in so many seconds: a page lives for three times as long, and Redis holds what limits count beside.
ROOM_SECONDS, MOST_BYTES, MOST_ODD_BYTES = 30, 24_000_000, 12_000_000
EVERYTHING = "all"

_PREFIX = f"{settings.CACHES['default']['KEY_PREFIX']}:page"

Versions = list[str]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it is sent. body: compressed (gzip); etag: of what it says

    article: whose visits are counted, 0 for none; ads: (id, the most often it may be shown a day) of those it shows
    """

    made_at: float
    versions: Versions
    etag: str
    headers: list[tuple[str, str]]
    article: int
    ads: list[tuple[int, int | None]]
    body: bytes

    @property
    def text(self) -> bytes:
        return gzip.decompress(self.body)

    def is_fresh(self, now: float) -> bool:
        return now < self.made_at + settings.ZIS_PAGE_SECONDS

    def as_bytes(self) -> bytes:
        about = self.made_at, self.versions, self.etag, self.headers, self.article, self.ads
        return json.dumps(about).encode() + b"\n" + self.body


def read(kept: bytes) -> KeptPage:
    """A page from what as_bytes() made of it."""
    about, _, body = kept.partition(b"\n")
    made_at, versions, etag, headers, article, ads = json.loads(about)
    return KeptPage(made_at, versions, etag, headers, article, ads, body)


class Shelf:
    """Redis' side of it. While Redis is away it is not asked for a while."""

    def __init__(self, redis_url: str) -> None:
        self.redis = impatient_client(redis_url)
        self.of_thread = OwnConnection(self.redis.connection_pool)
        self.away_until = 0.0

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self.away_until

    def look(self, name: str, things: Sequence[str]) -> tuple[KeptPage | None, Versions]:
        """The page of this name, made of what these things are now, if it is there; and their versions."""
        if self.is_away:
            return None, []
        try:
            kept, *found = self.of_thread.answer(
                "MGET", f"{_PREFIX}:{name}", *(f"{_PREFIX}-version:{thing}" for thing in things)
            )
        except redis.RedisError:
            self.go_away()
            return None, []
        versions = [version.decode() if isinstance(version, bytes) else "" for version in found]
        page = read(kept) if isinstance(kept, bytes) else None
        return (page if page and page.versions == versions else None), versions

    def awaited(self, name: str, things: Sequence[str]) -> KeptPage | None:
        """The page that somebody else is making, once it is there; None where that takes long or comes to nothing."""
        end = time.monotonic() + AWAITED_SECONDS
        while time.monotonic() < end and not self.is_away:
            time.sleep(LOOK_EVERY_SECONDS)
            is_claimed = self.is_claimed(name)  # asked first: who makes a page keeps it, and lets go of it then
            page, _versions = self.look(name, things)
            if page or not is_claimed:
                return page
        return None

    def claim(self, name: str) -> bool:
        """Say that one is making this page; False where somebody else is. Where nobody can be asked, each makes it."""
        try:
            return self.is_away or bool(self.redis.set(f"{_PREFIX}-making:{name}", 1, nx=True, ex=MAKING_SECONDS))
        except redis.RedisError:
            self.go_away()
            return True

    def is_claimed(self, name: str) -> bool:
        try:
            return bool(self.redis.exists(f"{_PREFIX}-making:{name}"))
        except redis.RedisError:
            self.go_away()
            return False

    def keep(self, name: str, page: KeptPage | None, *, is_plain: bool = True) -> None:
        """Keep what was made, if it may be and there is room, and let go of the claim.

        is_plain: its address asks for nothing. What asks for something, and may be made up, has a room of its own.
        """
        if self.is_away:
            return
        try:
            asked = self.redis.pipeline(transaction=False)
            if page and self.has_room(len(page.body), is_plain=is_plain):
                asked.set(f"{_PREFIX}:{name}", page.as_bytes(), ex=settings.ZIS_PAGE_SECONDS + STALE_SECONDS)
            asked.delete(f"{_PREFIX}-making:{name}")
            asked.execute()
        except redis.RedisError:
            self.go_away()

    def has_room(self, size: int, *, is_plain: bool) -> bool:
        """Whether so many bytes more may be kept in this half minute. Raises RedisError."""
        room, most = ("plain", MOST_BYTES) if is_plain else ("odd", MOST_ODD_BYTES)
        counted = f"{_PREFIX}-bytes:{room}:{int(time.time() / ROOM_SECONDS)}"
        asked = self.redis.pipeline(transaction=False)
        asked.incrby(counted, size)
        asked.expire(counted, 2 * ROOM_SECONDS)
        used, _ = asked.execute()
        return int(used) <= most

    def outdate(self, things: Sequence[str]) -> None:
        try:
            asked = self.redis.pipeline(transaction=False)
            for thing in things:
                asked.incr(f"{_PREFIX}-version:{thing}")
                asked.expire(f"{_PREFIX}-version:{thing}", VERSION_SECONDS)
            asked.execute()
        except redis.RedisError:  # then pages are not read either, or grow old in their time
            self.go_away()

    def go_away(self) -> None:
        self.away_until = time.monotonic() + AWAY_SECONDS


@cache
def shelf() -> Shelf:
    return Shelf(settings.REDIS_URL)


def outdate(*things: str) -> None:
    """Show no page any more that was made of these things as they were, once the change is committed."""
    if settings.ZIS_PAGE_SECONDS:
        transaction.on_commit(lambda: shelf().outdate(things))


def thing_of_article(pk: int) -> str:
    return f"article:{pk}"
