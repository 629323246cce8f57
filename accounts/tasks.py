"""Celery's door onto what accounts leave behind."""

from celery import shared_task
from django.utils import timezone

from accounts import ad_counts, following, notifications
from accounts.sessions import forget_rows_of_ended_sessions
from zisnews.sessions import SessionStore


@shared_task
def forget_ended_sessions() -> None:
    """Delete the sessions that are over: one of a reader who never comes back would stay for ever."""
    SessionStore.clear_expired()
    forget_rows_of_ended_sessions()


@shared_task
def recount_followers() -> None:
    following.recount_followers()


@shared_task
def write_ad_counts() -> None:
    """Write down how often ads were shown and followed since the last time."""
    ad_counts.write_gathered()


@shared_task
def forget_old_notices() -> None:
    """Delete notices of long ago."""
    notifications.forget_old(timezone.now())
