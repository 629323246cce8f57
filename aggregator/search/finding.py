"""The newest articles that a question finds, without reading all that it finds.

A word may stand in a million articles. So the newest stretch of time is asked first, then older and longer ones until
enough is found; the spans in SearchDocument.words let Postgres' index answer for a stretch alone. Each answer has a
time limit: what was found until then counts, and how far back that reaches is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import OperationalError, connection, transaction
from psycopg2.errors import QueryCanceled

from aggregator.search.lexemes import any_of, spans_between

TIME_LIMIT_MS = 400  # of one question
FIRST_STRETCH = timedelta(hours=6)
LONGEST_STRETCH = timedelta(days=1000)  # what is older than that is asked at once
LEAST_GROWTH, MOST_GROWTH = 8, 4000
# Words asked by their beginning are looked for in the newest articles one by one before the index is asked.
WALKED, ENOUGH_OF_PREFIX = 1500, 100
COLUMNS = "article_id, published_at, source_id, country, category_id, language"


class Match(NamedTuple):
    """An article that was found, and what facets count of it."""

    article: int
    published_at: datetime
    source: int
    country: str
    category: str
    language: str

    @property
    def key(self) -> tuple[datetime, int]:
        return self.published_at, self.article


@dataclass(frozen=True, slots=True)
class Matches:
    """The newest matches first. is_all: there are no others; reached: how far back was looked before time was over."""

    rows: list[Match]
    is_all: bool
    reached: datetime | None = None


class TookTooLong(Exception):
    """A question was not answered within TIME_LIMIT_MS."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its limits. tsqueries: all must hold over SearchDocument.words.

    has_prefix: some word is asked by its beginning: Postgres' index then reads all words that begin so, at all times
    since, until: aware; from, and before
    """

    tsqueries: tuple[str, ...]
    until: datetime
    since: datetime | None = None
    has_prefix: bool = False

    def beside(self, tsquery: str) -> "Asked":
        """The same question with one more condition."""
        return replace(self, tsqueries=(*self.tsqueries, tsquery))

    def before(self, moment: datetime) -> "Asked":
        return replace(self, until=min(self.until, moment))


def newest(asked: Asked, limit: int, before: tuple[datetime, int] | None = None) -> Matches:
    """The newest articles the question finds, at most `limit`.

    before: the (published_at, id) behind which to go on
    """
    if before:
        asked = asked.before(before[0] + timedelta(microseconds=1))
    if not asked.has_prefix:
        return widening(asked, limit, before)
    walked, end = walk(asked, limit, before)
    if end is None or len(walked) >= min(limit, ENOUGH_OF_PREFIX):
        return Matches(walked, is_all=end is None and len(walked) < limit)
    older = widening(asked, limit - len(walked), end)
    return Matches(walked + older.rows, older.is_all, older.reached)


def walk(
    asked: Asked, limit: int, before: tuple[datetime, int] | None
) -> tuple[list[Match], tuple[datetime, int] | None]:
    """What the question finds among the newest WALKED articles, and where those end; None where there are no others."""
    behind = "AND (published_at, article_id) < (%s, %s)" if before else ""
    sql = f"""WITH newest AS MATERIALIZED (
                  SELECT {COLUMNS}, words FROM aggregator_searchdocument
                  WHERE published_at < %s AND published_at >= %s {behind}
                  ORDER BY published_at DESC, article_id DESC LIMIT {WALKED})
              SELECT {COLUMNS}, words @@ %s::tsquery FROM newest ORDER BY published_at DESC, article_id DESC"""  # noqa: S608
    since = asked.since or datetime.min.replace(tzinfo=UTC)
    rows = ask(sql, [asked.until, since, *(before or ()), both(asked.tsqueries)], walking="on")
    found = [Match(*row[:-1]) for row in rows if row[-1]]
    if len(found) > limit:
        return found[:limit], found[limit - 1].key
    return found, Match(*rows[-1][:-1]).key if len(rows) == WALKED else None


def is_found(asked: Asked) -> bool:
    """Whether the question finds anything at all."""
    return bool(widening(asked, 1, None, stretch=timedelta(days=8)).rows)


def widening(
    asked: Asked, limit: int, before: tuple[datetime, int] | None, *, stretch: timedelta = FIRST_STRETCH
) -> Matches:
    """Ask the newest stretch of time, and ever longer ones before it, until enough is found."""
    rows: list[Match] = []
    end, since = before[0] + timedelta(microseconds=1) if before else asked.until, asked.since
    while True:
        begin = None if stretch > LONGEST_STRETCH else end - stretch
        if since and (begin is None or begin < since):
            begin = since
        try:
            rows += between(begin, end, asked, limit - len(rows), before)
        except TookTooLong:
            return Matches(rows, is_all=False, reached=end)
        if begin is None or begin == since or len(rows) >= limit:
            return Matches(rows, is_all=len(rows) < limit)
        stretch *= min(MOST_GROWTH, max(LEAST_GROWTH, 2 * (limit - len(rows)) / max(len(rows), 0.5)))
        end = begin


def between(
    begin: datetime | None, end: datetime, asked: Asked, limit: int, before: tuple[datetime, int] | None
) -> list[Match]:
    """The newest matches of one stretch of time; None: since ever. Raises TookTooLong."""
    tsquery = both(asked.tsqueries)
    conditions = ["words @@ %s::tsquery", "published_at < %s"]
    values: list[str | int | datetime] = [tsquery, end]
    if begin:
        conditions.append("published_at >= %s")
        values.append(begin)
        if spans := spans_between(begin, end):
            values[0] = f"{tsquery} & {any_of(spans)}"
    if before:
        conditions.append("(published_at, article_id) < (%s, %s)")
        values += before
    sql = f"""SELECT {COLUMNS} FROM aggregator_searchdocument WHERE {" AND ".join(conditions)}
              ORDER BY published_at DESC, article_id DESC LIMIT %s"""  # noqa: S608
    return [Match(*row) for row in ask(sql, [*values, limit])]


def ask(sql: str, values: Sequence[str | int | datetime], *, walking: str = "off") -> list[tuple]:
    """The rows of one question, asked in limited time. Raises TookTooLong.

    Postgres may not read article after article: it does not count what it costs to unpack the words of each.
    walking: "on" where it shall, along the index by time
    """
    limits = f"""SELECT set_config('statement_timeout', '{TIME_LIMIT_MS}ms', true),
                        set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', '{walking}', true);"""
    try:
        with apart(), connection.cursor() as cursor:
            cursor.execute(limits + sql, values)
            return cursor.fetchall()
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise


@contextmanager
def apart() -> Iterator[None]:
    """Let settings and failure of one question not outlast it, within a transaction too; without one they never do."""
    if not connection.in_atomic_block:
        yield
        return
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def both(tsqueries: Iterable[str]) -> str:
    return " & ".join(f"({tsquery})" for tsquery in tsqueries)
