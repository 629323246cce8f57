"""The order of stories, as it was made for five minutes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptRanking(models.Model):
    """A ranking that all processes show while its five minutes last; made once, by whoever came first."""

    slot = models.DateTimeField(primary_key=True, help_text=_("When the five minutes begin"))
    name = models.UUIDField(help_text=_("Another one for each ranking that is made"))
    data = models.TextField(help_text=_("As aggregator.kept_ranking spells it"))

    def __str__(self) -> str:
        return f"{self.slot:%Y-%m-%d %H:%M}"
