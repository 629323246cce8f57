"""What feeds announced, to see where an article is stuck."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feeds.clock import database_now
from feeds.models import Entry


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
