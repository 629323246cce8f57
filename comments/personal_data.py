"""What a reader said, and how they judged what others said (zisnews.personal_data)."""

from typing import Any

from django.db import connection
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.personal_data import rows
from aggregator.models import Article
from comments.discussion import remove
from comments.flags import withdraw
from comments.models import BlockedReader, Comment, CommentVote, Flag, ModerationAction, Reaction, ThreadVisit
from comments.votes import score

ABOUT = {
    "comments": _("Your comments, also those that are not shown."),
    "comment_votes": _("Your votes on comments."),
    "flags": _("Comments you reported."),
    "moderation": _("What moderators, or a rule of ours, did about your comments."),
    "blocked_readers": _("Readers you block."),
    "likes": _("Articles you like or do not."),
    "discussions": _("Discussions you looked at, and when."),
}
ARTICLE = ("article__title", "article__url")


def export(user: User) -> dict[str, Any]:
    """What a reader wrote and judged, and what was done about it, by name of the list."""
    own = {"user": user}
    return {
        "comments": rows(
            Comment.objects.filter(author=user).order_by("posted_at"),
            *("id", *ARTICLE, "parent_id", "body", "posted_at", "edited_at", "state", "up_count", "down_count"),
        ),
        "comment_votes": rows(CommentVote.objects.filter(**own).order_by("at"), "comment_id", "is_up", "at"),
        "flags": rows(Flag.objects.filter(**own).order_by("at"), "comment_id", "reason", "note", "at", "settled_at"),
        "moderation": rows(
            ModerationAction.objects.filter(about=user).order_by("at"), "comment_id", "action", "ground", "reason", "at"
        ),
        "blocked_readers": rows(BlockedReader.objects.filter(**own), "blocked__display_name", "blocked_id", "added_at"),
        "likes": rows(Reaction.objects.filter(**own).order_by("at"), *ARTICLE, "kind", "at"),
        "discussions": rows(ThreadVisit.objects.filter(**own).order_by("began_at"), *ARTICLE, "began_at"),
    }


def hold_for_erasing(user: User) -> None:
    """Hold every article that a reader answered in any way, in the order of ids: as whoever holds one holds it first,
    nobody who comments or votes waits in a ring with who leaves.
    """
    articles: set[int] = set(Reaction.objects.filter(user=user).values_list("article_id", flat=True))
    for about in (Q(author=user), Q(votes__user=user), Q(flags__user=user)):
        articles |= set(Comment.objects.filter(about).order_by().values_list("article_id", flat=True))
    held = Article.objects.select_for_update(no_key=True).filter(pk__in=articles).order_by("pk")
    list(held.values_list("pk"))


def erase(user: User) -> None:
    """Take away likes, votes and flags and count anew; comments that were shown stay, without their author."""
    forget_likes(user)
    forget_votes(user)
    for comment_id in Flag.objects.filter(user=user).order_by("comment_id").values_list("comment_id", flat=True):
        withdraw(user, comment_id)
    for model in (Flag, BlockedReader, ThreadVisit):
        model.objects.filter(user=user).delete()
    let_go_of_comments(user)


def forget_likes(user: User) -> None:
    """Delete a reader's answers to articles and count those anew, all at once: there may be thousands.

    The articles are held in the order of their ids, as nobody else holds more than one.
    """
    answered = list(Reaction.objects.filter(user=user).order_by("article_id").values_list("article_id", flat=True))
    list(Article.objects.select_for_update(no_key=True).filter(pk__in=answered).order_by("pk").values_list("pk"))
    Reaction.objects.filter(user=user).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE aggregator_article article SET like_count = counted.likes, dislike_count = counted.dislikes
               FROM (SELECT id, (SELECT count(*) FROM comments_reaction
                                 WHERE article_id = answered.id AND kind = 'like') AS likes,
                            (SELECT count(*) FROM comments_reaction
                             WHERE article_id = answered.id AND kind = 'dislike') AS dislikes
                     FROM unnest(%s::bigint[]) AS answered (id)) counted
               WHERE article.id = counted.id""",
            [answered],
        )


def forget_votes(user: User) -> None:
    """Delete a reader's votes and count those comments anew, as `forget_likes` does with articles."""
    voted = list(CommentVote.objects.filter(user=user).order_by("comment_id").values_list("comment_id", flat=True))
    list(Comment.objects.select_for_update(no_key=True).filter(pk__in=voted).order_by("pk").values_list("pk"))
    CommentVote.objects.filter(user=user).delete()
    left = CommentVote.objects.filter(comment__in=voted).order_by().values_list("comment")
    counts = {
        pk: (up, votes - up) for pk, votes, up in left.annotate(Count("pk"), up=Count("pk", filter=Q(is_up=True)))
    }
    new = [counts.get(pk, (0, 0)) for pk in voted]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE comments_comment comment SET up_count = new.up, down_count = new.down, score = new.score
               FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[]) AS new (id, up, down, score)
               WHERE comment.id = new.id""",
            [voted, [up for up, _down in new], [down for _up, down in new], [score(up, down) for up, down in new]],
        )


def let_go_of_comments(user: User) -> None:
    """What others read stays, without its author; what nobody saw, or the author took back, loses its text."""
    now = timezone.now()
    for comment in Comment.objects.filter(author=user, state=Comment.State.HELD).order_by("pk"):
        remove(comment, now)
    Comment.objects.filter(author=user, state=Comment.State.DELETED).update(
        body="", html="", body_hash=b"", tokens=RawSQL("''::tsvector", []), state_reason="", state_before=""
    )
    Comment.objects.filter(author=user).update(author=None)
