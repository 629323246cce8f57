"""The newest articles that a question finds, without reading all that it finds.

A word may stand in a million articles. So the newest stretch of time is asked first, then older ones, as long as what
was found until then says they must be; the spans in SearchDocument.words let Postgres' index answer for a stretch
alone. Each answer has a time limit: what was found until then counts, and how far back that reaches is told.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.db import OperationalError, connection, transaction
from psycopg2.errors import QueryCanceled

from aggregator.search.asked import Asked, Match, Matches, both
from aggregator.search.lexemes import any_of, spans_between

TIME_LIMIT_MS = 400  # of one question
FIRST_LOOK = 2000  # the newest articles are looked through first, then as many as seem to be needed
LEAST_GROWTH, MOST_GROWTH = 0.5, 20  # of a stretch over the one before
TO_SPARE = 1.4  # asked for that much more than seems to be needed, for news come in waves
TO_SPARE_AT_FIRST = 1.2  # where the share of what is found is known; each article too much may lie apart on the disk
# Spans that hold a whole stretch may hold twice as much else, each a place of the disk: then a part of it is asked. To
# ask again for the rest costs as if so much more of a stretch were looked through.
PARTS, ENOUGH_HELD, AGAIN = (1, 0.85, 0.7, 0.55, 0.4), 0.85, 0.35
USUAL_LOOK = 20_000  # articles that tell how fast they come, day and night
LONGEST_STRETCH = timedelta(days=1000)
SINCE_EVER = 10 * LONGEST_STRETCH
UNCOUNTED = 1_000_000  # articles of a site that Postgres has not counted yet
LOOKED_THROUGH = 250  # of what has all words of a phrase, to see whether they stand in a row
ENOUGH_OF_PHRASE = 40  # found among them: then nobody need be told how far back was looked
# Words asked by their beginning are looked for in the newest articles one by one before the index is asked.
WALKED, ENOUGH_OF_PREFIX = 1500, 100
# Hidden from the index by time: to read that for a stretch takes longer than to leave out what the spans have too much.
AT = "published_at + interval '0'"
NEWEST = """
    SELECT published_at FROM aggregator_searchdocument WHERE published_at < %s::timestamptz
    ORDER BY published_at DESC LIMIT 1"""
COLUMNS = "article_id, published_at, source_id, country, category_id, language"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast articles came before a moment: when the newest did, and how much time FIRST_LOOK of `all_articles` took.

    all_articles: of the site, about; 0 where there are no more than FIRST_LOOK before that moment
    """

    newest: datetime
    took: timedelta
    all_articles: int

    def is_much(self, stretch: timedelta, all_at_once: float) -> bool:
        """Whether a stretch of time holds so much of all articles that it is quicker to ask all (Asked)."""
        part = FIRST_LOOK * (stretch / self.took)
        return stretch > LONGEST_STRETCH or part >= all_at_once * self.all_articles


class TookTooLong(Exception):
    """A question was not answered within TIME_LIMIT_MS."""


def newest(
    asked: Asked, limit: int, before: tuple[datetime, int] | None = None, *, stretch: timedelta | None = None
) -> Matches:
    """The newest articles the question finds, at most `limit`.

    before: the (published_at, id) behind which to go on; stretch: how much time to ask at first, where that is known
    """
    if before:
        asked = asked.before(before[0] + timedelta(microseconds=1))
    if not asked.has_prefix:
        look = one_by_one if asked.in_index else widening
        return look(asked, limit, before, stretch=stretch)
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


def one_by_one(asked: Asked, limit: int, before: tuple[datetime, int] | None, *, stretch: timedelta | None) -> Matches:
    """The newest matches of a question with phrases, among the newest LOOKED_THROUGH that have their words."""
    by_words = replace(asked, tsqueries=asked.in_index, in_index=(), one_by_one=both(asked.tsqueries))
    some = widening(by_words, LOOKED_THROUGH, before, stretch=stretch)
    found = [match for match in some.rows if match.holds]
    if some.is_all or some.reached or not some.rows or len(found) >= min(limit, ENOUGH_OF_PHRASE):
        return Matches(found[:limit], some.is_all and len(found) <= limit, some.reached)
    return Matches(found, is_all=False, reached=some.rows[-1].published_at)


def holding(matches: Iterable[Match], tsquery: str) -> set[int]:
    """Which of these articles a question finds, looked at one by one: IS TRUE keeps the index of words out of it.

    Raises TookTooLong.
    """
    sql = """SELECT article_id FROM aggregator_searchdocument
             WHERE article_id = ANY(%s) AND (words @@ %s::tsquery) IS TRUE"""
    return {pk for (pk,) in ask(sql, [[match.article for match in matches], tsquery], walking="on")}


def is_found(asked: Asked) -> bool:
    """Whether the question finds anything at all."""
    return bool(newest(asked, 1).rows)


def widening(
    asked: Asked, limit: int, before: tuple[datetime, int] | None, *, stretch: timedelta | None = None
) -> Matches:
    """Ask the newest stretch of time, and others before it, until enough is found."""
    rows: list[Match] = []
    end, since = before[0] + timedelta(microseconds=1) if before else asked.until, asked.since
    pace = pace_before(end)
    stretch, begins = stretch or first_stretch(asked, limit, pace), pace.newest
    while True:
        begin = None if pace.is_much(stretch, asked.all_at_once) else begins - stretch
        spans: list[str] = []
        if begin:
            spans, begin = spans_for(stretch, begins, min(begins, end - timedelta.resolution), pace.newest)
        if since and (begin is None or begin < since):
            begin = since
        try:
            found = between(begin, end, asked, limit - len(rows), before, spans=spans)
        except TookTooLong:
            return Matches(rows, is_all=False, reached=end)
        rows += found
        if begin is None or begin == since or len(rows) >= limit:
            return Matches(rows, is_all=len(rows) < limit)
        growth = TO_SPARE * (limit - len(rows)) / (len(found) + 0.5)
        stretch = (begins - begin) * min(MOST_GROWTH, max(LEAST_GROWTH, growth))
        end = begins = begin


