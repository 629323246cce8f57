"""Where a curator adds a source with its feeds."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from feeds.admin.adding import AddsByHomePage
from feeds.admin.days import ListWithDays, per_day
from feeds.admin.exchange import ExchangesLists
from feeds.admin.preview import PreviewsPages
from feeds.admin.words import ADDRESSES, condition_of, moment_of, next_fetch_of, say_fetching, say_paused
from feeds.clock import database_now
from feeds.models import Display, Feed, Source


class FeedInline(admin.TabularInline):
    model = Feed
    extra = 1
    formfield_overrides = ADDRESSES
    fields = ["url", "category", "is_paused", "condition", "next_fetch"]
    readonly_fields = ["condition", "next_fetch"]
    show_change_link = True

    @admin.display(description=_("condition"))
    def condition(self, feed: Feed) -> str:
        return condition_of(feed, timezone.now())

    @admin.display(description=_("next fetch"))
    def next_fetch(self, feed: Feed) -> str:
        return next_fetch_of(feed, timezone.now())


@admin.register(Source)
class SourceAdmin(AddsByHomePage, ExchangesLists, PreviewsPages):
    """Adding a source with its feeds is all it takes: the next tick fetches them."""

    class Media:
        css = {"all": ["css/sources.css", "css/admin.css"]}

    formfield_overrides = ADDRESSES
    list_display = [
        "name", "state", "feed_count", "failing_count", "articles_per_day", "last_success", "country", "language",
        "category", "shown",
    ]  # fmt: skip
    list_filter = ["is_paused", "category", "display_policy", ("country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["country", "category"]
    search_fields = ["name", "site_url", "feeds__url"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["country"]
    inlines = [FeedInline]
    actions = ["fetch_now", "pause", "resume", "export_opml", "export_csv"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        failing = Count("feeds", filter=Q(feeds__failure_count__gt=0), distinct=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                feed_count=Count("feeds", distinct=True),
                failing_count=failing,
                succeeded_at=Max("feeds__succeeded_at"),
            )
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ListWithDays]:
        return ListWithDays

    @admin.display(description=_("articles per day"))
    def articles_per_day(self, source: Source) -> SafeString:
        return per_day(source.days, source)  # type: ignore[attr-defined]

    @admin.display(description=_("last success"), ordering="succeeded_at")
    def last_success(self, source: Source) -> str:
        return moment_of(source.succeeded_at)  # type: ignore[attr-defined]

    @admin.display(description=_("display"), ordering="display_policy")
    def shown(self, source: Source) -> str:
        """How much is shown, in words; said to be the site's choice where the source has none of its own."""
        label = Display(source.display).label
        return str(label) if source.display_policy else str(_("%(display)s (default)") % {"display": label})

    @admin.display(description=_("state"), ordering="is_paused")
    def state(self, source: Source) -> str:
        return str(_("paused")) if source.is_paused else ""

    @admin.display(description=_("feeds"), ordering="feed_count")
    def feed_count(self, source: Source) -> int:
        return source.feed_count  # type: ignore[attr-defined]

    @admin.display(description=_("failing"), ordering="failing_count")
    def failing_count(self, source: Source) -> int | str:
        return source.failing_count or ""  # type: ignore[attr-defined]

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
