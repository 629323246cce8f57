"""What a reader did with articles, for their own eyes: kept them for later, opened them, was through with a list."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aggregator.models.articles import Article

LONGEST_SCOPE = 120


class Saved(models.Model):
    """An article a reader keeps for later."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved", db_index=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="saved_by")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "saved"
        constraints = [models.UniqueConstraint(fields=["user", "article"], name="saved_once")]
        indexes = [models.Index(fields=["user", "-at", "-id"], name="saved_newest")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.article_id}"


class Visit(models.Model):
    """An article a reader opened, for who keeps a history. at: the last time, by which the history is in order

    An article that was saved or answered stays on the site; one that was only opened leaves with its time, and so does
    the row here. Hence it has no name on the article's side (aggregator.retention).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="visits", db_index=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "article"], name="visit_once")]
        indexes = [models.Index(fields=["user", "-at", "-id"], name="visit_newest")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.article_id}"


class ReadUpTo(models.Model):
    """A reader is through with all that a list had up to a moment: articles published until then count as read.

    scope: which list, as aggregator.reading_marks writes it: "all", "mine", "category:science", "source:the-paper" …
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="read_up_to", db_index=False)
    scope = models.CharField(max_length=LONGEST_SCOPE)
    moment = models.DateTimeField(help_text=_("Of publication"))

    class Meta:
        verbose_name_plural = "read up to"
        constraints = [models.UniqueConstraint(fields=["user", "scope"], name="read_up_to_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.scope}"
