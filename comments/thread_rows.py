"""Comments as one reader sees them, read by plain SQL: to have Django write it took longer than Postgres to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections, router

from accounts.models import User
from comments.models import Comment

ANSWERS_SHOWN = 15  # of a thread in a list; the rest on a page of its own
FIELDS = (  # in the order of the model, as from_db() takes them
    "id", "article_id", "author_id", "parent_id", "path", "html", "posted_at", "edited_at", "state", "up_count",
    "down_count", "answer_count", "score",
)  # fmt: skip
OWN = ("author_name", "own_vote", "is_blocked", "is_by_word")
# As CommentQuerySet.there_for; nobody has no number, and wrote nothing.
_THERE = "(state = 'shown' OR answer_count > 0 OR (author_id = %(reader)s AND state IN ('held', 'hidden')))"
_SEEN = f"""
    SELECT {", ".join(f"found.{field}" for field in FIELDS)}, author.display_name,
           (SELECT is_up FROM comments_commentvote WHERE user_id = %(reader)s AND comment_id = found.id),
           EXISTS (SELECT FROM comments_blockedreader WHERE user_id = %(reader)s AND blocked_id = found.author_id),
           found.tokens @@ %(blocked)s::tsquery
    FROM ({{found}}) found LEFT JOIN accounts_user author ON author.id = found.author_id ORDER BY {{order}}"""  # noqa: S608
_ANSWERS = f"""
    SELECT answer.* FROM unnest(%(roots)s::text[]) AS root(path), LATERAL (
        SELECT * FROM comments_comment
        WHERE article_id = %(article)s AND path > root.path COLLATE "C" AND path < root.path || '~' COLLATE "C"
          AND {_THERE} ORDER BY path LIMIT %(most)s) answer"""  # noqa: S608


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


def first_answers(eyes: Eyes, roots: Sequence[Comment]) -> list[Comment]:
    """The first answers to each of these comments of one article, one more than is shown, in the order of reading."""
    if not roots:
        return []
    values = {"roots": [root.path for root in roots], "article": roots[0].article_id, "most": ANSWERS_SHOWN + 1}
    return _read(eyes, _ANSWERS, values, "path")


def _read(eyes: Eyes, found: str, values: Mapping[str, Any], order: str) -> list[Comment]:
    database = router.db_for_read(Comment)
    reader = eyes.user.pk if eyes.user else None
    with connections[database].cursor() as cursor:
        cursor.execute(_SEEN.format(found=found, order=order), {**values, "reader": reader, "blocked": eyes.blocked})
        rows = cursor.fetchall()
    return [_comment(database, row) for row in rows]


def _comment(database: str, row: tuple[Any, ...]) -> Comment:
    comment = Comment.from_db(database, FIELDS, row[: len(FIELDS)])
    for name, value in zip(OWN, row[len(FIELDS) :], strict=True):
        setattr(comment, name, value)
    return comment
