"""The directory of sources, the page of each, and what publishers may ask of us."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.preferences import Preferences
from accounts.views import is_from_our_page
from aggregator.card_rows import whole_seen
from aggregator.forms import PublisherRequestForm
from aggregator.lists import preferences_for_list, show_source_here
from aggregator.models import Article
from aggregator.output import Rhythm, articles_per_day, profile_of
from aggregator.views.lists import render_list
from aggregator.whole_articles import whole_source
from feeds.models import Category, Source
from zisnews.errors import permission_denied
from zisnews.limits import count, somebody
from zisnews.pagination import Page, alphabetical_page

SOURCES_PER_PAGE = 100
REQUESTS_PER_HOUR = 20  # from one address, wrong ones too
LONGEST_NAME = 100  # of a source, as somebody looks for it
FILTERS = {"country": "country", "language": "language", "category": "category"}


def sources(request: HttpRequest) -> HttpResponse:
    """The directory of sources, by name; ?q=, ?country=, ?language= and ?category= narrow it."""
    chosen = {name: request.GET.get(name, "").strip()[:LONGEST_NAME] for name in ("q", *FILTERS)}
    found = Source.objects.select_related(None).filter(narrowed(chosen))
    page: Page[Source] = alphabetical_page(found, request.GET.get("after", ""), key="sort_key", size=SOURCES_PER_PAGE)
    rates = articles_per_day(page.rows, timezone.now())
    context = {
        "section": "source",
        "page": page,
        "after": request.GET.get("after", ""),
        "sources": [(source, rates.get(source.pk, 0.0)) for source in page.rows],
        "chosen": chosen,
        "is_narrowed": any(chosen.values()),
        "countries": Source.objects.order_by().values_list("country", flat=True).distinct(),
        "languages": Source.objects.order_by().values_list("language", flat=True).distinct(),
        "categories": Category.objects.all(),
    }
    return render(request, "aggregator/sources.html", context)


def narrowed(chosen: dict[str, str]) -> Q:
    """The sources a reader looks for: each word they typed stands in the name, each choice is the source's own."""
    wanted = Q()
    for word in chosen["q"].split()[:10]:
        wanted &= Q(name__icontains=word)
    for name, field in FILTERS.items():
        if chosen[name]:
            wanted &= Q(**{field: chosen[name].upper() if name == "country" else chosen[name]})
    return wanted


def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: who it is, how it publishes, and its articles. What stands beside the list is on its first page.

    Who hides the source and opens its page all the same sees its articles there, and that they hide it.
    """
    found = whole_source(slug)
    if found is None:
        raise Http404
    is_hidden = show_source_here(request, found.pk)
    context: dict[str, Any] = {"section": "source", "source": found, "is_hidden": is_hidden}
    if "after" not in request.GET:
        context |= profile(found, preferences_for_list(request))
    return render_list(request, "aggregator/source.html", Article.objects.filter(source=found), **context)


def profile(found: Source, preferences: Preferences) -> dict[str, Any]:
    known = profile_of(found, preferences, timezone.now())
    told = whole_seen(known.most_told, preferences)
    return {
        "rate": known.rate,
        "rhythm": Rhythm(tuple(known.rhythm.hours), tuple(known.rhythm.weekdays)),  # what is drawn once for all
        "subjects": tuple(known.subjects),
        "most_told": [told[pk] for pk in known.most_told if pk in told and told[pk].story],
    }


@csrf_exempt  # a token would set a cookie for everybody who reads how we treat sources
def sources_policy(request: HttpRequest) -> HttpResponse:
    """How we treat sources, with the form by which a publisher asks to be shown by less or left out."""
    if request.method != "POST":
        return render(request, "aggregator/sources_policy.html", {"form": PublisherRequestForm()})
    if not is_from_our_page(request):
        return permission_denied(request, None)
    count(somebody(request), "publisher-requests", limit=REQUESTS_PER_HOUR, seconds=3600)
    form = PublisherRequestForm(request.POST)
    if form.is_valid():
        form.keep(timezone.now())
        return redirect(f"{reverse('sources_policy')}?sent=1#publishers")
    return render(request, "aggregator/sources_policy.html", {"form": form}, status=422)
