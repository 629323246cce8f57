"""People, for curators: found by e-mail or name."""

from typing import Any

import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401  both register themselves, to be taken back below
from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import ads_admin  # noqa: F401  registers itself
from accounts.display_names import DisplayNameError, clean_display_name, name_key
from accounts.models import User

RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]

# Where readers are logged in is theirs alone.
admin.site.unregister(UserSession)
for registered_by_others in (Authenticator, EmailAddress, Group):
    admin.site.unregister(registered_by_others)


class ForAdministrators(admin.ModelAdmin):
    """Changed by superusers alone: whoever may write here could give themselves every right, or take an account."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if is_administrator(request) else {}


def is_administrator(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def may_change(request: HttpRequest, person: User | None) -> bool:
    """Whether who asks may change this person: those who work here are a superuser's to change."""
    return person is None or not person.is_staff or is_administrator(request)


@admin.register(EmailAddress)
class AddressAdmin(ForAdministrators, EmailAddressAdmin):
    """allauth's: an address that is changed here is one to log in by."""


@admin.register(Group)
class RightsAdmin(ForAdministrators, GroupAdmin):
    """Django's."""


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """Second factors: seen to be there, and taken away from who has lost theirs. Nobody sees the secret in them."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__email"]
    list_select_related = ["user"]
    fields = ["user", "type", "created_at", "last_used_at"]
    readonly_fields = ["user", "type", "created_at", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        person = obj.user if obj else None
        return may_change(request, person) and super().has_delete_permission(request, obj)


class UserForm(UserChangeForm):
    """Django's, with what a display name must keep to; a curator may give any name nobody has."""

    def clean_display_name(self) -> str:
        typed = self.cleaned_data["display_name"]
        try:
            name = clean_display_name(typed) if typed else ""
        except DisplayNameError as error:
            raise ValidationError(str(error)) from error
        if name and User.objects.filter(name_key=name_key(name)).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody has this name, or one that looks like it. Please choose another."))
        return name


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserForm
    list_display = ["email", "display_name", "is_staff", "is_active", "suspended_at", "last_login"]
    search_fields = ["email", "display_name"]
    ordering = ["email"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (pgettext_lazy("who a person is", "About"), {"fields": ["display_name", "language", "time_zone"]}),
        (
            pgettext_lazy("what a person may do", "May"),
            {"fields": ["is_active", *RIGHTS]},
        ),
        (_("When"), {"fields": ["last_login", "date_joined", "suspended_at"]}),
    ]
    readonly_fields = ["suspended_at"]  # moderators suspend, with a row for it
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "password1", "password2"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody gives rights but who has them all."""
        return self.readonly_fields if is_administrator(request) else [*self.readonly_fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_change(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_change(request, obj) and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Erase them as they would themselves, so that every count is right after."""
        from zisnews.personal_data import erase  # noqa: PLC0415  it knows all apps, which load after this one

        erase(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            self.delete_model(request, user)
