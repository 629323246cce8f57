"""How often articles are opened: once per reader and day, told apart without a cookie and forgotten by the next day.

A reader is a keyed hash of their address and browser. Its key is drawn at random each day (UTC) and kept in Redis only,
with the hashes, until that day ends; afterwards nobody can tell whom a hash stood for. What is kept is a number per
article: gathered in Redis, written to `Article.view_count` in batches. Without Redis nothing is counted and pages are
shown all the same; if it loses what it holds, views since the last batch are lost with it.
"""

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b

import redis
from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest

from zisnews.gathering import AWAY_SECONDS, Gathering, impatient_client
from zisnews.visitors import is_by_person, reader_of

SHOWN_FROM = 10  # views; a smaller number tells about readers more than about the article
MOST_READERS = 2_000_000  # article and reader pairs kept of a day, some 120 MB: a flood of invented browsers ends there
VISITS_LOCK = 0x5A16  # any number that no other advisory lock of ours uses

_PREFIX = f"{settings.CACHES['default']['KEY_PREFIX']}:visits"
GATHERED, TAKEN = f"{_PREFIX}:gathered", f"{_PREFIX}:taken"
# KEYS: the day's readers, what is gathered. ARGV: the reader's hash, the article, the end of the day, MOST_READERS.
_NOTE = """
if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[4]) or redis.call('SADD', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('EXPIREAT', KEYS[1], ARGV[3])
return redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
"""


def note(article_id: int, request: HttpRequest, now: datetime) -> None:
    """Count a visit to an article, unless it was no person's or not their first of the day."""
    if is_by_person(request):
        _counter().note(article_id, reader_of(request), now)


class Counter:
    """Redis' side of the counting. While Redis is away it is not asked for a while, so that no page waits for it."""

    def __init__(self, redis_url: str) -> None:
        self.redis = impatient_client(redis_url)
        self.script = self.redis.register_script(_NOTE)
        self.away_until = 0.0

    def note(self, article_id: int, reader: str, now: datetime) -> None:
        if time.monotonic() < self.away_until:
            return
        day = now.astimezone(UTC).date()
        ends_at = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + 86_400
        try:
            key = self.key_of(f"{_PREFIX}:key:{day}", ends_at)
            hashed = blake2b(f"{article_id}\0{reader}".encode(errors="replace"), key=key, digest_size=8).digest()
            self.script(keys=[f"{_PREFIX}:readers:{day}", GATHERED], args=[hashed, article_id, ends_at, MOST_READERS])
        except redis.RedisError:
            self.away_until = time.monotonic() + AWAY_SECONDS

    def key_of(self, name: str, ends_at: int) -> bytes:
        """The day's key, drawn by whoever needs it first."""
        asked = self.redis.pipeline(transaction=False)
        asked.set(name, secrets.token_bytes(32), nx=True, exat=ends_at)
        asked.get(name)
        return asked.execute()[1] or b""


@cache
def _counter() -> Counter:
    return Counter(settings.REDIS_URL)


def write_gathered() -> int:
    """Add the views gathered since the last time to their articles; returns how many."""
    return Gathering(GATHERED, TAKEN, VISITS_LOCK).write(_add)


def _add(cursor: CursorWrapper, batch: Mapping[str, int]) -> None:
    articles = sorted(map(int, batch))
    # Locked in one order, as whoever deletes or renews articles does it.
    cursor.execute(
        """WITH seen AS (SELECT * FROM unnest(%s::bigint[], %s::integer[]) AS seen (article, views)),
                held AS (SELECT id FROM aggregator_article WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
           UPDATE aggregator_article AS article SET view_count = view_count + seen.views
           FROM seen JOIN held ON held.id = seen.article WHERE article.id = held.id""",
        [articles, [batch[str(article)] for article in articles], articles],
    )
