"""Celery's doors onto publishing, pictures and training."""

from threading import BoundedSemaphore

from celery import shared_task
from django.utils import timezone

from aggregator import pictures, publishing, shelving
from feeds.tasks import while_full

publishing_slots, picture_slots = BoundedSemaphore(1), BoundedSemaphore(1)


@shared_task
def publish_ready() -> None:
    while_full(publishing_slots, lambda: publishing.publish_ready().entries, publishing.ENTRIES_PER_BATCH)


@shared_task
def fetch_due_pictures() -> None:
    while_full(picture_slots, pictures.fetch_due_pictures, pictures.PICTURES_PER_BATCH)


@shared_task
def train_categories() -> None:
    shelving.train_if_due(timezone.now())
