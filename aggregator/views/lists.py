"""What the views of lists share."""

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from aggregator.lists import Listing, listing
from aggregator.models import ArticleQuerySet
from zisnews.pagination import LARGEST_ID


def render_list(request: HttpRequest, template: str, articles: ArticleQuerySet, **context: object) -> HttpResponse:
    """Show the page of a list of articles that the request asks for."""
    return render_listing(request, template, listing(articles, request), **context)


def render_listing(request: HttpRequest, template: str, found: Listing, **context: object) -> HttpResponse:
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
