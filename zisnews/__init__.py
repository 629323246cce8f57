"""The project: settings, schedule, addresses. The Celery app loads with Django so that tasks find it."""

from zisnews.celery import app as celery_app

__all__ = ["celery_app"]
