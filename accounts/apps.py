"""Who reads, and what they chose."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Readers and curators")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import private_feeds, sessions  # noqa: PLC0415  models are loaded only now

        sessions.connect()
        private_feeds.connect()
