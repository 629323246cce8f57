"""The welcome is shown once, by itself, to whoever is new; afterwards from the settings."""

from datetime import datetime

from django.urls import reverse

from accounts.models import User


def note_welcomed(user: User, now: datetime) -> bool:
    """Remember that the welcome was shown; returns whether this is the first time."""
    return bool(User.objects.filter(pk=user.pk, welcomed_at=None).update(welcomed_at=now))


def first_page_for(user: User, otherwise: str) -> str:
    """Where who has just signed up or in is led, where nothing else was asked for. Curators go to work."""
    return otherwise if user.welcomed_at or user.is_staff else reverse("welcome")
