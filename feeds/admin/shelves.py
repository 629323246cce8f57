"""Countries and categories, looked up by the pages of others."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from feeds.models import Category, Country


@admin.register(Country)
class CountryAdmin(admin.ModelAdmin):
    """Only looked up by others; the list is that of ISO 3166-1."""

    search_fields = ["iso"]
    list_display = ["iso", "name"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Country], search_term: str
    ) -> tuple[QuerySet[Country], bool]:
        """Find countries by the name the curator reads as well as by code; names are not in the database."""
        wanted = search_term.casefold()
        found = [country.pk for country in queryset if wanted in f"{country.name} {country.iso}".casefold()]
        return queryset.filter(pk__in=found), False


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["slug", "name", "position"]
