"""What a curator arranges (Category, Country, Source, Feed) and what the outside said (Entry)."""

from datetime import datetime

from babel import Locale
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from feeds.errors import AddressRefused
from feeds.net.addresses import parse_address
from feeds.net.settings import fetch_settings

CATEGORY_NAMES = {
    "world": _("World"),
    "politics": _("Politics"),
    "business": _("Business"),
    "technology": _("Technology"),
    "science": _("Science"),
    "health": _("Health"),
    "sports": _("Sports"),
    "entertainment": _("Entertainment"),
    "culture": _("Culture"),
    "environment": _("Environment"),
    "lifestyle": _("Lifestyle"),
    "opinion": _("Opinion"),
    "general": _("General"),
}
GENERAL = "general"


class Display(models.TextChoices):
    """How much of an article we show."""

    FULL_TEXT = "full_text", _("Full text")
    EXCERPT = "excerpt", _("Excerpt")
    HEADLINE = "headline", _("Headline only")

    @classmethod
    def least(cls, *policies: str) -> "Display":
        """Return the most restrictive of the policies; empty ones do not count."""
        order = [cls.FULL_TEXT, cls.EXCERPT, cls.HEADLINE]
        return max((cls(policy) for policy in policies if policy), key=order.index, default=cls.FULL_TEXT)


class CategoryQuerySet(models.QuerySet["Category"]):
    def sections(self) -> "CategoryQuerySet":
        """The categories that have a page, in the order of the navigation; "general" has none."""
        return self.exclude(slug=GENERAL).order_by("position")


class Category(models.Model):
    """A shelf by subject."""

    slug = models.SlugField(primary_key=True, max_length=20)
    position = models.PositiveSmallIntegerField()
    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> str:
        return str(CATEGORY_NAMES.get(self.slug, self.slug.capitalize()))


class Country(models.Model):
    """A shelf by the country where a source's home audience is."""

    iso = models.CharField(primary_key=True, max_length=2)

    class Meta:
        ordering = ["iso"]
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The country's name in the language of the page."""
        locale = Locale.parse(to_locale(get_language() or "en"))
        return locale.territories.get(self.iso, self.iso)


class Source(models.Model):
    """A publisher, as readers know it."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True, max_length=100)
    site_url = models.URLField(_("home page"), max_length=500)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="sources")
    language = models.CharField(_("language"), max_length=12, help_text=_("BCP 47, such as en or pt-BR"))
    category = models.ForeignKey(Category, on_delete=models.PROTECT, default=GENERAL, related_name="sources")
    display_policy = models.CharField(
        _("display"), max_length=10, choices=Display, blank=True, help_text=_("Empty: the site's default")
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def display(self) -> Display:
        """How much of this source's articles we show, before what a single page allows."""
        return Display(self.display_policy or settings.ZIS_DISPLAY)


class FeedQuerySet(models.QuerySet["Feed"]):
    def active(self) -> "FeedQuerySet":
        """Feeds we ask: neither they nor their source are paused."""
        return self.filter(is_paused=False, source__is_paused=False)

    def due(self, now: datetime) -> "FeedQuerySet":
        """Active feeds whose time has come and that nobody is asking at the moment."""
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return self.active().filter(free, next_check_at__lte=now)

    def lease(self, limit: int, *, until: datetime) -> list["Feed"]:
        """Take up to `limit` of these for ourselves, the longest overdue first; nobody else gets them before `until`.

        Rows another worker is taking at this moment are passed over, not waited for.
        """
        with transaction.atomic():
            rows = self.order_by("next_check_at").select_for_update(skip_locked=True, of=("self",))[:limit]
            feeds: list[Feed] = list(rows)
            Feed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(leased_until=until)
        for feed in feeds:
            feed.leased_until = until
        return feeds

    def forgive_outage(self, next_check_at: datetime) -> int:
        """Take back the failure just counted: it was our own connection's, and back-off would outlast its return."""
        return self.update(
            failure_count=Greatest(F("failure_count") - 1, 0),
            next_check_at=next_check_at,
            last_error="No publisher answered: our own connection seems to be down. We ask again in a minute.",
        )

    def failing(self) -> "FeedQuerySet":
        return self.active().filter(failure_count__gt=0).order_by("-failure_count", "pk")

    def check_now(self, now: datetime) -> int:
        """Make these feeds due at once; one that is being asked at this moment is not asked twice. Returns how many."""
        return self.update(next_check_at=now)


def validate_fetchable(url: str) -> None:
    """Refuse an address that the fetcher would not go to, with its sentence."""
    settings = fetch_settings()
    try:
        parse_address(url, allow=settings.allow, any_port=bool(settings.host_map))
    except AddressRefused as error:
        raise ValidationError(error.reason) from error


class Feed(models.Model):
    """One URL of a source that we poll, and how that went."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="feeds")
    url = models.URLField(_("address"), max_length=2000, unique=True, validators=[validate_fetchable])
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

    next_check_at = models.DateTimeField(_("next fetch"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    interval_seconds = models.PositiveIntegerField(default=900, editable=False)

    etag = models.CharField(max_length=500, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)

    checked_at = models.DateTimeField(_("last fetch"), null=True, blank=True, editable=False)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    new_entry_at = models.DateTimeField(_("last new entry"), null=True, blank=True, editable=False)
    failure_count = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    problems = models.TextField(_("what is odd about it"), blank=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["source__name", "pk"]
        indexes = [models.Index("next_check_at", name="feed_due", condition=Q(is_paused=False))]

    def __str__(self) -> str:
        return self.title or self.url


class EntryQuerySet(models.QuerySet["Entry"]):
    def unread(self, now: datetime) -> "EntryQuerySet":
        """Entries whose page waits to be read and that nobody is reading at the moment."""
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return self.filter(free, state=Entry.State.NEW, read_after__lte=now)

    def lease_for_reading(self, limit: int, *, until: datetime) -> list["Entry"]:
        """Take up to `limit` of these, the newest first. The attempt counts from now: a page may kill its reader."""
        with transaction.atomic():
            # Without the long texts, which reading a page needs not: all that wait are sorted.
            waiting = self.defer("content_html", "description").order_by("-published_at")
            entries: list[Entry] = list(waiting.select_for_update(skip_locked=True)[:limit])
            Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
                leased_until=until, attempts=F("attempts") + 1
            )
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

    def read_again(self, now: datetime) -> int:
        """Let the pages of these be read once more, with all attempts; returns how many."""
        return self.update(state=Entry.State.NEW, attempts=0, read_after=now, leased_until=None, read_error="")

    def ready(self) -> "EntryQuerySet":
        """Entries to be published."""
        return self.filter(state=Entry.State.READY)

    def mark_published(self) -> int:
        """Say that the aggregator has made articles of these; what was read for them may go. Returns how many."""
        return self.update(state=Entry.State.PUBLISHED, page=None)

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

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="entries")
    identity = models.CharField(max_length=500, db_collation="C")
    url = models.CharField(max_length=2000, blank=True)
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
        ]

    def __str__(self) -> str:
        return self.title

    def mark_refused(self, reason: str) -> None:
        """Say that no article can be made of this entry, and why: shown to curators."""
        self.state, self.read_error = self.State.REFUSED, reason
        self.save(update_fields=["state", "read_error"])
