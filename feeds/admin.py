"""Where a curator adds a source with its feeds, sees which ones ail and why, and has them asked again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feeds.clock import database_now
from feeds.models import Category, Country, Entry, Feed, Source

RHYTHM_DAYS = 7
ADDRESSES: Mapping[type[models.Field], Mapping[str, Any]] = {
    models.URLField: {"form_class": forms.URLField, "assume_scheme": "https"}
}


class StateFilter(admin.SimpleListFilter):
    """What needs a curator's eye."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [
            ("failing", _("failing")),
            ("odd", _("read with problems")),
            ("silent", _("nothing new for a week")),
            ("paused", _("paused")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Feed]) -> QuerySet[Feed]:
        week_ago = timezone.now() - timedelta(days=7)
        match self.value():
            case "failing":
                return queryset.filter(failure_count__gt=0)
            case "odd":
                return queryset.exclude(problems="")
            case "silent":
                return queryset.filter(succeeded_at__isnull=False).filter(
                    Q(new_entry_at__lt=week_ago) | Q(new_entry_at=None)
                )
            case "paused":
                return queryset.filter(Q(is_paused=True) | Q(source__is_paused=True))
        return queryset


class FeedInline(admin.TabularInline):
    model = Feed
    extra = 1
    formfield_overrides = ADDRESSES
    fields = ["url", "category", "is_paused", "condition", "next_check_at"]
    readonly_fields = ["condition", "next_check_at"]
    show_change_link = True

    @admin.display(description=_("condition"))
    def condition(self, feed: Feed) -> str:
        return condition_of(feed, timezone.now())


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """Adding a source with its feeds is all it takes: the next tick fetches them."""

    formfield_overrides = ADDRESSES
    list_display = ["name", "country", "language", "category", "display", "is_paused", "feed_count", "failing_count"]
    list_filter = ["is_paused", "category", "display_policy", "country"]
    list_select_related = ["country", "category"]
    search_fields = ["name", "site_url", "feeds__url"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["country"]
    inlines = [FeedInline]
    actions = ["fetch_now", "pause", "resume"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        failing = Count("feeds", filter=Q(feeds__failure_count__gt=0), distinct=True)
        return super().get_queryset(request).annotate(feed_count=Count("feeds", distinct=True), failing_count=failing)

    @admin.display(description=_("feeds"), ordering="feed_count")
    def feed_count(self, source: Source) -> int:
        return source.feed_count  # type: ignore[attr-defined]

    @admin.display(description=_("failing"), ordering="failing_count")
    def failing_count(self, source: Source) -> int:
        return source.failing_count  # type: ignore[attr-defined]

    @admin.action(description=_("Fetch now"))
    def fetch_now(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        say_fetching(self, request, Feed.objects.filter(source__in=sources).active().check_now(database_now()))

    @admin.action(description=_("Pause"))
    def pause(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        count = Source.objects.filter(pk__in=sources.values("pk")).update(is_paused=True)
        say_paused(self, request, count, is_paused=True)

    @admin.action(description=_("Resume"))
    def resume(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        count = Source.objects.filter(pk__in=sources.values("pk")).update(is_paused=False)
        say_paused(self, request, count, is_paused=False)


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin):
    """The health of every feed, the worst first."""

    class Media:
        css = {"all": ["css/admin.css"]}

    formfield_overrides = ADDRESSES
    list_display = ["name", "source", "condition", "checked_at", "next_fetch", "rhythm", "is_paused"]
    list_filter = [StateFilter, "category", "source__country"]
    list_select_related = ["source"]
    ordering = ["-failure_count", "source__name", "pk"]
    search_fields = ["url", "title", "source__name"]
    autocomplete_fields = ["source"]
    actions = ["fetch_now", "pause", "resume"]
    readonly_fields = [
        "condition", "problems", "checked_at", "succeeded_at", "new_entry_at", "next_fetch", "rhythm", "unread_pages",
    ]  # fmt: skip
    fields = ["source", "url", "title", "category", "is_paused", *readonly_fields]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feed]:
        """Counted feed by feed, for those of one page: a join would read every entry there is."""
        since = timezone.now() - timedelta(days=RHYTHM_DAYS)
        recent = Entry.objects.filter(feed=OuterRef("pk"), seen_at__gte=since).order_by().values("feed")
        counted = Subquery(recent.annotate(number=Count("pk")).values("number"))
        return super().get_queryset(request).annotate(recent_count=Coalesce(counted, 0))

    @admin.display(description=_("feed"))
    def name(self, feed: Feed) -> str:
        return str(feed)

    @admin.display(description=_("condition"))
    def condition(self, feed: Feed) -> str:
        return condition_of(feed, timezone.now())

    @admin.display(description=_("next fetch"), ordering="next_check_at")
    def next_fetch(self, feed: Feed) -> str:
        return next_fetch_of(feed, timezone.now())

    @admin.display(description=_("articles per day"), ordering="recent_count")
    def rhythm(self, feed: Feed) -> str:
        return f"{feed.recent_count / RHYTHM_DAYS:.1f}"  # type: ignore[attr-defined]

    @admin.display(description=_("pages we could not read"))
    def unread_pages(self, feed: Feed) -> str:
        """The latest few, with the reason: three attempts were made at each."""
        lines = [
            f"{entry.title[:80]}: {entry.read_error}" for entry in feed.entries.unreadable().order_by("-seen_at")[:10]
        ]
        return "\n".join(lines) or str(_("none"))

    @admin.action(description=_("Fetch now"))
    def fetch_now(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        chosen = Feed.objects.filter(pk__in=feeds.values_list("pk", flat=True))
        say_fetching(self, request, chosen.active().check_now(database_now()))

    @admin.action(description=_("Pause"))
    def pause(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        count = Feed.objects.filter(pk__in=feeds.values_list("pk", flat=True)).update(is_paused=True)
        say_paused(self, request, count, is_paused=True)

    @admin.action(description=_("Resume"))
    def resume(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        count = Feed.objects.filter(pk__in=feeds.values_list("pk", flat=True)).update(is_paused=False)
        say_paused(self, request, count, is_paused=False)


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """What feeds announced, to see where an article is stuck. Nothing is edited here."""

    list_display = ["title", "feed", "state", "attempts", "read_error", "seen_at"]
    list_filter = ["state"]
    list_select_related = ["feed"]
    sortable_by = ()  # no index carries another order than the list's own
    search_fields = ["identity__exact", "url__exact"]
    show_full_result_count = False
    actions = ["read_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    @admin.action(description=_("Read the page again"), permissions=["view"])
    def read_again(self, request: HttpRequest, entries: QuerySet[Entry]) -> None:
        count = Entry.objects.filter(pk__in=entries.values("pk")).exclude(url="").read_again(database_now())
        self.message_user(
            request, ngettext("%d page will be read again.", "%d pages will be read again.", count) % count
        )


@admin.register(Country)
class CountryAdmin(admin.ModelAdmin):
    """Only looked up by others; the list is that of ISO 3166-1."""

    search_fields = ["iso"]
    list_display = ["iso", "name"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Country], search_term: str
    ) -> tuple[QuerySet[Country], bool]:
        """Find countries by the name the curator reads as well as by code; names are not in the database."""
        wanted = search_term.casefold()
        found = [country.pk for country in queryset if wanted in f"{country.name} {country.iso}".casefold()]
        return queryset.filter(pk__in=found), False


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["slug", "name", "position"]


def say_fetching(model_admin: admin.ModelAdmin, request: HttpRequest, count: int) -> None:
    if not count:
        model_admin.message_user(request, _("Nothing to fetch: all of these are paused."), messages.WARNING)
        return
    sentence = ngettext(
        "%d feed will be fetched in a few seconds.", "%d feeds will be fetched in a few seconds.", count
    )
    model_admin.message_user(request, sentence % count, messages.SUCCESS)


def say_paused(model_admin: admin.ModelAdmin, request: HttpRequest, count: int, *, is_paused: bool) -> None:
    if is_paused:
        sentence = ngettext("%d is paused.", "%d are paused.", count)
    else:
        sentence = ngettext("%d is asked again.", "%d are asked again.", count)
    model_admin.message_user(request, sentence % count, messages.SUCCESS)


def condition_of(feed: Feed, now: datetime) -> str:
    """Say in words how a feed does."""
    if feed.pk is None:
        return "–"
    if feed.is_paused or feed.source.is_paused:
        return str(_("Paused."))
    if feed.failure_count:
        times = ngettext("Failed %d time in a row.", "Failed %d times in a row.", feed.failure_count)
        return f"{times % feed.failure_count} {feed.last_error}"
    if feed.last_error:  # an outage of our own, which is no failure of the feed's
        return feed.last_error
    if feed.succeeded_at is None:
        return str(_("Not fetched yet."))
    return feed.problems or str(_("Well."))


def next_fetch_of(feed: Feed, now: datetime) -> str:
    """Say when a feed is asked next."""
    if feed.pk is None:
        return "–"
    if feed.is_paused or feed.source.is_paused:
        return str(_("not while it is paused"))
    if feed.next_check_at <= now:
        return str(_("now"))
    minutes = round((feed.next_check_at - now).total_seconds() / 60)
    if minutes < 90:
        return ngettext("in %d minute", "in %d minutes", minutes) % minutes
    return date_format(timezone.localtime(feed.next_check_at), "DATETIME_FORMAT")
