"""The countries, and the news as one of them tells it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from aggregator.lists import listing_of_country, preferences_for_list
from aggregator.output import told_today
from aggregator.views.lists import render_listing
from aggregator.world_map import world_map
from feeds.models import Country

SOURCES_IN_RAIL = 12
# Planned once: for both Django takes ten times as long to write what is asked.
KNOWN = "SELECT 1 FROM feeds_country WHERE iso = %s"
IN_RAIL = f"""SELECT slug, name, language, category_id FROM feeds_source
    WHERE country_id = %s ORDER BY sort_key LIMIT {SOURCES_IN_RAIL + 1}"""  # noqa: S608  a number of ours

Rows = Callable[[str, list[Any]], list[tuple]]


class InRail(NamedTuple):
    """A source as the page of its country names it."""

    slug: str
    name: str
    language: str
    category_id: str


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
    found = Country(iso=iso.upper())
    rows: Rows = connection.rows  # type: ignore[attr-defined]  # zisnews.postgres
    if not rows(KNOWN, [found.iso]):
        raise Http404
    if iso != found.iso.lower():
        return redirect("country", iso=found.iso.lower(), permanent=True)
    return render_listing(
        request,
        "aggregator/country.html",
        listing_of_country(found.iso, request),
        section="country",
        country=found,
        sources=tuple(InRail(*row) for row in rows(IN_RAIL, [found.iso])),
        sources_in_rail=SOURCES_IN_RAIL,
    )
