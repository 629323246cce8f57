"""When a reader last looked at a discussion."""

from django.db import models

from accounts.models import User
from aggregator.models import Article


class ThreadVisit(models.Model):
    """A reader's last look at the comments on an article, and the one before: what came since that is new to them.

    Looks within half an hour are one visit. Not kept for who keeps no history.
    """

    HOLDS_NO_ARTICLE = True  # to have looked is not to keep (aggregator.retention)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="thread_visits", db_index=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="thread_visits")
    began_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "article"], name="thread_visit_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.article_id}"
