"""The addresses we poll, and how that goes."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Least, Mod, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.clock import database_now
from feeds.errors import AddressRefused
from feeds.manners.fairness import lease_fairly, taken_by_host
from feeds.models.hosts import AddressField, Host, HostOf
from feeds.models.shelves import Category
from feeds.models.sources import Source
from feeds.net.addresses import parse_address
from feeds.net.settings import fetch_settings

OUTAGE = "No publisher answered: our own connection seems to be down. We ask again in a minute."
LEASED_PER_HOST = 20
LONGEST_LEASE, CLOCK_TOLERANCE = timedelta(hours=1), timedelta(minutes=1)
FRONT_OF_FEEDS = """
SELECT host, leased_until FROM feeds_feed WHERE NOT is_paused AND next_check_at <= %(now)s ORDER BY next_check_at
"""


class FeedQuerySet(models.QuerySet["Feed"]):
    def change(self, **values: object) -> int:
        """Update these, locked in the order in which workers lock them too: in any other, both may wait for ever.

        Returns how many were changed.
        """
        with transaction.atomic():
            rows = self.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True)
            return Feed.objects.filter(pk__in=list(rows)).update(**values)

    def active(self) -> "FeedQuerySet":
        """Feeds we ask: neither they nor their source are paused."""
        return self.filter(is_paused=False, source__is_paused=False)

    def due(self, now: datetime) -> "FeedQuerySet":
        """Active feeds whose time has come, that nobody is asking at the moment and whose host is not on hold."""
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return self.active().filter(free, next_check_at__lte=now).exclude(host__in=Host.objects.names_on_hold(now))

    def lease(self, limit: int, *, until: datetime, per_host: int = LEASED_PER_HOST) -> list["Feed"]:
        """Take up to `limit` of these for ourselves, the longest overdue first; nobody else gets them before `until`.

        per_host: so many feeds of one host are leased at a time, to all workers together
        """
        taken = taken_by_host(FRONT_OF_FEEDS, database_now())
        with transaction.atomic():
            feeds: list[Feed] = lease_fairly(
                self.order_by("next_check_at"), limit, per_host=per_host, taken=taken, lease={"leased_until": until}
            )
        for feed in feeds:
            feed.leased_until = until
        return feeds

    def forgive_outage(self, next_check_at: datetime) -> int:
        """Take back the failure last counted: it was our own connection's, and back-off would outlast its return.

        Not of those forgiven already and not asked since. Returns how many were.
        """
        guilty = self.filter(failure_count__gt=0).exclude(last_error=OUTAGE)
        return guilty.change(failure_count=F("failure_count") - 1, next_check_at=next_check_at, last_error=OUTAGE)

    def forgive_clock(self, now: datetime) -> int:
        """Bring back feeds that were asked or leased in a future that is none: the database's clock was set back.

        They come due within a quarter of an hour. Returns how many.
        """
        leased_long = Q(leased_until__gt=now + LONGEST_LEASE)
        later = models.ExpressionWrapper(Mod(F("pk"), 900) * timedelta(seconds=1), models.DurationField())
        soon = models.ExpressionWrapper(models.Value(now) + later, models.DateTimeField())
        ahead = self.filter(Q(checked_at__gt=now + CLOCK_TOLERANCE) | leased_long)
        return ahead.change(next_check_at=soon, checked_at=Least(F("checked_at"), now), leased_until=None)

    def failing(self) -> "FeedQuerySet":
        return self.active().filter(failure_count__gt=0).order_by("-failure_count", "pk")

    def pause(self) -> int:
        """Ask these feeds no more until somebody resumes them. Returns how many."""
        return self.change(is_paused=True)

    def resume(self) -> int:
        """Ask these feeds again, at once, as if nobody had said that they are gone. Returns how many."""
        return self.change(is_paused=False, retired_at=None, gone_count=0, gone_at=None, next_check_at=Now())

    def check_now(self, now: datetime) -> int:
        """Make these feeds due at once; one that is being asked at this moment is not asked twice. Returns how many."""
        return self.change(next_check_at=now)


def validate_fetchable(url: str) -> None:
    """Refuse an address that the fetcher would not go to, with its sentence."""
    settings = fetch_settings()
    try:
        parse_address(url, allow=settings.allow, any_port=bool(settings.host_map))
    except AddressRefused as error:
        raise ValidationError(error.reason) from error


class IdentityBy(models.TextChoices):
    """What tells the items of a feed apart."""

    GUID = "guid", _("the guid it gives")
    LINK = "link", _("the item's address")
    TITLE = "title", _("headline and day")


class Feed(models.Model):
    """One URL of a source that we poll, and how that went."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="feeds")
    url = AddressField(_("address"), max_length=2000, unique=True, validators=[validate_fetchable])
    title = models.CharField(_("title"), max_length=300, blank=True)
    category = models.ForeignKey(
        Category,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="feeds",
        help_text=_("The section this feed carries; empty when it carries everything"),
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    retired_at = models.DateTimeField(
        _("taken down"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When its publisher had said often enough that it is gone for good; it is paused since"),
    )
    host = models.GeneratedField(
        expression=HostOf("url"), output_field=models.CharField(max_length=261, db_collation="C"), db_persist=True
    )

    next_check_at = models.DateTimeField(_("next fetch"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    interval_seconds = models.PositiveIntegerField(default=900, editable=False)
    # Its rhythm (feeds/rhythm.py): entries an hour by hour of day (UTC), and those of late, fading since they were
    # counted; what its own document asks for.
    hourly_counts = ArrayField(models.FloatField(), default=list, editable=False)
    recent_count = models.FloatField(default=0, editable=False)
    counted_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_interval_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    skip_hours = ArrayField(models.PositiveSmallIntegerField(), default=list, editable=False)
    skip_days = ArrayField(models.PositiveSmallIntegerField(), default=list, editable=False)  # Monday is 0

    # What tells its items apart: their guid, or where that can not be trusted, something better.
    identity_by = models.CharField(max_length=10, choices=IdentityBy, default=IdentityBy.GUID, editable=False)

    # The one page that its items lead to, none having a page of its own (feeds/shared_pages.py).
    shared_page = models.CharField(max_length=2000, blank=True, default="", db_default="", editable=False)

    # Where it was sent on to for good, how often in a row and since when; where else it was found.
    moved_to = models.CharField(max_length=2000, blank=True, editable=False)
    moved_count = models.PositiveSmallIntegerField(default=0, editable=False)
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    suggested_url = models.CharField(_("may have moved to"), max_length=2000, blank=True, editable=False)
    dismissed_url = models.CharField(max_length=2000, blank=True, editable=False)
    search_after = models.DateTimeField(null=True, blank=True, editable=False)  # when it may be looked for again
    gone_count = models.PositiveSmallIntegerField(default=0, editable=False)
    gone_at = models.DateTimeField(null=True, blank=True, editable=False)

    # The hub it announces, and the address it is known under there (WebSub).
    hub_url = models.CharField(max_length=2000, blank=True, editable=False)
    topic_url = models.CharField(max_length=2000, blank=True, editable=False)
    push_trusted_until = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("While its hub has lately proven to tell us of news, it is asked more seldom"),
    )

    etag = models.CharField(max_length=500, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)

    checked_at = models.DateTimeField(_("last fetch"), null=True, blank=True, editable=False)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    new_entry_at = models.DateTimeField(_("last new entry"), null=True, blank=True, editable=False)
    failure_count = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    problems = models.TextField(_("what is odd about it"), blank=True, editable=False)

    delay_seconds: float | None = None  # what its host asks for between two requests, where it was looked up

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["source__name", "pk"]
        indexes = [
            models.Index("next_check_at", name="feed_due", condition=Q(is_paused=False)),
            models.Index("host", name="feed_of_host"),
        ]

    def __str__(self) -> str:
        return self.title or self.url
