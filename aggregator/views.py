"""The pages people read. A view names what a page shows; what it costs and who may see it stands in the QuerySets."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from accounts.preferences import preferences_of
from aggregator.front import front_page, tellings_of, top_of_section
from aggregator.headlines import earlier_headlines
from aggregator.lists import hidden_among, listing, preferences_for_list
from aggregator.models import Article, ArticleQuerySet, Story
from aggregator.waiting import waiting
from feeds.models import Category, Country, Source
from zisnews.pagination import Page, alphabetical_page

SOURCES_PER_PAGE = 100
SOURCES_IN_RAIL = 12
STORY_ARTICLES = 300  # the newest of a story; its columns hold no more
PER_COLUMN = 5
ACTIVITY_DAYS = 7
SECTION_DAYS = 3
LARGEST_ID = 2**63 - 1


def front(request: HttpRequest) -> HttpResponse:
    """The most told story as its countries tell it, a block per category, the latest."""
    preferences = preferences_for_list(request)
    now = timezone.now()
    found = front_page(preferences, language=page_language(), now=now)
    context = {
        "section": "front",
        "front": found,
        "waiting": None if found.lead else waiting(now),
        "hidden": hidden_among(Article.objects.filter(published_at__gte=days_ago(1)), preferences),
    }
    return render(request, "aggregator/front.html", context)


def latest(request: HttpRequest) -> HttpResponse:
    """Everything, newest first."""
    return render_list(request, "aggregator/latest.html", Article.objects.all(), section="latest")


def category(request: HttpRequest, slug: str) -> HttpResponse:
    """A subject: its best articles of the last days, or with ?tab=latest all of them, newest first."""
    found = get_object_or_404(Category.objects.sections(), slug=slug)
    context: dict[str, Any] = {"category": found, "section": slug}
    if request.GET.get("tab") == "latest" or "after" in request.GET:
        articles = Article.objects.filter(category=found)
        return render_list(request, "aggregator/category.html", articles, tab="latest", **context)
    preferences = preferences_for_list(request)
    recent = Article.objects.filter(category=found, published_at__gte=days_ago(SECTION_DAYS))
    context |= {
        "tab": "top",
        "articles": top_of_section(recent, preferences, language=page_language(), now=timezone.now()),
        "hidden": hidden_among(recent, preferences),
    }
    return render(request, "aggregator/category.html", context)


def countries(request: HttpRequest) -> HttpResponse:
    """All countries with a source of ours, and how much each told since yesterday."""
    found = Country.objects.annotate(source_count=Count("sources")).filter(source_count__gt=0)
    recent = Article.objects.visible_to(preferences_for_list(request)).filter(published_at__gte=days_ago(1))
    today = dict(recent.order_by().values_list("source__country").annotate(Count("pk")))
    shelves = sorted(
        ((country, today.get(country.pk, 0)) for country in found), key=lambda shelf: shelf[0].name.casefold()
    )
    context = {"section": "country", "shelves": shelves, "total": sum(today.values())}
    return render(request, "aggregator/countries.html", context)


def country(request: HttpRequest, iso: str) -> HttpResponse:
    """The news as one country's sources tell it."""
    found = get_object_or_404(Country, iso=iso.upper())
    if iso != found.iso.lower():
        return redirect("country", iso=found.iso.lower(), permanent=True)
    sources = list(found.sources.all()[: SOURCES_IN_RAIL + 1])
    return render_list(
        request,
        "aggregator/country.html",
        Article.objects.of_country(found.iso),
        section="country",
        country=found,
        sources=sources,
        sources_in_rail=SOURCES_IN_RAIL,
    )


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


def story(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One story: its headlines, in a column for each country."""
    found = get_object_or_404(Story.objects.defer("centroid", "key_terms"), pk=within_bigint(pk))
    if found.merged_into_id or slug != (found.slug or "-"):
        return redirect(standing_story(found), permanent=not found.merged_into_id)
    visible = Article.objects.visible_to(preferences_for_list(request)).filter(story=found)
    articles = list(visible.cards().newest_first()[:STORY_ARTICLES])
    context = {
        "section": found.category_id,
        "story": found,
        "title": title_of(found, articles),
        "columns": columns_by_country(articles),
        "first": articles[-1] if articles else None,
        "hidden": max(0, min(found.article_count, STORY_ARTICLES) - len(articles)),
    }
    return render(request, "aggregator/story.html", context)


def article(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One article as far as its source lets us show it, and how other countries tell its story."""
    found = get_object_or_404(Article.objects.whole(), pk=within_bigint(pk))
    if slug != (found.slug or "-"):
        return redirect(found, permanent=True)
    context = {
        "section": found.category_id,
        "article": found,
        "earlier_headlines": earlier_headlines(found),
        "tellings": other_tellings(found, request),
    }
    return render(request, "aggregator/article.html", context)


def render_list(request: HttpRequest, template: str, articles: ArticleQuerySet, **context) -> HttpResponse:
    """Show the page of a list of articles that the request asks for."""
    found = listing(articles, request)
    return render(request, template, {"articles": found.page.rows, "listing": found, **context})


def page_language() -> str:
    return (get_language() or "en").partition("-")[0]


def days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def within_bigint(pk: int) -> int:
    """The id, or Http404 for one larger than any the database can hold."""
    if pk > LARGEST_ID:
        raise Http404
    return pk


def standing_story(found: Story) -> Story:
    """The story that this one was merged into, or itself. Chains are short: a merge points at a standing story."""
    for _ in range(10):
        if found.merged_into is None:
            break
        found = found.merged_into
    return found


def title_of(found: Story, visible: list[Article]) -> str:
    """The story's headline if this reader may see an article under it, else one they may see, else nothing."""
    titles = [article.title for article in visible]
    return found.title if found.title in titles else next(iter(titles), "")


def columns_by_country(articles: list[Article]) -> list[tuple[str, list[Article], int]]:
    """(country, its newest articles, how many more it has): who tells most first, then who told first."""
    by_country: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_country[article.source.country_id].append(article)
    columns = sorted(by_country.items(), key=lambda column: (-len(column[1]), column[1][-1].published_at))
    return [(iso, found[:PER_COLUMN], len(found[PER_COLUMN:])) for iso, found in columns]


def other_tellings(found: Article, request: HttpRequest) -> list[Article]:
    """How the story's other countries tell it, and its own country's other sources if nobody else does."""
    if found.story is None or found.story.source_count < 2:
        return []
    told = tellings_of([found.story], preferences_of(request), language=page_language()).get(found.story.pk)
    return [telling for telling in told.tellings if telling.pk != found.pk] if told else []


def articles_per_day(sources: Iterable[Source]) -> dict[int, float]:
    """Articles a day over the last week, by source id; sources without any are absent."""
    recent = Article.objects.filter(source__in=list(sources), published_at__gte=days_ago(ACTIVITY_DAYS))
    counts = recent.order_by().values_list("source").annotate(Count("pk"))
    return {pk: count / ACTIVITY_DAYS for pk, count in counts}
