"""The project itself as an app, so that its commands and checks are found."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CuratorsAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our own site for it (zisnews/admin_site.py)."""

    default = False  # of the two in this module
    default_site = "zisnews.admin_site.CuratorsSite"


class ZisNewsConfig(AppConfig):
    name = "zisnews"
    default = True

    def ready(self) -> None:
        """Register the deployment checks, and make our Celery app the one that `shared_task` finds."""
        from zisnews import celery, checks  # noqa: F401, PLC0415

        celery.app.set_default()  # for every thread: being current counts only where it was imported
