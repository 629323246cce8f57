"""Celery's door onto what accounts leave behind."""

from celery import shared_task

from zisnews.sessions import SessionStore


@shared_task
def forget_ended_sessions() -> None:
    """Delete the sessions that are over: one of a reader who never comes back would stay for ever."""
    SessionStore.clear_expired()
