"""Feeds whose hub tells us of news by itself."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.models.feeds import Feed


class Subscription(models.Model):
    """A feed whose hub tells us of news by itself (WebSub, W3C Recommendation of 2018-01-23)."""

    class State(models.TextChoices):
        WANTED = "wanted", _("to be asked for")
        ASKED = "asked", _("asked for, not confirmed yet")
        ACTIVE = "active", _("active")
        FAILED = "failed", _("refused or broken; asked for again later")

    feed = models.OneToOneField(Feed, on_delete=models.CASCADE, related_name="subscription")
    hub_url = models.CharField(max_length=2000)
    topic_url = models.CharField(max_length=2000)
    token = models.CharField(max_length=64, unique=True, help_text=_("The secret part of our address for the hub"))
    secret = models.CharField(max_length=200, help_text=_("What the hub signs with"))
    state = models.CharField(max_length=10, choices=State, default=State.WANTED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    pushed_at = models.DateTimeField(_("last push"), null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index("next_try_at", name="subscription_due")]

    def __str__(self) -> str:
        return f"{self.feed}, {self.hub_url}"


class Push(models.Model):
    """A document a hub sent us, until a worker has read it: the web process only takes it in."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="pushes")
    received_at = models.DateTimeField(default=timezone.now)
    content_type = models.CharField(max_length=200, blank=True)
    body = models.BinaryField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "pushes"
        indexes = [models.Index("received_at", name="push_waiting")]

    def __str__(self) -> str:
        return f"{self.subscription}, {self.received_at:%Y-%m-%d %H:%M}"
