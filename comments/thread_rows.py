"""Comments as one reader sees them, read by plain SQL: to have Django write it took longer than Postgres to answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections, router

from accounts.models import User
from comments.models import Comment
from zisnews.pagination import PAGE_SIZE

ANSWERS_SHOWN = 15  # of a thread in a list; the rest on a page of its own
FIELDS = (  # in the order of the model, as from_db() takes them
    "id", "article_id", "author_id", "parent_id", "path", "html", "posted_at", "edited_at", "state", "up_count",
    "down_count", "answer_count", "score",
)  # fmt: skip
OWN = ("author_name", "own_vote", "is_blocked", "is_by_word")
# As CommentQuerySet.there_for; nobody has no number, and wrote nothing.
_THERE = "(state = 'shown' OR answer_count > 0 OR (author_id = %(reader)s AND state IN ('held', 'hidden')))"
# The keywords stand in a SELECT of their own: Postgres reads them once.
_SEEN = f"""
    SELECT {", ".join(f"found.{field}" for field in FIELDS)}, author.display_name,
           (SELECT is_up FROM comments_commentvote WHERE user_id = %(reader)s AND comment_id = found.id),
           EXISTS (SELECT FROM comments_blockedreader WHERE user_id = %(reader)s AND blocked_id = found.author_id),
           found.tokens @@ (SELECT %(blocked)s::tsquery)
    FROM ({{found}}) found LEFT JOIN accounts_user author ON author.id = found.author_id ORDER BY {{order}}"""  # noqa: S608
_COLUMNS = ", ".join([*FIELDS, "tokens"])
# Threads and the first answers to each. How many is a part of the question: else a plan would reckon with all rows.
_THREADS = f"""
    WITH root AS (
        SELECT {_COLUMNS} FROM comments_comment
        WHERE article_id = %(article)s AND depth = 0 AND {_THERE} AND {{behind}}
        ORDER BY {{order}} LIMIT {PAGE_SIZE + 1})
    SELECT * FROM root UNION ALL
    SELECT answer.* FROM (SELECT path FROM root ORDER BY {{order}} LIMIT {PAGE_SIZE}) above, LATERAL (
        SELECT {_COLUMNS} FROM comments_comment
        WHERE article_id = %(article)s AND path > above.path AND path < above.path || '~'
          AND {_THERE} ORDER BY path LIMIT {ANSWERS_SHOWN + 1}) answer"""  # noqa: S608

Row = tuple[Any, ...]  # the values of FIELDS, then of OWN: all that is drawn of a comment


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks. user: None without account. since: their visit before this one. blocked: a tsquery, or ""."""

    user: User | None = None
    since: datetime | None = None
    blocked: str = ""


def seen(eyes: Eyes, where: str, values: Mapping[str, Any], *, order: str, most: int | None = None) -> list[Comment]:
    """The comments that have a place for a reader, with what is the reader's own: their vote, whom they block, which
    words. One query.

    where, order: SQL of ours about columns of the comment; values: what stands in it as %(name)s
    """
    found = f"SELECT * FROM comments_comment WHERE {_THERE} AND {where} ORDER BY {order} LIMIT %(most)s"  # noqa: S608
    return _read(eyes, found, {**values, "most": most}, order)


def thread_rows(eyes: Eyes, article_id: int, behind: str, values: Mapping[str, Any], *, order: str) -> tuple[Row, ...]:
    """Threads of an article in an order, one more than a page shows, each with the first answers to it, one more than
    is shown, as rows in the order of reading. One query, planned once.

    behind, order: SQL of ours; values: what stands in the first as %(name)s
    """
    threads = _THREADS.format(behind=behind, order=order)
    sql = _SEEN.format(found=threads, order="path")
    asked = {"reader": eyes.user.pk if eyes.user else None, "blocked": eyes.blocked, "article": article_id, **values}
    return tuple(connections[router.db_for_read(Comment)].rows(sql, asked))  # type: ignore[attr-defined]  # zisnews.postgres


def comments_of(rows: Iterable[Row]) -> list[Comment]:
    database = router.db_for_read(Comment)
    return [_comment(database, row) for row in rows]


def _read(eyes: Eyes, found: str, values: Mapping[str, Any], order: str) -> list[Comment]:
    database = router.db_for_read(Comment)
    reader = eyes.user.pk if eyes.user else None
    with connections[database].cursor() as cursor:
        cursor.execute(_SEEN.format(found=found, order=order), {**values, "reader": reader, "blocked": eyes.blocked})
        return comments_of(cursor.fetchall())


def _comment(database: str, row: Row) -> Comment:
    comment = Comment.from_db(database, FIELDS, row[: len(FIELDS)])
    for name, value in zip(OWN, row[len(FIELDS) :], strict=True):
        setattr(comment, name, value)
    return comment
