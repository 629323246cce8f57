"""Feeds whose hub tells us of news by itself."""

import secrets
from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.models.feeds import Feed


def new_token() -> str:
    """A path nobody guesses: 256 bits, 43 characters."""
    return secrets.token_urlsafe(32)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def due(self, now: datetime) -> "SubscriptionQuerySet":
        """Those whose hub is to be asked for something, the longest waiting first."""
        return self.filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def wanted(self) -> "SubscriptionQuerySet":
        """Those that a feed of ours still has a use for."""
        return self.filter(feed__isnull=False).exclude(state=Subscription.State.LEAVING)

    def live(self, now: datetime) -> "SubscriptionQuerySet":
        """Those whose hub has promised to push, and the promise still holds."""
        return self.wanted().filter(state=Subscription.State.ACTIVE, expires_at__gt=now)

    def leave(self, now: datetime) -> int:
        """Part these from their feeds, to be cancelled at their hubs; the feed may have another one at once."""
        return self.update(feed=None, state=Subscription.State.LEAVING, attempts=0, next_try_at=now, last_error="")


class Subscription(models.Model):
    """A feed whose hub tells us of news by itself (WebSub, W3C Recommendation of 2018-01-23).

    Without a feed (it was deleted, paused, or announces another hub now) it only waits to be cancelled.
    """

    class State(models.TextChoices):
        WANTED = "wanted", _("to be asked for")
        ASKED = "asked", _("asked for, not confirmed yet")
        ACTIVE = "active", _("active")
        FAILED = "failed", _("refused or broken; asked for again later")
        LEAVING = "leaving", _("no longer wanted; being cancelled")

    feed = models.OneToOneField(Feed, on_delete=models.SET_NULL, null=True, blank=True, related_name="subscription")
    hub_url = models.CharField(_("hub"), max_length=2000)
    topic_url = models.CharField(_("topic"), max_length=2000)
    site_url = models.CharField(
        max_length=500, blank=True, default="", db_default="", help_text=_("Our own address as the hub was told it")
    )
    token = models.CharField(
        max_length=64, unique=True, default=new_token, help_text=_("The secret part of our address for the hub")
    )
    secret = models.CharField(
        max_length=200, default=new_token, help_text=_("What the hub signs with; empty where it could be overheard")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WANTED)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("requests without a result"), default=0)
    next_try_at = models.DateTimeField(_("next request to the hub"), default=timezone.now)
    expires_at = models.DateTimeField(_("promised until"), null=True, blank=True)
    pushed_at = models.DateTimeField(_("last push"), null=True, blank=True)
    denied_count = models.PositiveSmallIntegerField(_("refusals in a row"), default=0, db_default=0)
    last_error = models.TextField(_("last error"), blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("next_try_at", name="subscription_due")]

    def __str__(self) -> str:
        return f"{self.feed or self.topic_url}, {self.hub_url}"


NOTE_PUSH = """
INSERT INTO feeds_seenpush AS seen (subscription_id, body_hash, at) VALUES (%s, %s, %s)
ON CONFLICT (subscription_id, body_hash) DO UPDATE SET at = excluded.at WHERE seen.at < %s
RETURNING id
"""


class SeenPushQuerySet(models.QuerySet["SeenPush"]):
    def note(self, subscription: Subscription, body_hash: str, now: datetime, *, again_after: timedelta) -> bool:
        """Note that a hub pushed this; False where it did so lately. Of two that come at once, one is told True."""
        with connection.cursor() as cursor:
            cursor.execute(NOTE_PUSH, [subscription.pk, body_hash, now, now - again_after])
            return cursor.fetchone() is not None

    def forget_older_than(self, moment: datetime, limit: int) -> int:
        """Delete up to `limit` of these that are older; returns how many that were."""
        oldest = self.filter(at__lt=moment).order_by("at").values_list("pk", flat=True)[:limit]
        return self.filter(pk__in=list(oldest)).delete()[0]


class SeenPush(models.Model):
    """What a hub has pushed, by its hash: nobody has it read again by repeating it, for as long as it is kept."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="seen", db_index=False)
    body_hash = models.CharField(max_length=64, db_collation="C")
    at = models.DateTimeField()

    objects = SeenPushQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "seen pushes"
        constraints = [models.UniqueConstraint(fields=["subscription", "body_hash"], name="push_seen_once")]
        indexes = [models.Index("at", name="push_seen_at")]

    def __str__(self) -> str:
        return f"{self.subscription}, {self.at:%Y-%m-%d %H:%M}"


class PushQuerySet(models.QuerySet["Push"]):
    def next_in_line(self, now: datetime) -> "PushQuerySet":
        """The oldest push of each subscription, unless a worker has it: those behind it wait, so order is kept."""
        older = Push.objects.filter(subscription=models.OuterRef("subscription"), pk__lt=models.OuterRef("pk"))
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return self.filter(free, ~models.Exists(older)).order_by("pk")

    def lease(self, limit: int, *, until: datetime) -> list["Push"]:
        """Take up to `limit` of these. The attempt counts from now: a document may kill its reader.

        To be called in a transaction.
        """
        pushes: list[Push] = list(self.select_for_update(skip_locked=True, of=("self",))[:limit])
        Push.objects.filter(pk__in=[push.pk for push in pushes]).update(leased_until=until, attempts=F("attempts") + 1)
        for push in pushes:
            push.leased_until = until
            push.attempts += 1
        return pushes


class Push(models.Model):
    """A document a hub sent us, until a worker has read it: the web process only takes it in."""

    MAX_ATTEMPTS = 3

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="pushes")
    received_at = models.DateTimeField(default=timezone.now)
    content_type = models.CharField(max_length=200, blank=True)
    body = models.BinaryField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = PushQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "pushes"
        indexes = [models.Index("received_at", name="push_waiting")]

    def __str__(self) -> str:
        return f"{self.subscription}, {self.received_at:%Y-%m-%d %H:%M}"
