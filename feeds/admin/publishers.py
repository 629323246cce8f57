"""What publishers ask of us, for curators to answer."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feeds.admin.notices import DealtWithFilter
from feeds.clock import database_now
from feeds.models import PublisherRequest


@admin.register(PublisherRequest)
class PublisherRequestAdmin(admin.ModelAdmin):
    """Read and answered by e-mail; how a source is shown is set at the source."""

    list_display = ["site", "wish", "email", "source", "at", "done_at"]
    list_filter = [DealtWithFilter, "wish"]
    list_select_related = ["source"]
    fields = ["site", "source", "wish", "email", "message", "at", "done_at"]
    readonly_fields = ["site", "wish", "email", "message", "at", "done_at"]
    autocomplete_fields = ["source"]
    ordering = ["-at", "-pk"]
    actions = ["answered"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Answered"), permissions=["change"])
    def answered(self, request: HttpRequest, wishes: QuerySet[PublisherRequest]) -> None:
        count = wishes.filter(done_at=None).update(done_at=database_now())
        self.message_user(request, ngettext("%d request is put aside.", "%d requests are put aside.", count) % count)
