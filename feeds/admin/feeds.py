"""Where a curator sees which feeds ail and why, and has them asked again."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feeds.admin.attempts import attempts_view, latest_attempts
from feeds.admin.days import ListOfFeeds, days_of_feeds, per_day
from feeds.admin.moving import OffersNewAddresses
from feeds.admin.words import (
    ADDRESSES,
    condition_of,
    moment_of,
    next_fetch_of,
    rhythm_of,
    say_fetching,
    say_paused,
)
from feeds.clock import database_now
from feeds.faults import Fault, fault_of
from feeds.health import silent_feeds
from feeds.models import Entry, Feed, Host
from feeds.websub.words import push_condition

LOOKED_THROUGH = 500  # entries of a feed, for pages that could not be read


class StateFilter(admin.SimpleListFilter):
    """What needs a curator's eye."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [
            ("failing", _("failing")),
            ("odd", _("read with problems")),
            ("silent", _("silent for longer than usual")),
            ("held", _("on hold with its host")),
            ("moved", _("may have moved")),
            ("retired", _("taken down")),
            ("paused", _("paused")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Feed]) -> QuerySet[Feed]:
        wanted = STATES.get(self.value() or "")
        return queryset.filter(wanted()) if wanted else queryset


def is_active() -> Q:
    return Q(is_paused=False, source__is_paused=False)


STATES: dict[str, Callable[[], Q]] = {
    "failing": lambda: is_active() & Q(failure_count__gt=0),
    "odd": lambda: ~Q(problems=""),
    "silent": lambda: Q(pk__in=[silence.feed.pk for silence in silent_feeds(database_now())]),
    "held": lambda: Q(host__in=Host.objects.on_hold(database_now()).order_by().values("name")),
    "moved": lambda: ~Q(suggested_url=""),
    "retired": lambda: Q(retired_at__isnull=False),
    "paused": lambda: Q(is_paused=True) | Q(source__is_paused=True),
}


class FaultFilter(admin.SimpleListFilter):
    """Of the failing ones: what is wrong."""

    title = _("what is wrong")
    parameter_name = "fault"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(Fault.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Feed]) -> QuerySet[Feed]:
        if self.value() not in Fault.values:
            return queryset
        sentences = Feed.objects.failing().order_by().values_list("last_error", flat=True).distinct()
        wanted = [sentence for sentence in sentences if fault_of(sentence) == self.value()]
        return queryset.filter(is_active(), failure_count__gt=0, last_error__in=wanted)


@admin.register(Feed)
class FeedAdmin(OffersNewAddresses):
    """The health of every feed, the worst first."""

    class Media:
        css = {"all": ["css/admin.css", "css/sources.css"]}

    formfield_overrides = ADDRESSES
    list_display = ["name", "articles_per_day", "condition", "fetches"]
    list_filter = [StateFilter, FaultFilter, "category", ("source__country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["source"]
    list_per_page = 50
    ordering = ["-failure_count", "source__name", "pk"]
    search_fields = ["url", "title", "source__name"]
    autocomplete_fields = ["source"]
    actions = ["fetch_now", "pause", "resume", "use_new_address", "dismiss_new_address"]
    readonly_fields = [
        "condition", "problems", "suggested_url", "rhythm", "pushes", "identity", "articles_per_day", "checked_at",
        "succeeded_at", "new_entry_at", "next_fetch", "unread_pages",
    ]  # fmt: skip
    fields = ["source", "url", "title", "category", "is_paused", *readonly_fields]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ListOfFeeds]:
        return ListOfFeeds

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(partial(attempts_view, self))
        return [path("<int:pk>/attempts/", view, name="feeds_feed_attempts"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        feed = kwargs.get("obj")
        if feed and feed.pk:
            context["attempts"] = latest_attempts(feed)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("feed"), ordering="source__name")
    def name(self, feed: Feed) -> str:
        """Source and title; where the source has but one thing to say, that once."""
        name, title = feed.source.name, str(feed)
        return title if title.startswith(name) else f"{name}: {title}"

    @admin.display(description=_("condition"))
    def condition(self, feed: Feed) -> str:
        now = timezone.now()
        if feed.pk is None:
            return "–"
        known = vars(feed)  # a list knows it of all its rows; the feed's own page asks
        hold = known["hold"] if "hold" in known else Host.objects.on_hold(now).filter(name=feed.host).first()
        return condition_of(feed, now, hold)

    @admin.display(description=_("last success, next fetch"), ordering="next_check_at")
    def fetches(self, feed: Feed) -> SafeString:
        return format_html("{}<br>{}", moment_of(feed.succeeded_at), next_fetch_of(feed, timezone.now()))

    @admin.display(description=_("next fetch"))
    def next_fetch(self, feed: Feed) -> str:
        return next_fetch_of(feed, timezone.now())

    @admin.display(description=_("how often it is asked"))
    def rhythm(self, feed: Feed) -> str:
        return rhythm_of(feed, timezone.now())

    @admin.display(description=_("its hub"))
    def pushes(self, feed: Feed) -> str:
        return push_condition(feed) if feed.pk else "–"

    @admin.display(description=_("its items are told apart by"))
    def identity(self, feed: Feed) -> str:
        return feed.get_identity_by_display()

    @admin.display(description=_("articles per day"))
    def articles_per_day(self, feed: Feed) -> SafeString | str:
        if feed.pk is None:
            return "–"
        days = getattr(feed, "days", None)
        if days is None:
            days = days_of_feeds([feed.pk], database_now())[feed.pk]
        return per_day(days, feed.source)

    @admin.display(description=_("pages we could not read"))
    def unread_pages(self, feed: Feed) -> str:
        """The latest few, with the reason: three attempts were made at each."""
        latest = feed.entries.order_by("-seen_at").values("pk")[:LOOKED_THROUGH]
        entries = Entry.objects.filter(pk__in=latest).unreadable().order_by("-seen_at")[:10]
        return "\n".join(f"{entry.title[:80]}: {entry.read_error}" for entry in entries) or str(_("none"))

    @admin.action(description=_("Fetch now"))
    def fetch_now(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        chosen = Feed.objects.filter(pk__in=feeds.values_list("pk", flat=True))
        say_fetching(self, request, chosen.active().check_now(database_now()))

    @admin.action(description=_("Pause"))
    def pause(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        count = Feed.objects.filter(pk__in=feeds.values_list("pk", flat=True)).pause()
        say_paused(self, request, count, is_paused=True)

    @admin.action(description=_("Resume"))
    def resume(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        chosen = Feed.objects.filter(pk__in=feeds.values_list("pk", flat=True))
        still = chosen.filter(source__is_paused=True).count()  # before: the list may be filtered by what changes
        asked = chosen.resume() - still
        if asked:
            say_paused(self, request, asked, is_paused=False)
        if still:
            sentence = ngettext(
                "%d stays paused with its source: resume that.",
                "%d stay paused with their sources: resume those.",
                still,
            )
            self.message_user(request, sentence % still, messages.WARNING)
