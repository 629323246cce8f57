"""What readers answer to an article."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Answers of readers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of log-ins and of histories that are cleared, and be counted in `status`."""
        from aggregator.history import ALSO_FORGOTTEN  # noqa: PLC0415  models are there only now
        from aggregator.status import COUNTS_OF_OTHERS  # noqa: PLC0415  as above
        from comments import figures, pending, thread_visits  # noqa: F401, PLC0415  as above

        COUNTS_OF_OTHERS.append(figures.counts)
        ALSO_FORGOTTEN.append(thread_visits.forget_visits)
