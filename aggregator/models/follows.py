"""The stories readers follow. Changed only by aggregator.followed_stories."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from aggregator.models.stories import Story


class FollowedStory(models.Model):
    """A story that a reader follows, and how widely it was told when they last looked at it.

    Its articles stay on the site for as long as somebody follows it (aggregator.retention).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="followed_stories", db_index=False)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="followed_by")
    # The story that was chosen, where it became part of another: it is followed again if they are parted.
    chosen = models.ForeignKey(Story, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    followed_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_articles = models.PositiveIntegerField(default=0, editable=False)
    seen_sources = models.PositiveIntegerField(default=0, editable=False)
    seen_countries = models.PositiveIntegerField(default=0, editable=False)
    # When they were last told that it moved, and of what (aggregator.alerts).
    told_at = models.DateTimeField(null=True, editable=False)
    told_sources = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    told_countries = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name_plural = "followed stories"
        constraints = [models.UniqueConstraint(fields=["user", "story"], name="follow_story_once")]

    def __str__(self) -> str:
        return str(self.story)
