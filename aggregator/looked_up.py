"""What the admin shows of rows that the machine alone makes and changes."""

from django.contrib import admin
from django.http import HttpRequest

from zisnews.pagination import FirstRows


class LookedUp(admin.ModelAdmin):
    """Found and read; made and changed by the machine alone."""

    show_full_result_count = False
    paginator = FirstRows
    sortable_by = ()  # no index carries another order than the list's own

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


class NeverDeleted(LookedUp):
    """The same; and it stays, for other rows mean nothing without it."""

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
