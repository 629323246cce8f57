"""A like or a dislike."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aggregator.models import Article


class Reaction(models.Model):
    """A reader's one answer to an article: they like it or they do not."""

    class Kind(models.TextChoices):
        LIKE = "like", _("Like")
        DISLIKE = "dislike", _("Dislike")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=7, choices=Kind)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "article"], name="reaction_once")]
        indexes = [models.Index(fields=["user", "kind", "-at", "-id"], name="reactions_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.article_id}"
