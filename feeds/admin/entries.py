"""What feeds announced, to see where an article is stuck."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feeds.clock import database_now
from feeds.models import Display, Entry
from zisnews.pagination import FirstRows


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """What feeds announced, to see where an article is stuck. Nothing is edited here."""

    list_display = ["title", "feed", "state", "attempts", "read_error", "seen_at"]
    list_filter = ["state"]
    list_select_related = ["feed"]
    sortable_by = ()  # no index carries another order than the list's own
    search_fields = ["identity__exact", "url__exact"]
    show_full_result_count = False
    paginator = FirstRows
    actions = ["read_again"]
    readonly_fields = ["page_allows", "its_article"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    @admin.display(description=_("what its page allows"))
    def page_allows(self, entry: Entry) -> str:
        """How much of the text may be shown, and why not all; known until the article is made of it."""
        page = entry.page or {}
        if "display" not in page:
            return "–"
        return f"{Display(page['display']).label}. {page.get('display_reason', '')}".strip()

    @admin.display(description=_("its article"))
    def its_article(self, entry: Entry) -> SafeString | str:
        if entry.state != Entry.State.PUBLISHED or not entry.url:
            return "–"
        list_of_articles = reverse("admin:aggregator_article_changelist")
        return format_html('<a href="{}?{}">{}</a>', list_of_articles, urlencode({"q": entry.url}), _("look it up"))

    @admin.action(description=_("Read the page again"), permissions=["view"])
    def read_again(self, request: HttpRequest, entries: QuerySet[Entry]) -> None:
        count = (
            Entry.objects.filter(pk__in=entries.values("pk"))
            .filter(has_page=True)
            .exclude(url="")
            .read_again(database_now())
        )
        self.message_user(
            request, ngettext("%d page will be read again.", "%d pages will be read again.", count) % count
        )
