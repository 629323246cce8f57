"""How often articles are opened: once per reader and day, told apart without a cookie and forgotten by the next day.

A reader is a keyed hash of their address and browser. Its key is drawn at random each day (UTC) and kept in Redis only,
with the hashes, until that day ends; afterwards nobody can tell whom a hash stood for. What is kept is a number per
article: gathered in Redis, written to `Article.view_count` in batches. Without Redis nothing is counted and pages are
shown all the same; if it loses what it holds, views since the last batch are lost with it.
"""

import secrets
import time
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b

import redis
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from redis.backoff import NoBackoff
from redis.retry import Retry

from zisnews.visitors import is_by_person, reader_of

SHOWN_FROM = 10  # views; a smaller number tells about readers more than about the article
MOST_READERS = 2_000_000  # article and reader pairs kept of a day, some 120 MB: a flood of invented browsers ends there
ROWS_PER_BATCH = 1_000
VISITS_LOCK = 0x5A16  # any number that no other advisory lock of ours uses
ANSWER_SECONDS, AWAY_SECONDS = 0.2, 10.0

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
        self.redis = redis.Redis.from_url(
            redis_url,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 1),  # a connection that was closed meanwhile
        )
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
    """Add the views gathered since the last time to their articles; returns how many.

    One worker at a time, by a lock of the database. A batch is taken out of Redis just before its rows are committed:
    a worker that dies leaves it to the next one, and none is written twice.
    """
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5)
    try:
        return _write_gathered(client)
    finally:
        client.close()


def _write_gathered(client: redis.Redis) -> int:
    written = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [VISITS_LOCK])
            if not cursor.fetchone()[0]:
                return written
            batch = _next_batch(client)
            if not batch:
                return written
            articles = sorted(batch)
            # Locked in one order, as whoever deletes or renews articles does it.
            cursor.execute(
                """WITH seen AS (SELECT * FROM unnest(%s::bigint[], %s::integer[]) AS seen (article, views)),
                        held AS (SELECT id FROM aggregator_article WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
                   UPDATE aggregator_article AS article SET view_count = view_count + seen.views
                   FROM seen JOIN held ON held.id = seen.article WHERE article.id = held.id""",
                [articles, [batch[article] for article in articles], articles],
            )
            client.hdel(TAKEN, *map(str, articles))
        written += sum(batch.values())


def _next_batch(client: redis.Redis) -> dict[int, int]:
    """Views by article of up to so many articles, out of what was taken before or is taken now."""
    if not client.exists(TAKEN):
        try:
            client.rename(GATHERED, TAKEN)
        except redis.ResponseError:  # nothing was gathered
            return {}
    batch: dict[int, int] = {}
    for article, views in client.hscan_iter(TAKEN, count=ROWS_PER_BATCH):
        batch[int(article)] = int(views)
        if len(batch) >= ROWS_PER_BATCH:
            break
    return batch
