"""What we publish: articles, stories, and the pages that show them."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AggregatorConfig(AppConfig):
    name = "aggregator"
    verbose_name = _("News")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of log-ins, of migrations, and of sources that show another part of their texts."""
        from aggregator import kept_comparisons, pending, saving  # noqa: F401, PLC0415  models are there only now
        from aggregator.name_variants import fill_name_variants  # noqa: PLC0415

        post_migrate.connect(fill_name_variants, sender=self)
