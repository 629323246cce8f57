"""Lists of articles: what a reader sees of them, page by page, and how many their own choices hide."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from accounts.preferences import Preferences, preferences_of
from aggregator.blocked import explain
from aggregator.card_rows import Rows, cards, light
from aggregator.country_lists import country_page
from aggregator.models import Article, ArticleQuerySet
from aggregator.walking import walk
from zisnews.pagination import Page

MOST_COUNTED = 1000  # hidden articles; more are not worth a reader's or the database's time


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. hidden: how many articles of the stretch it covers the reader's own choices took out.

    reached: how far back was looked, where nearly everything is hidden
    """

    page: Page[Article]
    hidden: int
    after: str
    reached: datetime | None = None


def preferences_for_list(request: HttpRequest) -> Preferences:
    """The reader's preferences; ?hidden=show lays all that they exclude aside for this one page."""
    preferences = preferences_of(request)
    if request.GET.get("hidden") == "show":
        return preferences.without_exclusions
    return preferences


def show_source_here(request: HttpRequest, source: int) -> bool:
    """Let this one page show a source although its reader hides it; returns whether they do."""
    preferences = preferences_of(request)
    if source not in preferences.hidden_sources:
        return False
    request._preferences = replace(preferences, hidden_sources=preferences.hidden_sources - {source})  # type: ignore[attr-defined]
    return True


def listing(articles: ArticleQuerySet, request: HttpRequest) -> Listing:
    """Return the page of a list that the request asks for (?after=), without what the reader ruled out."""
    after = request.GET.get("after", "")
    found = walk(articles, preferences_for_list(request), after, rows_of=rows_for(request))
    explain_shown(found.page.rows, request)
    return Listing(found.page, found.hidden, after, found.reached)


def listing_of_country(iso: str, request: HttpRequest) -> Listing:
    """The same of what a country's sources tell."""
    preferences, after = preferences_for_list(request), request.GET.get("after", "")
    page = country_page(iso, preferences, after, rows_of=rows_for(request))
    explain_shown(page.rows, request)
    return Listing(page, hidden_beside(Article.objects.of_country(iso), page, after, preferences), after)


def rows_for(request: HttpRequest) -> Rows:
    """Light rows, whose cards are kept; whole ones where each is to say why it is hidden."""
    return cards if request.GET.get("hidden") == "show" else light


def explain_shown(articles: Iterable[Article], request: HttpRequest) -> None:
    """Write beside articles that are shown all the same (?hidden=show) why they are hidden."""
    if request.GET.get("hidden") == "show":
        explain(list(articles), request.user, timezone.now(), preferences_of(request))


def hidden_beside(articles: ArticleQuerySet, page: Page[Article], after: str, preferences: Preferences) -> int:
    """How many articles between the ends of a page the reader does not see; counted inside that stretch only."""
    if not preferences.excludes:
        return 0
    stretch = articles.filter(published_at__lte=page.rows[0].published_at if after and page.rows else timezone.now())
    if page.next:
        stretch = stretch.filter(published_at__gte=page.rows[-1].published_at)
    return hidden_among(stretch, preferences)


def hidden_among(stretch: ArticleQuerySet, preferences: Preferences) -> int:
    """How many articles of a bounded stretch the reader's keywords, hidden sources and languages take out."""
    if not preferences.excludes:
        return 0
    return stretch.hidden_from(preferences).order_by()[:MOST_COUNTED].count()
