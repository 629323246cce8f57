"""What feeds announced, stored once."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.canonical import canonical_url
from feeds.clock import database_now
from feeds.manners.fairness import lease_fairly, taken_by_host
from feeds.models.feeds import Feed
from feeds.models.hosts import Host, HostOf

LEASED_PER_HOST = 10
FRONT_OF_ENTRIES = "SELECT host, leased_until FROM feeds_entry WHERE state = 'new' ORDER BY published_at DESC"


class EntryQuerySet(models.QuerySet["Entry"]):
    def unread(self, now: datetime) -> "EntryQuerySet":
        """Entries whose page waits to be read, that nobody is reading at the moment and whose host is not on hold."""
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        waiting = self.filter(free, state=Entry.State.NEW, read_after__lte=now)
        return waiting.exclude(host__in=Host.objects.names_on_hold(now))

    def lease_for_reading(self, limit: int, *, until: datetime, per_host: int = LEASED_PER_HOST) -> list["Entry"]:
        """Take up to `limit` of these, the newest first. The attempt counts from now: a page may kill its reader.

        per_host: so many pages of one host are leased at a time, to all workers together
        """
        taken = taken_by_host(FRONT_OF_ENTRIES, database_now())
        # Without the long texts, which reading a page needs not.
        waiting = self.defer("content_html", "description").order_by("-published_at")
        lease = {"leased_until": until, "attempts": F("attempts") + 1}
        with transaction.atomic():
            entries: list[Entry] = lease_fairly(waiting, limit, per_host=per_host, taken=taken, lease=lease)
        for entry in entries:
            entry.leased_until = until
            entry.attempts += 1
        return entries

    def give_up_on_killers(self) -> int:
        """Make those ready whose reader died at every attempt: they are published with what the feed gave."""
        tried = self.filter(attempts__gte=Entry.MAX_ATTEMPTS)
        return tried.update(
            state=Entry.State.READY, leased_until=None, read_error="Its page stopped the reader three times."
        )

    def give_up_on_held(self, now: datetime, patience: timedelta, *, reason: str) -> int:
        """Make those ready whose host is on hold until later than `patience` after we saw them; returns how many."""
        held = Host.objects.filter(name=OuterRef("host"), held_until__gt=now)
        too_long = held.filter(held_until__gt=OuterRef("seen_at") + patience)
        waiting = self.filter(Q(leased_until=None) | Q(leased_until__lt=now), state=Entry.State.NEW)
        return (
            waiting.filter(host__in=Host.objects.names_on_hold(now))
            .filter(Exists(too_long))
            .update(
                state=Entry.State.READY,
                leased_until=None,
                read_error=reason,
            )
        )

    def read_again(self, now: datetime) -> int:
        """Let the pages of these be read once more, with all attempts; returns how many."""
        return self.update(state=Entry.State.NEW, attempts=0, read_after=now, leased_until=None, read_error="")

    def ready(self) -> "EntryQuerySet":
        """Entries to be published."""
        return self.filter(state=Entry.State.READY)

    def mark_published(self) -> int:
        """Say that the aggregator has made articles of these; what was read for them may go. Returns how many."""
        return self.update(state=Entry.State.PUBLISHED, page=None)

    def bury(self) -> int:
        """Make these tombstones: nothing they said is kept, and no feed brings them back. Returns how many.

        Locked in the order in which storing writes them, or the two would wait for each other.
        """
        with transaction.atomic():
            rows = self.order_by("feed_id", "identity").select_for_update(no_key=True, of=("self",))
            return Entry.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
                state=Entry.State.GONE, title="", description="", content_html="", author="", categories=[],
                image=None, page=None, read_error="", leased_until=None,
            )  # fmt: skip

    def bury_older_than(self, cutoff: datetime, limit: int) -> int:
        """Bury up to `limit` of those that are done with and were seen before the cutoff; returns how many."""
        done_with = self.filter(state__in=Entry.DONE_WITH, seen_at__lt=cutoff).order_by("seen_at")
        with transaction.atomic():
            old = list(done_with.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
            return Entry.objects.filter(pk__in=old).bury()

    def unreadable(self) -> "EntryQuerySet":
        """Entries whose page was given up, and why: for curators."""
        return self.exclude(read_error="").exclude(state=Entry.State.NEW)


class Entry(models.Model):
    """An item a feed announced, stored once per feed and identity.

    The row is the hand-over between apps: new → (page read) → ready → (aggregator) → published.
    An item that changes goes back to ready. `page` holds what extraction made of its page
    (the fields of extraction.Page, times in ISO 8601) until it is published.
    """

    MAX_ATTEMPTS = 3

    class State(models.TextChoices):
        NEW = "new", _("page to be read")
        READY = "ready", _("to be published")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("can not be published")
        GONE = "gone", _("left the site; kept so that it does not come back")

    DONE_WITH = [State.PUBLISHED, State.REFUSED]

    # Both its other indexes begin with the feed, and entries are what is written most.
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="entries", db_index=False)
    identity = models.CharField(max_length=500, db_collation="C")
    url = models.CharField(max_length=2000, blank=True)
    has_page = models.BooleanField(
        default=True,
        db_default=True,
        help_text=_("False: its address leads to a page that all items of its feed share"),
    )
    host = models.GeneratedField(
        expression=HostOf("url"), output_field=models.CharField(max_length=261, db_collation="C"), db_persist=True
    )
    title = models.TextField()
    description = models.TextField(blank=True)
    content_html = models.TextField(blank=True)
    author = models.CharField(max_length=300, blank=True)
    categories = ArrayField(models.TextField(), default=list, blank=True)
    image = models.JSONField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()
    content_hash = models.CharField(max_length=32)

    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)
    read_after = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    read_error = models.TextField(blank=True)
    page = models.JSONField(null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["feed", "identity"], name="entry_identity")]
        indexes = [
            models.Index("published_at", name="entry_unread", condition=Q(state="new")),
            models.Index("seen_at", name="entry_ready", condition=Q(state="ready")),
            models.Index("feed", "seen_at", name="entry_of_feed"),
            models.Index("seen_at", name="entry_done_with", condition=Q(state__in=["published", "refused"])),
            models.Index("state", "seen_at", name="entry_unreadable", condition=~Q(read_error="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """Its address in the one spelling; without a page of its own, with the fragment that tells it apart."""
        address = canonical_url(self.url)
        return address if self.has_page or not address else f"{address}#{self.url.partition('#')[2]}"

    def mark_refused(self, reason: str) -> None:
        """Say that no article can be made of this entry, and why: shown to curators."""
        self.state, self.read_error = self.State.REFUSED, reason
        self.save(update_fields=["state", "read_error"])
