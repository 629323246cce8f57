"""Celery's doors onto what is done by and by: counting anew, deleting for good."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from comments import discussion, purging, reactions, recounting

PURGING_TIME = timedelta(seconds=40)  # of a task; another goes on


@shared_task
def recount_reactions() -> None:
    reactions.recount()


@shared_task
def recount_comments() -> None:
    recounting.recount()


@shared_task
def wipe_deleted_comments() -> None:
    discussion.wipe_deleted(timezone.now())


@shared_task
def carry_on_purges() -> None:
    purging.carry_on_all(PURGING_TIME)
