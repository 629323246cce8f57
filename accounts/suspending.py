"""Readers who may not speak: they read on, keep and take along what is theirs, and do not comment, vote or flag."""

from datetime import datetime

from accounts.models import User


def suspend(user_id: int, *, now: datetime) -> bool:
    """Suspend a reader; says whether they were not before. Who works here is not suspended: an admin's to settle."""
    return User.objects.filter(pk=user_id, suspended_at=None, is_staff=False).update(suspended_at=now) > 0


def let_in_again(user_id: int) -> bool:
    """End a suspension; says whether there was one."""
    return User.objects.filter(pk=user_id).exclude(suspended_at=None).update(suspended_at=None) > 0
