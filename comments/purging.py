"""Suspending an author and removing all that they wrote, in one press; and taking that back.

A spammer may have written thousands. What was pressed is stored at once, as a Purge; it is then worked off in steps,
each a few queries under one article in a transaction of its own: the first ones while the moderator waits, the rest in
workers. A step looks what is left and which way it goes, so that it may be killed, come twice, or be taken back midway.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.suspending import suspend
from comments.audit import Action, ground_before, tell_author, write_of_author
from comments.errors import CannotModerate
from comments.models import Comment, Flag, ModerationAction, Purge
from comments.models.comments import CommentQuerySet
from comments.states import State, change_states, hold_article

# A purge that another moderator has begun just now is the same purge.
ONE_PURGE = timedelta(minutes=1)
WAITED_FOR = timedelta(seconds=1)  # by the moderator; workers do the rest
IN_ONE_STEP = 200  # comments


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
        purge_row_of(whole)
        tell_author(whole)
    carry_on(whole, WAITED_FOR)
    return whole


def purge_row_of(whole: ModerationAction) -> Purge:
    """What is to be worked off of a purge, begun anew: its author's comments up to now, or back to what they were."""
    newest = Comment.objects.filter(author=whole.about_id).aggregate(newest=Max("pk"))["newest"] or 0
    row, is_new = Purge.objects.select_for_update(no_key=True).get_or_create(action=whole, defaults={"up_to": newest})
    if not is_new:
        row.finished_at = None
        row.save(update_fields=["finished_at"])
    return row


def carry_on(whole: ModerationAction, budget: timedelta) -> bool:
    """Work a purge off for so long; says whether it is finished. One that somebody else works at is left to them."""
    until = timezone.now() + budget
    while step(whole):
        if timezone.now() >= until:
            return False
    return not Purge.objects.filter(action=whole, finished_at=None).exists()


def carry_on_all(budget: timedelta) -> None:
    """Work off what purges have left, whoever began them."""
    until = timezone.now() + budget
    for purge_row in Purge.objects.filter(finished_at=None).select_related("action").order_by("pk"):
        carry_on(purge_row.action, max(until - timezone.now(), timedelta()))


@transaction.atomic
def step(whole: ModerationAction) -> bool:
    """Remove some comments of a purge, or put some back where it is taken back; says whether that was to be done."""
    free = Purge.objects.select_for_update(no_key=True, skip_locked=True)
    row = free.filter(action=whole, finished_at=None).first()
    if row is None:
        return False
    back = ModerationAction.objects.filter(undoes=whole).first()
    if remove_some(whole, row) if back is None else put_back_some(whole, back):
        return True
    row.finished_at = timezone.now()
    row.save(update_fields=["finished_at"])
    return False


def remove_some(whole: ModerationAction, row: Purge) -> bool:
    """Remove comments of an author under one article, with a row for each; says whether there were any."""
    if whole.about_id is None:  # erased meanwhile: what they wrote has no author any more
        return False
    left = standing(whole.about_id).filter(pk__lte=row.up_to)
    article_id = left.order_by("article", "pk").values_list("article", flat=True).first()
    if article_id is None:
        return False
    article = hold_article(article_id)
    comments = list(left.filter(article=article).select_for_update(no_key=True).defer("body", "html")[:IN_ONE_STEP])
    ModerationAction.objects.bulk_create(
        ModerationAction(
            action=Action.REMOVED,
            ground=whole.ground,
            moderator_id=whole.moderator_id,
            about_id=whole.about_id,
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
    return True


def put_back_some(whole: ModerationAction, back: ModerationAction) -> bool:
    """Show comments under one article again, as far as each is still removed by the purge; says whether any were left.

    back: the row that takes the purge back
    """
    removed = ModerationAction.objects.filter(part_of=whole, action=Action.REMOVED, undone_by=None)
    removed = removed.exclude(comment=None)
    article_id = removed.order_by("comment__article").values_list("comment__article", flat=True).first()
    if article_id is None:
        return False
    article = hold_article(article_id)
    parts = list(removed.filter(comment__article=article_id).order_by("pk")[:IN_ONE_STEP])
    rows = Comment.objects.select_for_update(no_key=True).defer("body", "html")
    comments = rows.in_bulk([part.comment_id for part in parts])
    ModerationAction.objects.bulk_create(
        ModerationAction(
            action=Action.UNDONE,
            undoes=part,
            moderator_id=back.moderator_id,
            about_id=part.about_id,
            comment_id=part.comment_id,
            part_of=whole,
            at=back.at,
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
    reopen_flags([comment.pk for found in together.values() for comment in found], whole.at)
    return True


def reopen_flags(comment_ids: list[int], settled_at: datetime) -> None:
    """Open the flags again that were settled at a moment, and count them."""
    Flag.objects.filter(comment__in=comment_ids, settled_at=settled_at).update(settled_at=None)
    counted = Flag.objects.filter(comment=OuterRef("pk"), settled_at=None).order_by().values("comment")
    Comment.objects.filter(pk__in=comment_ids).update(
        flag_count=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)
    )


def standing(author: User | int) -> CommentQuerySet:
    """What purging takes away: all that is shown or waits."""
    return Comment.objects.filter(author=author, state__in=[State.SHOWN, *Comment.WAITING]).order_by("pk")


def has_just_been_purged(author: User, now: datetime) -> bool:
    purges = ModerationAction.objects.filter(action=Action.PURGED, about=author, at__gt=now - ONE_PURGE)
    return purges.filter(undone_by=None).exists()