def spans_for(stretch: timedelta, begins: datetime, last: datetime, newest: datetime) -> tuple[list[str], datetime]:
    """The spans that hold a stretch of time that ends where it `begins`, or the newest part of it where those that hold
    all of it hold much else; and where the first of them begins. last, newest: as until and newest of spans_between
    """
    found: tuple[list[str], datetime] = [], begins
    least = float("inf")
    for part in PARTS:
        spans, begin = spans_between(begins - part * stretch, last, newest)
        held = (begins - begin) / stretch
        cost = max(held, 1) + (AGAIN if held < ENOUGH_HELD else 0)
        if cost < least:
            found, least = (spans, begin), cost
    return found


def first_stretch(asked: Asked, limit: int, pace: Pace) -> timedelta:
    """How much time holds so many of what is found, where it is known about which share of all articles that is; else
    of FIRST_LOOK.
    """
    if not asked.share:
        return pace.took
    articles = TO_SPARE_AT_FIRST * limit / asked.share
    if articles <= FIRST_LOOK:
        return articles / FIRST_LOOK * pace.took
    if articles >= asked.all_at_once * pace.all_articles:
        return SINCE_EVER
    each = usual_pace(asked.until.replace(minute=0, second=0, microsecond=0))
    return pace.took + min(articles - FIRST_LOOK, LONGEST_STRETCH / each) * each


def stretch_of(asked: Asked, matches: Sequence[Match]) -> timedelta:
    """How much time some of the newest matches take up, from the newest article on."""
    newest_article = pace_before(asked.until).newest
    return max(newest_article - matches[-1].published_at, timedelta(minutes=1))


@lru_cache(maxsize=64)
def usual_pace(hour: datetime) -> timedelta:
    """In which time one article came, over the last days before an hour: at night two thousand take long."""
    sql = f"""SELECT (max(published_at) - min(published_at)) / greatest(count(*), 1) FROM (
                  SELECT published_at FROM aggregator_searchdocument WHERE published_at < %s
                  ORDER BY published_at DESC LIMIT {USUAL_LOOK}) newest"""  # noqa: S608
    ((each,),) = ask(sql, [hour], walking="on")
    return each or timedelta(hours=1)


def pace_before(moment: datetime) -> Pace:
    """How fast articles came before a moment, as it was within the last minute, and when the newest did."""
    minute = int(time.monotonic() / 60)
    pace = pace_in(minute, moment.replace(second=0, microsecond=0))
    return Pace(newest_in(minute, moment), pace.took, pace.all_articles)


@lru_cache(maxsize=64)  # a search asks several times before the same moment; an article of yesterday may arrive today
def newest_in(minute: int, moment: datetime) -> datetime:
    ((newest,),) = connection.rows(NEWEST, [moment]) or ((None,),)  # type: ignore[attr-defined]  # zisnews.postgres
    return newest or moment


@lru_cache(maxsize=64)
def pace_in(minute: int, moment: datetime) -> Pace:
    sql = f"""SELECT max(published_at), min(published_at), count(*),
                     (SELECT reltuples FROM pg_class WHERE oid = 'aggregator_searchdocument'::regclass) FROM (
                  SELECT published_at FROM aggregator_searchdocument WHERE published_at < %s
                  ORDER BY published_at DESC LIMIT {FIRST_LOOK}) newest"""  # noqa: S608
    ((newest, oldest, articles, all_articles),) = ask(sql, [moment], walking="on")
    if articles < FIRST_LOOK:
        return Pace(moment, timedelta(days=1), 0)
    took = max(newest - oldest, timedelta(minutes=1))
    return Pace(newest, took, int(all_articles) if all_articles > 0 else UNCOUNTED)


def between(
    begin: datetime | None,
    end: datetime,
    asked: Asked,
    limit: int,
    before: tuple[datetime, int] | None,
    *,
    spans: Sequence[str],
) -> list[Match]:
    """The newest matches of one stretch of time; None: since ever. Raises TookTooLong.

    spans: that hold it, for the index to look at; without them rows are read that are left out then
    """
    tsquery = both(asked.tsqueries)
    conditions = ["words @@ %s::tsquery", f"{AT} < %s"]
    values: list[str | int | datetime] = [f"{tsquery} & {any_of(spans)}" if spans else tsquery, end]
    if begin:
        conditions.append(f"{AT} >= %s")
        values.append(begin)
    if before:
        conditions.append("(published_at, article_id) < (%s, %s)")
        values += before
    order = "ORDER BY published_at DESC, article_id DESC"
    newest = f"FROM aggregator_searchdocument WHERE {' AND '.join(conditions)} {order} LIMIT %s"
    sql = f"SELECT {COLUMNS} {newest}"
    if asked.one_by_one:  # of those alone that are left: to unpack the words of one may read several places of the disk
        sql = f"SELECT {COLUMNS}, words @@ %s::tsquery FROM (SELECT {COLUMNS}, words {newest}) found {order}"  # noqa: S608
        values.insert(0, asked.one_by_one)
    return [Match(*row) for row in ask(sql, [*values, limit])]


def ask(sql: str, values: Sequence[str | int | datetime | list[int]], *, walking: str = "off") -> list[tuple]:
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
