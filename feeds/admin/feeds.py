"""Where a curator sees which feeds ail and why, and has them asked again."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.admin.words import ADDRESSES, condition_of, next_fetch_of, say_fetching, say_paused
from feeds.clock import database_now
from feeds.models import Entry, Feed

RHYTHM_DAYS = 7


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
