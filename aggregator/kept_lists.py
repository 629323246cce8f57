"""A reader's own lists of articles: what they saved, opened or like. What their keywords hide is hidden here too."""

from dataclasses import dataclass
from typing import Any, Generic

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.blocked import explain
from aggregator.lists import preferences_for_list
from aggregator.models import Article
from zisnews.pagination import PAGE_SIZE, Page, Row, newest_page

# How many rows are looked through for a page: no more than it shows, where nothing of them is hidden. After the last
# of these the page stays short, and the way on leads further.
STRETCHES = (PAGE_SIZE, 120, 500, 1000, 1000)
MOST_WORDS, LONGEST_SOUGHT = 10, 100


@dataclass(frozen=True, slots=True)
class KeptListing(Generic[Row]):
    """One page of such a list. hidden: how many of the stretch it covers the reader's own choices took out."""

    page: Page[Row]
    hidden: int
    after: str

    @property
    def articles(self) -> list[Article]:
        return [row.article for row in self.page.rows]  # type: ignore[attr-defined]


def kept_listing(rows: "QuerySet[Row]", request: HttpRequest) -> KeptListing[Row]:
    """The page that the request asks for (?after=) of rows with an `article` and a moment `at`, newest first."""
    after = request.GET.get("after", "")
    listing = found_page(rows, after, preferences_for_list(request))
    if request.GET.get("hidden") == "show":
        explain(listing.articles, request.user, timezone.now())
    return listing


def found_page(rows: "QuerySet[Row]", after: str, preferences: Preferences) -> KeptListing[Row]:
    """Look through the rows, a stretch at a time, until a page of articles is found that the reader has not ruled out.

    Each stretch asks the one door of all lists for its articles by their ids: so a list of few rows never makes the
    database look through the articles of everybody.
    """
    found: list[Row] = []
    hidden, position = 0, after
    for size in STRETCHES:
        stretch = newest_page(rows, position, moment="at", size=size)
        cards = Article.objects.visible_to(preferences).cards().in_bulk([row.article_id for row in stretch.rows])  # type: ignore[attr-defined]
        for row in stretch.rows:
            if len(found) == PAGE_SIZE:
                return KeptListing(Page(found, position), hidden, after)
            if card := cards.get(row.article_id):  # type: ignore[attr-defined]
                row.article = card  # type: ignore[attr-defined]
                found.append(row)
            else:
                hidden += 1
            position = position_of(row)
        if not stretch.next:
            return KeptListing(Page(found), hidden, after)
        if len(found) == PAGE_SIZE:
            break
    return KeptListing(Page(found, position), hidden, after)


def position_of(row: Any) -> str:
    return f"{row.at.isoformat()}~{row.pk}"


def with_words(rows: "QuerySet[Row]", sought: str) -> "QuerySet[Row]":
    """Those whose article has each of these words, or beginnings of words, in its headline."""
    for word in sought.split()[:MOST_WORDS]:
        rows = rows.filter(article__title__icontains=word)
    return rows


def sought_in(request: HttpRequest) -> str:
    """What a reader looks for in a list of theirs (?q=)."""
    return " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_SOUGHT]
