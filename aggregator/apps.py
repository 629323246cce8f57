"""What we publish: articles, stories, and the pages that show them."""

from django.apps import AppConfig


class AggregatorConfig(AppConfig):
    name = "aggregator"
    default_auto_field = "django.db.models.BigAutoField"
