"""What a reader is told of: answers, mentions, stories that move. Changed only by accounts.notifications."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def older_than(self, moment: datetime) -> "NotificationQuerySet":
        return self.filter(at__lt=moment)


class Notification(models.Model):
    """One notice, or several of a kind about one thing. Its sentence is made when it is read, in the reader's language.

    key:    things with the same key stand together while they are unread: "Anna and 3 others answered you"
    count:  how many there are
    people: who did it, newest first, each once; their names are looked up when it is read
    events: what it holds, newest first, so that an event that is told twice is told once
    data:   names and numbers the sentence needs, as plain text (accounts.notice_words)
    url:    the page of ours it leads to; it outlives what stood there
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(_("kind"), max_length=20)
    key = models.CharField(max_length=200)
    count = models.PositiveIntegerField(default=1)
    people = ArrayField(models.BigIntegerField(), default=list, blank=True)
    events = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    data = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=500)
    first_at = models.DateTimeField(default=timezone.now, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], condition=Q(read_at=None), name="notice_group")]
        indexes = [
            models.Index("user", "at", "id", name="notice_newest"),
            models.Index("at", name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"
