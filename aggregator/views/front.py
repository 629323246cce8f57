"""The front page, the latest, and the page of a category."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from accounts.following import categories_followed_by
from accounts.models import User
from accounts.preferences import Preferences
from aggregator.front import front_page, top_of_section
from aggregator.lists import explain_shown, hidden_among, preferences_for_list, rows_for
from aggregator.models import Article, ArticleQuerySet
from aggregator.sections import sections_for
from aggregator.views.lists import days_ago, page_language, render_list
from aggregator.views.my_feed import my_feed
from aggregator.waiting import waiting

SECTION_DAYS = 3
MOST_LOOKED_AT = 1000  # articles, to say how many a reader's keywords hide


def front(request: HttpRequest) -> HttpResponse:
    """The most told story as its countries tell it, a block per category, the latest; ?feed=mine is a user's own list.

    The categories a user follows stand before the others.
    """
    if request.GET.get("feed") == "mine":
        return my_feed(request)
    preferences = preferences_for_list(request)
    now = timezone.now()
    found = front_page(preferences, language=page_language(), now=now, rows_of=rows_for(request))
    if isinstance(request.user, User):
        found = found.with_first(categories_followed_by(request.user))
    explain_shown(found.articles, request)
    context = {
        "section": "front",
        "front": found,
        "all_hidden": not found.lead and preferences.excludes and Article.objects.exists(),
        "waiting": None if found.lead else waiting(now),
        "hidden": hidden_lately(Article.objects.all(), preferences, days=1),
    }
    response = render(request, "aggregator/front.html", context)
    if context["waiting"]:  # for minutes at most, and whoever waits with us looks again and again
        add_never_cache_headers(response)
    return response


def latest(request: HttpRequest) -> HttpResponse:
    """Everything, newest first."""
    return render_list(request, "aggregator/latest.html", Article.objects.all(), section="latest")


def category(request: HttpRequest, slug: str) -> HttpResponse:
    """A subject: its best articles of the last days, or with ?tab=latest all of them, newest first."""
    known = sections_for(request)
    found = next((one for one in known if one.slug == slug), None)
    if found is None:
        raise Http404
    context: dict[str, Any] = {"category": found, "section": slug, "page_sections": known}
    if request.GET.get("tab") == "latest" or "after" in request.GET:
        articles = Article.objects.filter(category=found)
        return render_list(request, "aggregator/category.html", articles, tab="latest", **context)
    preferences = preferences_for_list(request)
    context |= {
        "tab": "top",
        "articles": top_of_section(
            found, preferences, language=page_language(), now=timezone.now(), rows_of=rows_for(request)
        ),
        "hidden": hidden_lately(Article.objects.filter(category=found), preferences, days=SECTION_DAYS),
    }
    explain_shown(context["articles"], request)
    return render(request, "aggregator/category.html", context)


def hidden_lately(articles: ArticleQuerySet, preferences: Preferences, *, days: int) -> int:
    """How many of the last days' articles the reader's choices hide, of the newest MOST_LOOKED_AT or few more."""
    if not preferences.excludes:
        return 0
    recent = articles.filter(published_at__gte=days_ago(days))
    moments = recent.newest_first().values_list("published_at", flat=True)
    if furthest := moments[MOST_LOOKED_AT : MOST_LOOKED_AT + 1].first():
        recent = recent.filter(published_at__gte=furthest)
    return hidden_among(recent, preferences)
