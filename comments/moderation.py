"""What moderators do about a comment: approve, remove, take back. Each leaves a row that stays (comments.audit).

Whoever presses twice, or presses what another has pressed already, does nothing and is told so (None).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.suspending import let_in_again
from comments import telling
from comments.audit import Action, ground_before, tell_author, write, write_of_author
from comments.errors import CannotModerate
from comments.flags import reopen, settle
from comments.models import Comment, ModerationAction
from comments.purging import WAITED_FOR, carry_on, purge_row_of
from comments.states import State, change_state, hold


def may_moderate(user: object) -> bool:
    """Whether somebody may judge comments."""
    return isinstance(user, User) and user.is_active and user.is_staff and user.has_perm("comments.moderate")


@transaction.atomic
def approve(comment_id: int, *, moderator: User, now: datetime) -> ModerationAction | None:
    """Show a comment, whatever kept it away, and settle its flags: the same ones do not hide it again."""
    comment = hold(comment_id)
    if comment.state == State.DELETED or (comment.state == State.SHOWN and not comment.flag_count):
        return None
    before = comment.state
    action = write(Action.APPROVED, comment, moderator=moderator, now=now)
    settle(comment, now)
    if before != State.SHOWN:
        change_state(comment, State.SHOWN)
        tell_author(action)
    if before == State.HELD:
        telling.tell(comment, now)
    return action


@transaction.atomic
def remove(
    comment_id: int,
    *,
    ground: str,
    moderator: User,
    now: datetime,
    note: str = "",
) -> ModerationAction | None:
    """Take a comment away: its text is for moderators alone from then on. ground: of Flag.Reason."""
    comment = hold(comment_id)
    if comment.state in (State.DELETED, State.REMOVED):
        return None
    action = write(Action.REMOVED, comment, ground=ground, reason=note, moderator=moderator, now=now)
    settle(comment, now)
    change_state(comment, State.REMOVED, ground=ground)
    tell_author(action)
    return action


@transaction.atomic
def restore(author_id: int, *, moderator: User, now: datetime) -> ModerationAction | None:
    """Let somebody speak again who was suspended. What was removed stays so."""
    author = User.objects.get(pk=author_id)
    if not let_in_again(author.pk):
        return None
    action = write_of_author(Action.RESTORED, author, moderator=moderator, now=now)
    tell_author(action)
    return action


def undo(action_id: int, *, moderator: User, now: datetime) -> ModerationAction | None:
    """Take back what a moderator did: the comment is as it was before, and so is its author.

    Raises ModerationAction.DoesNotExist, and CannotModerate where somebody has judged anew since.
    """
    back = undo_one(action_id, moderator=moderator, now=now)
    for suspension in ModerationAction.objects.filter(part_of=action_id, action=Action.SUSPENDED):
        undo_one(suspension.pk, moderator=moderator, now=now)
    for whole in ModerationAction.objects.filter(pk=action_id, action=Action.PURGED):
        carry_on(whole, WAITED_FOR)
    return back


@transaction.atomic
def undo_one(action_id: int, *, moderator: User, now: datetime) -> ModerationAction | None:
    """Take one action back, once; None where that was done before. Raises CannotModerate for what has no way back."""
    action = ModerationAction.objects.get(pk=action_id)
    if action.action not in (Action.APPROVED, Action.REMOVED, Action.PURGED, Action.SUSPENDED):
        raise CannotModerate(_("This is nothing that can be taken back."))
    comment = hold(action.comment_id) if action.comment_id else None
    back, is_new = ModerationAction.objects.get_or_create(
        undoes=action,
        defaults={
            "action": Action.UNDONE,
            "moderator": moderator,
            "about": action.about,
            "comment": comment,
            "state_before": comment.state if comment else "",
            "part_of": action.part_of,
            "at": now,
        },
    )
    if not is_new:
        return None
    if comment:
        put_back(comment, action)
    if action.action == Action.PURGED:
        purge_row_of(action)
    if action.action == Action.SUSPENDED and action.about_id:
        let_in_again(action.about_id)
        tell_author(action, Action.RESTORED)
    return back


def put_back(comment: Comment, action: ModerationAction) -> None:
    """Give a comment that is held the state it had before an action, and open its flags again."""
    after = State.SHOWN if action.action == Action.APPROVED else State.REMOVED
    if comment.state != after:
        raise CannotModerate(_("This comment has changed since; look at it anew."))
    change_state(comment, action.state_before, ground=ground_before(action))
    reopen(comment, action.at)
    if after != action.state_before:
        tell_author(action, Action.APPROVED if action.state_before == State.SHOWN else action.state_before)
