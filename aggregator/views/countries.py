"""The countries, and the news as one of them tells it."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from aggregator.lists import listing_of_country, preferences_for_list
from aggregator.output import told_today
from aggregator.views.lists import render_listing
from aggregator.world_map import world_map
from feeds.models import Country

SOURCES_IN_RAIL = 12


def countries(request: HttpRequest) -> HttpResponse:
    """All countries with a source of ours, and how much each told since yesterday: a map and a list."""
    told = told_today(preferences_for_list(request), timezone.now())
    found = Country.objects.annotate(source_count=Count("sources")).filter(source_count__gt=0)
    shelves = sorted(((country, told.get(country.pk, 0)) for country in found), key=lambda one: one[0].name.casefold())
    context = {
        "section": "country",
        "shelves": shelves,
        "total": sum(told.values()),
        "map": world_map({country.pk: count for country, count in shelves}),
    }
    return render(request, "aggregator/countries.html", context)


def country(request: HttpRequest, iso: str) -> HttpResponse:
    """The news as one country's sources tell it."""
    found = get_object_or_404(Country, iso=iso.upper())
    if iso != found.iso.lower():
        return redirect("country", iso=found.iso.lower(), permanent=True)
    sources = found.sources.order_by("sort_key").values("slug", "name", "language", "category_id")
    return render_listing(
        request,
        "aggregator/country.html",
        listing_of_country(found.iso, request),
        section="country",
        country=found,
        sources=list(sources[: SOURCES_IN_RAIL + 1]),
        sources_in_rail=SOURCES_IN_RAIL,
    )
