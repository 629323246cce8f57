"""Celery's doors onto what is done by and by: counting anew, deleting for good."""

from celery import shared_task
from django.utils import timezone

from comments import discussion, reactions, recounting


@shared_task
def recount_reactions() -> None:
    reactions.recount()


@shared_task
def recount_comments() -> None:
    recounting.recount()


@shared_task
def wipe_deleted_comments() -> None:
    discussion.wipe_deleted(timezone.now())
