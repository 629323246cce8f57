"""Readers whose comments another does not want: these collapse, and they can not answer or mention them."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from comments.models import BlockedReader, Comment

State = Comment.State


def block(user: User, other: User, *, now: datetime) -> bool:
    """Block somebody; says whether they were not blocked before. Nobody blocks themselves."""
    if other.pk == user.pk:
        return False
    return BlockedReader.objects.get_or_create(user=user, blocked=other, defaults={"added_at": now})[1]


def met_by(user: User) -> QuerySet[User]:
    """Whom a reader can have met here: who comments, and whom they block. Of others nobody learns by trying numbers."""
    writes = Comment.objects.filter(author=OuterRef("pk")).exclude(state__in=[State.HELD, State.DELETED])
    is_blocked = BlockedReader.objects.filter(user=user, blocked=OuterRef("pk"))
    return User.objects.filter(Q(pk=user.pk) | Exists(writes) | Exists(is_blocked))


def unblock(user: User, other_id: int) -> bool:
    """Let somebody's comments be seen again; says whether they were blocked."""
    return BlockedReader.objects.filter(user=user, blocked_id=other_id).delete()[0] > 0


def blocked_by(user: User) -> QuerySet[BlockedReader]:
    """Whom a reader blocks, for a list of them."""
    return BlockedReader.objects.filter(user=user).select_related("blocked")


def is_blocked(author: User, *, by: int | None) -> bool:
    """Whether a reader, by id, blocks an author."""
    return by is not None and BlockedReader.objects.filter(user_id=by, blocked=author).exists()
