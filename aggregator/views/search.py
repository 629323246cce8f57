"""The search page."""

from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.following import kept_search, note_search_seen
from accounts.models import User
from aggregator.blocked import why_hidden
from aggregator.lists import explain_shown, preferences_for_list
from aggregator.search import parse, read_filters
from aggregator.search import search as find
from aggregator.search.addresses import query_string_of
from aggregator.search.beginning import much_told
from aggregator.search.filters import CHOSEN, DATE, RELEVANCE
from aggregator.search.hints import hints_for
from aggregator.search.suggestions import suggestions_for
from aggregator.templatetags.findings import read_openings
from aggregator.views.lists import page_language
from feeds.models import CATEGORY_NAMES, GENERAL

CATEGORIES = tuple(slug for slug in CATEGORY_NAMES if slug != GENERAL)


def search(request: HttpRequest) -> HttpResponse:
    """What ?q= finds, narrowed by ?source, country, category, language, from, to and sorted by ?sort=relevance|date."""
    preferences, now = preferences_for_list(request), timezone.now()
    query = parse(request.GET.get("q", ""))
    filters, notes = read_filters(request.GET, preferences.zone)
    after = request.GET.get("after", "")
    results = find(query, filters, preferences, after, now=now)
    is_search_followed = None
    if isinstance(request.user, User) and query.is_askable:
        is_search_followed = kept_search(request.user, query_string_of(request.GET))
        if is_search_followed is not None:
            note_search_seen(request.user, query_string_of(request.GET), now)
    read_openings(results.found, query, is_user=request.user.is_authenticated)
    explain_shown((found.article for found in results.found), request)
    is_empty = query.is_askable and not results.total and not results.hidden
    narrow = narrowing(request)
    context = {
        "section": "search",
        "query": query,
        "filters": filters,
        "chosen": {name: request.GET.get(name, "") for name in CHOSEN},
        "narrow": narrow,
        "first": narrow.rstrip("&"),
        "more": f"{narrow}after={quote(results.next)}",
        "orders": orders(request),
        "notes": [*query.notes, *notes],
        "results": results,
        "is_search_followed": is_search_followed,
        "why_hidden": why_hidden(results.newest_hidden, request.user, preferences, now),
        "after": after,
        "hints": hints_for(query) if query.is_askable and not after else [],
        "suggestions": suggestions_for(query, filters, now=now) if is_empty else [],
        "categories": CATEGORIES,
        "told": [] if query.text else much_told(preferences, language=page_language(), now=now),
    }
    return render(request, "aggregator/search.html", context)


def narrowing(request: HttpRequest, *, without: tuple[str, ...] = ("after",)) -> str:
    """The query string of this search from its first page on, to which one more filter may be added."""
    asked = urlencode({name: values for name, values in request.GET.lists() if name not in without}, doseq=True)
    return f"?{asked}&" if asked else "?"


def orders(request: HttpRequest) -> dict[str, str]:
    """The addresses of the first page of this search in each of its orders."""
    begins = narrowing(request, without=("after", "sort"))
    return {RELEVANCE: begins.rstrip("&"), DATE: f"{begins}sort={DATE}"}
