"""The page of one article."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.preferences import preferences_of
from aggregator import visits
from aggregator.headlines import earlier_headlines
from aggregator.models import Article
from aggregator.tellings import tellings_of
from aggregator.views.lists import page_language, within_bigint


def article(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One article as far as its source lets us show it, and how other countries tell its story."""
    found = get_object_or_404(Article.objects.whole(), pk=within_bigint(pk))
    if slug != (found.slug or "-"):
        return redirect(found, permanent=True)
    visits.note(found.pk, request, timezone.now())
    context = {
        "section": found.category_id,
        "article": found,
        "earlier_headlines": earlier_headlines(found),
        "tellings": other_tellings(found, request),
    }
    return render(request, "aggregator/article.html", context)


def other_tellings(found: Article, request: HttpRequest) -> list[Article]:
    """How the story's other countries tell it, and its own country's other sources if nobody else does."""
    if found.story is None or found.story.source_count < 2:
        return []
    told = tellings_of([found.story], preferences_of(request), language=page_language()).get(found.story.pk)
    return [telling for telling in told.tellings if telling.pk != found.pk] if told else []
