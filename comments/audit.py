"""What moderators and our rules did, written down, and told to whom it concerns. Rows are added, never changed."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts.models import User
from accounts.notifications import notify
from comments.grounds import words_of
from comments.models import Comment, ModerationAction

Action = ModerationAction.Action
KEEPS_AWAY = (Action.HELD, Action.HIDDEN, Action.REMOVED)


def write(
    kind: str,
    comment: Comment,
    *,
    now: datetime,
    moderator: User | None = None,
    ground: str = "",
    reason: str = "",
    part_of: ModerationAction | None = None,
) -> ModerationAction:
    """Write down what is about to be done about a comment: asked before its state changes."""
    return ModerationAction.objects.create(
        action=kind,
        ground=ground,
        reason=reason.strip()[:300],
        moderator=moderator,
        about=comment.author,
        comment=comment,
        state_before=comment.state,
        part_of=part_of,
        at=now,
    )


def write_of_author(
    kind: str,
    author: User,
    *,
    now: datetime,
    moderator: User,
    ground: str = "",
    reason: str = "",
    part_of: ModerationAction | None = None,
) -> ModerationAction:
    """Write down what was done about a reader rather than one comment of theirs."""
    return ModerationAction.objects.create(
        action=kind,
        ground=ground,
        reason=reason.strip()[:300],
        moderator=moderator,
        about=author,
        part_of=part_of,
        at=now,
    )


def ground_before(action: ModerationAction) -> str:
    """Why a comment was not shown before an action; "" where it was."""
    if action.state_before == Comment.State.SHOWN:
        return ""
    earlier = ModerationAction.objects.filter(comment=action.comment_id, action__in=KEEPS_AWAY, pk__lt=action.pk)
    return earlier.values_list("ground", flat=True).first() or ""


def note_held(comment: Comment, ground: str, now: datetime) -> None:
    """Write down that a rule of ours holds a comment, and tell its author."""
    tell_author(write(Action.HELD, comment, ground=ground, now=now))


def tell_author(action: ModerationAction, outcome: str = "") -> None:
    """Tell whose comment it is what was done, once it is stored. outcome: where that is not the action itself."""
    transaction.on_commit(lambda: _tell_now(action, outcome or action.action), robust=True)


def _tell_now(action: ModerationAction, outcome: str) -> None:
    author, comment = action.about, action.comment
    if author is None:
        return
    with translation.override(author.language or settings.LANGUAGE_CODE):
        reason = words_of(action.ground) if action.ground else ""
    notify(
        author,
        "moderation",
        key=f"moderation:{comment.pk if comment else 'account'}",
        url=comment.get_absolute_url() if comment else "/rules/",
        data={"action": outcome, "title": comment.article.title[:200] if comment else "", "reason": reason},
        event=f"{action.pk}:{outcome}",
        now=action.at,
    )
