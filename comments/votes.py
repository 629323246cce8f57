"""Votes on comments: one a reader and comment, with counts that are right whoever votes at the same time."""

from dataclasses import dataclass
from math import sqrt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from comments.admission import suspended
from comments.errors import CommentError
from comments.models import Comment, CommentVote

UP, DOWN, NONE = "up", "down", "none"
CHOICES = (UP, DOWN, NONE)
Z_AT_80_PERCENT = 1.2815515655446004
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Votes:
    """How many find a comment good and how many do not, and what one reader says ("up", "down" or "none")."""

    up: int
    down: int
    own: str = NONE


@transaction.atomic
def set_vote(user: User, comment_id: int, kind: str) -> Votes:
    """Make this the reader's one vote on a comment; "none" takes it back. Said twice, it counts once.

    Raises Comment.DoesNotExist for one that is not shown, and CommentError for one's own and from who is suspended.
    """
    if user.suspended_at:
        raise CommentError(suspended())
    held = Comment.objects.shown().select_for_update(no_key=True, of=("self",))
    comment = held.only("author_id", "up_count", "down_count", "score").get(pk=comment_id)
    if comment.author_id == user.pk:
        raise CommentError(_("This comment is your own: others vote on it."))
    is_up = CommentVote.objects.filter(user=user, comment=comment).values_list("is_up", flat=True).first()
    before = own_vote(is_up)
    if kind == before:
        return Votes(comment.up_count, comment.down_count, kind)
    if kind == NONE:
        CommentVote.objects.filter(user=user, comment=comment).delete()
    elif before == NONE:
        CommentVote.objects.create(user=user, comment=comment, is_up=kind == UP)
    else:
        CommentVote.objects.filter(user=user, comment=comment).update(is_up=kind == UP)
    up = max(comment.up_count + (kind == UP) - (before == UP), 0)
    down = max(comment.down_count + (kind == DOWN) - (before == DOWN), 0)
    store(comment, up, down)
    return Votes(up, down, kind)


def store(comment: Comment, up: int, down: int) -> None:
    """Keep counted votes with what follows from them. The caller holds the row."""
    comment.up_count, comment.down_count, comment.score = up, down, score(up, down)
    comment.save(update_fields=["up_count", "down_count", "score"])


def own_vote(is_up: bool | None) -> str:
    return NONE if is_up is None else UP if is_up else DOWN


def score(up: int, down: int) -> int:
    """The lower bound of Wilson's interval at 80 % for the share that finds it good, in millionths; 0 without votes."""
    votes = up + down
    if not votes:
        return 0
    z, share = Z_AT_80_PERCENT, up / votes
    spread = z * sqrt((share * (1 - share) + z * z / (4 * votes)) / votes)
    bound = (share + z * z / (2 * votes) - spread) / (1 + z * z / votes)
    return max(0, round(bound * MILLION))
