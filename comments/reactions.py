"""Likes and dislikes: one answer a reader and article, and counts that are right whoever answers at the same time."""

from dataclasses import dataclass

from django.db import connection, transaction

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

    Raises Article.DoesNotExist. Readers of one article wait for each other: its row is held while its counts change.
    """
    article = Article.objects.select_for_update(no_key=True).only("like_count", "dislike_count").get(pk=article_id)
    before = Reaction.objects.filter(user=user, article=article).values_list("kind", flat=True).first() or NONE
    if kind == before:
        return Answers(article.like_count, article.dislike_count, kind, before)
    if kind == NONE:
        Reaction.objects.filter(user=user, article=article).delete()
    elif before == NONE:
        Reaction.objects.create(user=user, article=article, kind=kind)
    else:
        Reaction.objects.filter(user=user, article=article).update(kind=kind)
    likes = article.like_count + (kind == Reaction.Kind.LIKE) - (before == Reaction.Kind.LIKE)
    dislikes = article.dislike_count + (kind == Reaction.Kind.DISLIKE) - (before == Reaction.Kind.DISLIKE)
    article.store_counts(like_count=max(likes, 0), dislike_count=max(dislikes, 0))
    return Answers(article.like_count, article.dislike_count, kind, before)


def answers_to(article: Article, user: object) -> Answers:
    """What the page of an article shows; one query for a user, none for a reader without account."""
    own = NONE
    if isinstance(user, User):
        own = Reaction.objects.filter(user=user, article=article).values_list("kind", flat=True).first() or NONE
    return Answers(article.like_count, article.dislike_count, own)


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
