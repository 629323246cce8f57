"""Lists of articles: what a reader sees of them, page by page, and how many their own choices hide."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from accounts.preferences import Preferences, preferences_of
from aggregator.blocked import explain
from aggregator.country_lists import country_page
from aggregator.models import Article, ArticleQuerySet
from zisnews.pagination import Page, newest_page

MOST_COUNTED = 1000  # hidden articles; more are not worth a reader's or the database's time


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. hidden: how many articles of the stretch it covers the reader's own choices took out."""

    page: Page[Article]
    hidden: int
    after: str


def preferences_for_list(request: HttpRequest) -> Preferences:
    """The reader's preferences; ?hidden=show lays all that they exclude aside for this one page."""
    preferences = preferences_of(request)
    if request.GET.get("hidden") == "show":
        return preferences.without_exclusions
    return preferences


def listing(articles: ArticleQuerySet, request: HttpRequest) -> Listing:
    """Return the page of a list that the request asks for (?after=), without what the reader ruled out."""
    return listed(
        articles, request, lambda preferences, after: newest_page(articles.visible_to(preferences).cards(), after)
    )


def listing_of_country(iso: str, request: HttpRequest) -> Listing:
    """The same of what a country's sources tell."""
    return listed(
        Article.objects.of_country(iso), request, lambda preferences, after: country_page(iso, preferences, after)
    )


def listed(
    articles: ArticleQuerySet, request: HttpRequest, page_of: Callable[[Preferences, str], Page[Article]]
) -> Listing:
    """The page that `page_of` finds for these preferences and this position, with what stands around it."""
    preferences = preferences_for_list(request)
    after = request.GET.get("after", "")
    page = page_of(preferences, after)
    if request.GET.get("hidden") == "show":
        explain(page.rows, request.user, timezone.now())
    return Listing(page, hidden_beside(articles, page, after, preferences), after)


def hidden_beside(articles: ArticleQuerySet, page: Page[Article], after: str, preferences: Preferences) -> int:
    """How many articles between the ends of a page the reader does not see; counted inside that stretch only."""
    stretch = articles.filter(published_at__lte=page.rows[0].published_at if after and page.rows else timezone.now())
    if page.next:
        stretch = stretch.filter(published_at__gte=page.rows[-1].published_at)
    return hidden_among(stretch, preferences)


def hidden_among(stretch: ArticleQuerySet, preferences: Preferences) -> int:
    """How many articles of a bounded stretch the reader's keywords, hidden sources and languages take out."""
    if not preferences.excludes:
        return 0
    seen = stretch.visible_to(preferences)
    hidden = stretch.order_by().exclude(pk__in=seen.order_by().values("pk"))
    return hidden[:MOST_COUNTED].count()
