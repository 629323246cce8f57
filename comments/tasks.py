"""Celery's door onto counting anew."""

from celery import shared_task

from comments import reactions


@shared_task
def recount_reactions() -> None:
    reactions.recount()
