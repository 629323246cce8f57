"""The directory of sources, and the page of each."""

from collections.abc import Iterable

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from aggregator.models import Article
from aggregator.views.lists import days_ago, render_list
from feeds.models import Source
from zisnews.pagination import Page, alphabetical_page

SOURCES_PER_PAGE = 100
ACTIVITY_DAYS = 7


def sources(request: HttpRequest) -> HttpResponse:
    """The directory of sources, by name; ?country= and ?language= narrow it."""
    found = Source.objects.select_related(None)
    chosen = {key: request.GET.get(key, "") for key in ("country", "language")}
    if chosen["country"]:
        found = found.filter(country=chosen["country"].upper())
    if chosen["language"]:
        found = found.filter(language=chosen["language"])
    page: Page[Source] = alphabetical_page(found, request.GET.get("after", ""), size=SOURCES_PER_PAGE)
    rates = articles_per_day(page.rows)
    context = {
        "section": "source",
        "page": page,
        "sources": [(source, rates.get(source.pk, 0.0)) for source in page.rows],
        "chosen": chosen,
        "countries": Source.objects.order_by().values_list("country", flat=True).distinct(),
        "languages": Source.objects.order_by().values_list("language", flat=True).distinct(),
    }
    return render(request, "aggregator/sources.html", context)


def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: who it is, and its articles."""
    found = get_object_or_404(Source, slug=slug)
    rate = articles_per_day([found]).get(found.pk, 0.0)
    articles = Article.objects.filter(source=found)
    return render_list(request, "aggregator/source.html", articles, section="source", source=found, rate=rate)


def articles_per_day(sources: Iterable[Source]) -> dict[int, float]:
    """Articles a day over the last week, by source id; sources without any are absent."""
    recent = Article.objects.filter(source__in=list(sources), published_at__gte=days_ago(ACTIVITY_DAYS))
    counts = recent.order_by().values_list("source").annotate(Count("pk"))
    return {pk: count / ACTIVITY_DAYS for pk, count in counts}
