"""Who writes about whom: country against country, one country's sides, and the articles behind a number."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from aggregator.matrix import listing_of_cell, matrix, sides
from aggregator.subjects import countries
from aggregator.views.lists import render_listing
from feeds.models import Category, Country


def matrix_page(request: HttpRequest) -> HttpResponse:
    """The countries that write most against those most written about; with ?country= one of them and all others."""
    category, now = category_asked(request), timezone.now()
    context: dict[str, Any] = {"section": "stories", "category": category, "matrix": matrix(category, now)}
    if asked := request.GET.get("country", ""):
        context["sides"] = sides(known(asked), category, now)
    return render(request, "aggregator/matrix.html", context)


def cell(request: HttpRequest, teller: str, subject: str) -> HttpResponse:
    """The articles of one country's sources about another, or about their own."""
    told_by, about = known(teller), known(subject)
    if (teller, subject) != (told_by.lower(), about.lower()):
        return redirect("matrix_cell", teller=told_by.lower(), subject=about.lower(), permanent=True)
    category = category_asked(request)
    found = listing_of_cell(told_by, about, category, request, timezone.now())
    context = {"section": "stories", "category": category, "teller": told_by, "subject": about}
    return render_listing(request, "aggregator/matrix_cell.html", found, **context)


def category_asked(request: HttpRequest) -> Category | None:
    """The category that ?category= names; None for all, Http404 for one there is not."""
    slug = request.GET.get("category", "")
    return get_object_or_404(Category.objects.sections(), slug=slug) if slug else None


def known(code: str) -> str:
    """The code of a country that may be written about or has a source; Http404 for any other."""
    iso = code.upper()
    if iso not in countries() and not Country.objects.filter(pk=iso).exists():
        raise Http404
    return iso
