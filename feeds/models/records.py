"""What curators are told: each look at a feed, and what they should know without looking."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.models.feeds import Feed


class FetchRecordQuerySet(models.QuerySet["FetchRecord"]):
    def forget_older_than(self, moment: datetime, limit: int) -> int:
        """Delete up to `limit` of these that are older, the oldest first; returns how many that were."""
        oldest = self.filter(at__lt=moment).order_by("at").values_list("pk", flat=True)[:limit]
        return self.filter(pk__in=list(oldest)).delete()[0]


class FetchRecord(models.Model):
    """One look at a feed, as it went: kept for two weeks, for curators."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="records", db_index=False)
    at = models.DateTimeField()
    is_push = models.BooleanField(default=False, help_text=_("The publisher's hub sent it by itself"))
    status = models.PositiveSmallIntegerField(null=True, help_text=_("Empty: no answer came"))
    size = models.PositiveIntegerField(default=0, help_text=_("Bytes of the document"))
    entries_new = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = FetchRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["feed", "-at"], name="record_of_feed"),
            # No BRIN: it reads all that came since the last vacuum, and deleting old rows wears it out.
            models.Index("at", name="record_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.status or '–'}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def open(self) -> "NoticeQuerySet":
        """Notices no curator has dealt with yet, the newest first."""
        return self.filter(done_at=None).order_by("-at", "-pk")

    def deal_with(self, now: datetime) -> int:
        """Say that a curator has dealt with these; those put aside before keep their time. Returns how many."""
        return self.filter(done_at=None).order_by().update(done_at=now)

    def tell(self, feed: Feed | None, sentence: str) -> "Notice":
        """Leave a sentence for curators; said again while they have not dealt with it, it stands once."""
        said = self.filter(feed=feed, sentence=sentence).open().first()
        return said or self.create(feed=feed, sentence=sentence)


class Notice(models.Model):
    """What curators should know without looking for it: a feed that was taken down, one that moved."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    sentence = models.TextField()
    done_at = models.DateTimeField(_("dealt with"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("at", name="notice_open", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return self.sentence
