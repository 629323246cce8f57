"""What publishers say: sources, their feeds, and the entries those announce."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FeedsConfig(AppConfig):
    name = "feeds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from feeds.shelves import fill_shelves  # noqa: PLC0415

        post_migrate.connect(fill_shelves, sender=self)
