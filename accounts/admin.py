"""People, for curators: found by e-mail or name."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import ads_admin  # noqa: F401  registers itself
from accounts.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["email", "display_name", "is_staff", "is_active", "suspended_at", "last_login"]
    search_fields = ["email", "display_name"]
    ordering = ["email"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (pgettext_lazy("who a person is", "About"), {"fields": ["display_name", "language", "time_zone"]}),
        (
            pgettext_lazy("what a person may do", "May"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("When"), {"fields": ["last_login", "date_joined", "suspended_at"]}),
    ]
    readonly_fields = ["suspended_at"]  # moderators suspend, with a row for it
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "password1", "password2"]})]
