"""Suspending an author and removing all that they wrote, in one press; and taking that back.

Article by article, each with a few queries and in a transaction of its own: what was written in a year goes in seconds.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.suspending import suspend
from comments.audit import Action, ground_before, tell_author, write_of_author
from comments.errors import CannotModerate
from comments.models import Comment, Flag, ModerationAction
from comments.models.comments import CommentQuerySet
from comments.states import State, change_states, hold_article

# A purge that another moderator has begun just now is the same purge.
ONE_PURGE = timedelta(minutes=1)


def purge(author_id: int, *, ground: str, moderator: User, now: datetime, note: str = "") -> ModerationAction | None:
    """Suspend an author and remove all that they wrote. Raises CannotModerate for one who works here.

    They are suspended first, for itself: what they send at this moment is refused, or there to be removed.
    """
    with transaction.atomic():
        author = User.objects.select_for_update(no_key=True).get(pk=author_id)
        if author.is_staff:
            raise CannotModerate(_("This account belongs to the staff: an administrator has to settle this."))
        is_new = suspend(author.pk, now=now)
        if not is_new and (has_just_been_purged(author, now) or not standing(author).exists()):
            return None
        whole = write_of_author(Action.PURGED, author, ground=ground, reason=note, moderator=moderator, now=now)
        if is_new:
            write_of_author(Action.SUSPENDED, author, ground=ground, moderator=moderator, now=now, part_of=whole)
        tell_author(whole)
    articles = standing(author).order_by("article").values_list("article", flat=True).distinct()
    for article_id in list(articles):
        remove_under(article_id, author, whole)
    return whole


@transaction.atomic
def remove_under(article_id: int, author: User, whole: ModerationAction) -> None:
    """Remove an author's comments on one article, with a row for each."""
    article = hold_article(article_id)
    comments = list(standing(author).filter(article=article).select_for_update(no_key=True).defer("body", "html"))
    ModerationAction.objects.bulk_create(
        ModerationAction(
            action=Action.REMOVED,
            ground=whole.ground,
            moderator=whole.moderator,
            about=author,
            comment=comment,
            state_before=comment.state,
            part_of=whole,
            at=whole.at,
        )
        for comment in comments
    )
    flagged = [comment.pk for comment in comments if comment.flag_count]
    Flag.objects.filter(comment__in=flagged, settled_at=None).update(settled_at=whole.at)
    Comment.objects.filter(pk__in=flagged).update(flag_count=0)
    change_states(article, comments, State.REMOVED, ground=whole.ground)


def undo_removals(whole_id: int, *, moderator: User, now: datetime) -> None:
    """Put back the comments that a purge removed, but for those that somebody has judged since."""
    parts = ModerationAction.objects.filter(part_of=whole_id, action=Action.REMOVED, undone_by=None)
    with_article = parts.exclude(comment=None).order_by("comment__article")
    for article_id in list(with_article.values_list("comment__article", flat=True).distinct()):
        put_back_under(article_id, whole_id, moderator=moderator, now=now)


@transaction.atomic
def put_back_under(article_id: int, whole_id: int, *, moderator: User, now: datetime) -> None:
    """Show the comments under one article again that a purge removed, as far as each is still removed by it."""
    article = hold_article(article_id)
    removed = ModerationAction.objects.filter(part_of=whole_id, action=Action.REMOVED, comment__article=article_id)
    parts = list(removed.filter(undone_by=None).order_by("pk"))
    rows = Comment.objects.select_for_update(no_key=True).defer("body", "html")
    comments = rows.in_bulk([part.comment_id for part in parts])
    ModerationAction.objects.bulk_create(
        ModerationAction(
            action=Action.UNDONE,
            undoes=part,
            moderator=moderator,
            about_id=part.about_id,
            comment_id=part.comment_id,
            part_of_id=whole_id,
            at=now,
        )
        for part in parts
    )
    together: defaultdict[tuple[str, str], list[Comment]] = defaultdict(list)
    for part in parts:
        comment = comments[part.comment_id]
        if comment.state == State.REMOVED:
            together[part.state_before, ground_before(part)].append(comment)
    for (state, ground), found in together.items():
        change_states(article, found, state, ground=ground)
    if parts:
        reopen_flags([comment.pk for found in together.values() for comment in found], parts[0].at)


def reopen_flags(comment_ids: list[int], settled_at: datetime) -> None:
    """Open the flags again that were settled at a moment, and count them."""
    Flag.objects.filter(comment__in=comment_ids, settled_at=settled_at).update(settled_at=None)
    counted = Flag.objects.filter(comment=OuterRef("pk"), settled_at=None).order_by().values("comment")
    Comment.objects.filter(pk__in=comment_ids).update(
        flag_count=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)
    )


def standing(author: User) -> CommentQuerySet:
    """What purging takes away: all that is shown or waits."""
    return Comment.objects.filter(author=author, state__in=[State.SHOWN, *Comment.WAITING]).order_by("pk")


def has_just_been_purged(author: User, now: datetime) -> bool:
    purges = ModerationAction.objects.filter(action=Action.PURGED, about=author, at__gt=now - ONE_PURGE)
    return purges.filter(undone_by=None).exists()
