"""What curators were told, and the hosts that are left alone: lists behind the health page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feeds.clock import database_now
from feeds.manners import hosts as holds
from feeds.models import Host, Notice


class WrittenByTheMachine(admin.ModelAdmin):
    """Read, and acted on; nothing is added or edited by hand."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def may_act(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"feeds.change_{self.opts.model_name}")


class DealtWithFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("done", _("dealt with"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        if self.value() not in ("open", "done"):
            return queryset
        return queryset.filter(done_at__isnull=self.value() == "open")


@admin.register(Notice)
class NoticeAdmin(WrittenByTheMachine):
    list_display = ["sentence", "feed", "at", "done_at"]
    list_filter = [DealtWithFilter]
    list_select_related = ["feed"]
    ordering = ["-at", "-pk"]
    actions = ["deal_with"]

    def has_deal_with_permission(self, request: HttpRequest) -> bool:
        return self.may_act(request)

    @admin.action(description=_("Dealt with"), permissions=["deal_with"])
    def deal_with(self, request: HttpRequest, notices: QuerySet[Notice]) -> None:
        count = Notice.objects.filter(pk__in=notices.values("pk")).deal_with(database_now())
        self.message_user(request, ngettext("%d notice is put aside.", "%d notices are put aside.", count) % count)


class HoldFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("held", _("on hold"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Host]) -> QuerySet[Host]:
        return queryset.filter(held_until__gt=database_now()) if self.value() == "held" else queryset


@admin.register(Host)
class HostAdmin(WrittenByTheMachine):
    """The servers we ask, and what they asked of us."""

    list_display = ["name", "held_until", "hold_reason", "robots_status", "robots_at"]
    list_filter = [HoldFilter]
    search_fields = ["name"]
    actions = ["lift_hold"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Host]:
        hosts = super().get_queryset(request)
        is_list = request.resolver_match and request.resolver_match.url_name == "feeds_host_changelist"
        return hosts.defer("robots", "reservations") if is_list else hosts

    def has_lift_hold_permission(self, request: HttpRequest) -> bool:
        return self.may_act(request)

    @admin.action(description=_("Lift the hold"), permissions=["lift_hold"])
    def lift_hold(self, request: HttpRequest, hosts: QuerySet[Host]) -> None:
        names = hosts.filter(held_until__gt=database_now()).values_list("name", flat=True)
        count = sum(holds.release(name) for name in names)
        self.message_user(request, ngettext("%d host is asked again.", "%d hosts are asked again.", count) % count)
