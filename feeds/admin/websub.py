"""The subscriptions at hubs, to see which push and which refuse. Nothing is edited here, nothing secret is shown."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feeds.models import Subscription
from feeds.websub.words import last_push_of, state_of


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):
    """Which hubs push what."""

    list_display = ["topic_url", "feed", "hub_url", "state", "pushed_at", "expires_at", "last_error"]
    list_filter = ["state"]
    list_select_related = ["feed"]
    ordering = ["-pk"]
    sortable_by = ()
    search_fields = ["hub_url", "topic_url", "feed__url", "feed__title"]
    readonly_fields = ["condition"]
    fields = [
        "feed", "hub_url", "topic_url", "condition", "state", "created_at", "expires_at", "pushed_at", "attempts",
        "next_try_at", "last_error",
    ]  # fmt: skip

    @admin.display(description=_("condition"))
    def condition(self, subscription: Subscription) -> str:
        return f"{state_of(subscription)} {last_push_of(subscription)}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return False
