"""Every look at a feed of the last two weeks, on a page of its own beside the feed's."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from feeds.models import Feed, FetchRecord
from zisnews.pagination import newest_page

PER_PAGE = 50
LATEST = 10  # below the feed's own form


def attempts_of(feed: Feed, *, only_errors: bool = False) -> "QuerySet[FetchRecord]":
    attempts = FetchRecord.objects.filter(feed=feed)
    return attempts.exclude(error="") if only_errors else attempts


def latest_attempts(feed: Feed) -> list[FetchRecord]:
    return list(attempts_of(feed).order_by("-at", "-pk")[:LATEST])


def attempts_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """One page of a feed's attempts, newest first; `?errors=1` leaves out those that went well."""
    feed = get_object_or_404(Feed.objects.select_related("source"), pk=pk)
    if not model_admin.has_view_permission(request, feed):
        raise PermissionDenied
    only_errors = request.GET.get("errors") == "1"
    page = newest_page(
        attempts_of(feed, only_errors=only_errors), request.GET.get("after", ""), moment="at", size=PER_PAGE
    )
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Attempts"),
        "subtitle": str(feed),
        "opts": model_admin.opts,
        "feed": feed,
        "page": page,
        "only_errors": only_errors,
        "is_first": "after" not in request.GET,
    }
    return TemplateResponse(request, "admin/feeds/feed/attempts.html", context)
