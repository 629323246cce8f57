"""What readers say against a comment. Three different people hide it until a moderator has looked."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from comments.audit import Action, tell_author, write
from comments.grounds import Held
from comments.models import Comment, Flag
from comments.states import State, change_state, hold

PEOPLE_TO_HIDE = 3
YOUNG = timedelta(days=1)


class CannotFlag(Exception):
    """A reader may not flag this comment; the sentence says why."""


@transaction.atomic
def flag(user: User, comment_id: int, reason: str, *, note: str = "", now: datetime) -> Comment:
    """Keep a reader's flag, one a person, and hide the comment if it is the third; returns it as it is then.

    Said again, reason and note change. What a moderator has judged stays judged: only of a text that was changed since
    may the same person flag anew. Raises Comment.DoesNotExist and CannotFlag.
    """
    comment = hold(comment_id)
    if comment.state not in (State.SHOWN, State.HIDDEN):
        raise CannotFlag(_("This comment is not shown any more."))
    if comment.author_id == user.pk:
        raise CannotFlag(_("This comment is your own: you can delete it."))
    if user.suspended_at:
        raise CannotFlag(_("Your account is suspended: you can not report comments."))
    own = Flag.objects.filter(user=user, comment=comment).first()
    if own and own.settled_at and not (comment.edited_at and comment.edited_at > own.settled_at):
        return comment
    said = {"reason": reason, "note": note.strip()[:300], "counts": may_hide(user, comment, now), "settled_at": None}
    Flag.objects.update_or_create(user=user, comment=comment, defaults=said, create_defaults=said | {"at": now})
    count_flags(comment)
    if comment.state == State.SHOWN and open_flags(comment).filter(counts=True).count() >= PEOPLE_TO_HIDE:
        action = write(Action.HIDDEN, comment, ground=Held.FLAGS, now=now)
        change_state(comment, State.HIDDEN, ground=Held.FLAGS)
        tell_author(action)
    return comment


@transaction.atomic
def withdraw(user: User, comment_id: int) -> bool:
    """Take a flag back; says whether there was one not yet judged. What is hidden still waits for a moderator."""
    comment = hold(comment_id)
    withdrawn, _rows = Flag.objects.filter(user=user, comment=comment, settled_at=None).delete()
    if withdrawn:
        count_flags(comment)
    return bool(withdrawn)


def may_hide(user: User, comment: Comment, now: datetime) -> bool:
    """Whether a flag is one of the three: accounts made for the purpose can not silence who was here before them."""
    is_young = now - user.date_joined < YOUNG
    author_is_young = comment.author is None or now - comment.author.date_joined < YOUNG
    return not is_young or author_is_young


def settle(comment: Comment, now: datetime) -> None:
    """A moderator has judged a comment: its flags are dealt with and count no more."""
    open_flags(comment).update(settled_at=now)
    count_flags(comment)


def reopen(comment: Comment, settled_at: datetime) -> None:
    """Take back what `settle` did at that moment."""
    Flag.objects.filter(comment=comment, settled_at=settled_at).update(settled_at=None)
    count_flags(comment)


def open_flags(comment: Comment):
    return Flag.objects.filter(comment=comment, settled_at=None)


def count_flags(comment: Comment) -> None:
    comment.flag_count = open_flags(comment).count()
    comment.save(update_fields=["flag_count"])


def is_settled(user: User, comment: Comment) -> bool:
    """Whether a moderator has judged what this reader flagged."""
    return Flag.objects.filter(user=user, comment=comment).exclude(settled_at=None).exists()
