"""Likes and dislikes: one answer a reader and article, and counts that are right whoever answers at the same time."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from aggregator.models import Article
from aggregator.reading_marks import MARKS
from comments.models import Reaction

NONE = "none"
CHOICES = (*Reaction.Kind.values, NONE)
MARKS["liked"] = (
    "SELECT article_id FROM comments_reaction"
    " WHERE user_id = %(user)s AND kind = 'like' AND article_id = ANY(%(articles)s)"
)


@dataclass(frozen=True, slots=True)
class Answers:
    """How many like an article and how many do not, and what one reader answered ("like", "dislike" or "none").

    before: what they had answered until then
    """

    likes: int
    dislikes: int
    own: str = NONE
    before: str = NONE


@transaction.atomic
def set_reaction(user: User, article_id: int, kind: str) -> Answers:
    """Make this the reader's one answer to an article; "none" takes it back. Said twice, it counts once.

    Raises Article.DoesNotExist. One reader's two tabs wait for each other at the reader's own row. The article's row is
    taken last, for all its readers meet there.
    """
    if not _is_there_to_stay(article_id):
        raise Article.DoesNotExist
    before = _put(user.pk, article_id, kind)
    likes = (kind == Reaction.Kind.LIKE) - (before == Reaction.Kind.LIKE)
    dislikes = (kind == Reaction.Kind.DISLIKE) - (before == Reaction.Kind.DISLIKE)
    if likes or dislikes:
        counts = Article.add_to_counts(article_id, likes=likes, dislikes=dislikes)
    else:
        counts = Article.objects.values_list("like_count", "dislike_count").get(pk=article_id)
    return Answers(*counts, kind, before)


def _is_there_to_stay(article_id: int) -> bool:
    """Whether there is such an article, which nobody can delete then until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM aggregator_article WHERE id = %s FOR KEY SHARE", [article_id])
        return bool(cursor.rowcount)


def _put(user_id: int, article_id: int, kind: str) -> str:
    """Store a reader's answer; returns the one before. Nobody else can change it until the transaction ends."""
    row: dict[str, Any] = {"user": user_id, "article": article_id, "kind": kind, "at": timezone.now()}
    of_reader = "user_id = %(user)s AND article_id = %(article)s"
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"SELECT kind FROM comments_reaction WHERE {of_reader} FOR UPDATE", row)  # noqa: S608
            before = found[0] if (found := cursor.fetchone()) else NONE
            if before == kind:
                return kind
            if kind == NONE:
                cursor.execute(f"DELETE FROM comments_reaction WHERE {of_reader}", row)  # noqa: S608
                return str(before)
            if before != NONE:
                cursor.execute(f"UPDATE comments_reaction SET kind = %(kind)s WHERE {of_reader}", row)  # noqa: S608
                return str(before)
            cursor.execute(
                """INSERT INTO comments_reaction (user_id, article_id, kind, at)
                   VALUES (%(user)s, %(article)s, %(kind)s, %(at)s) ON CONFLICT (user_id, article_id) DO NOTHING""",
                row,
            )
            if cursor.rowcount:
                return NONE  # else another tab was quicker, and what it said is the answer before


def recount() -> int:
    """Set the counts of articles right that differ from the rows, as after a user was erased; returns how many did."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH counted AS (
                   SELECT article_id AS id, count(*) FILTER (WHERE kind = 'like') AS likes,
                          count(*) FILTER (WHERE kind = 'dislike') AS dislikes
                   FROM comments_reaction GROUP BY article_id
               ), wrong AS (
                   SELECT article.id, coalesce(likes, 0) AS likes, coalesce(dislikes, 0) AS dislikes
                   FROM aggregator_article article LEFT JOIN counted USING (id)
                   WHERE (article.like_count > 0 OR article.dislike_count > 0 OR counted.id IS NOT NULL)
                     AND (article.like_count, article.dislike_count) IS DISTINCT FROM
                         (coalesce(likes, 0), coalesce(dislikes, 0))
               )
               SELECT id, likes, dislikes FROM wrong"""
        )
        wrong = cursor.fetchall()
    for pk, _likes, _dislikes in wrong:
        count_again(pk)
    return len(wrong)


@transaction.atomic
def count_again(article_id: int) -> None:
    """Count one article's answers while nobody can add any."""
    article = Article.objects.select_for_update(no_key=True).only("like_count", "dislike_count").get(pk=article_id)
    kinds = list(Reaction.objects.filter(article=article).values_list("kind", flat=True))
    article.store_counts(like_count=kinds.count(Reaction.Kind.LIKE), dislike_count=kinds.count(Reaction.Kind.DISLIKE))
