"""The project itself as an app, so that its commands and checks are found."""

from django.apps import AppConfig


class ZisNewsConfig(AppConfig):
    name = "zisnews"

    def ready(self) -> None:
        """Register the deployment checks, and make our Celery app the one that `shared_task` finds."""
        from zisnews import celery, checks  # noqa: F401, PLC0415

        celery.app.set_default()  # for every thread: being current counts only where it was imported
