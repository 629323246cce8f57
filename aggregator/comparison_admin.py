"""Where curators see which stories were compared, and keep the names that tell sides apart."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from aggregator.looked_up import LookedUp
from aggregator.models import KeptComparison, NameVariants


@admin.register(KeptComparison)
class KeptComparisonAdmin(LookedUp):
    """Which stories were compared, and why one was not."""

    list_display = ["story", "version", "made_at", "tried_at", "failure_count", "error"]
    list_select_related = ["story"]
    exclude = ["data", "shape"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[KeptComparison]:
        return super().get_queryset(request).defer("data", "story__profile", "story__key_terms")


@admin.register(NameVariants)
class NameVariantsAdmin(admin.ModelAdmin):
    """Names of one thing by which countries differ. What came with the code is put out of use rather than deleted: it
    would come again with the next version.
    """

    list_display = ["__str__", "note", "is_used"]
    list_filter = ["language", "is_used"]
    search_fields = ["note", "key__exact"]
    formfield_overrides = {
        ArrayField: {"widget": forms.Textarea(attrs={"rows": 4, "cols": 80})},
        models.URLField: {"assume_scheme": "https"},
    }

    def has_delete_permission(self, request: HttpRequest, obj: NameVariants | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.key is None)

    def save_model(self, request: HttpRequest, obj: NameVariants, form: Any, change: bool) -> None:
        obj.is_edited = True
        super().save_model(request, obj, form, change)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None that deletes many: some of them might be the catalogue's."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}
