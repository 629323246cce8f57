"""The page of one article."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.preferences import Preferences, preferences_of
from aggregator import history, visits
from aggregator.blocked import reasons_for
from aggregator.card_rows import whole_shared
from aggregator.elsewhere import told_elsewhere
from aggregator.headlines import earlier_headlines
from aggregator.models import Article
from aggregator.neighbours import neighbours_of
from aggregator.related import related_articles
from aggregator.views.keywords import NOTES_PUT_AWAY
from aggregator.views.lists import page_language, within_bigint
from aggregator.whole_articles import whole_article


def article(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One article as far as its source lets us show it, how other countries tell its story, and what is near to it."""
    found = whole_article(within_bigint(pk))
    if found is None:
        return no_article(request, slug)
    if slug != (found.slug or "-"):
        return redirect(found, permanent=bool(slug))
    visits.note(found.pk, request, timezone.now())
    history.note(found.pk, request, timezone.now())
    if found.copy_of_id:  # few are copies; for all others a join less
        found.copy_of = Article.objects.cards().filter(pk=found.copy_of_id).first()
    preferences, language = preferences_of(request), page_language()
    told = told_elsewhere(found, preferences, language=language)
    related = related_articles(found, preferences, language=language)
    beside = whole_shared([*told, *related])
    context = {
        "section": found.category_id,
        "article": found,
        "earlier_headlines": earlier_headlines(found),
        "tellings": [one for pk in told if (one := beside.get(pk)) and one.story_id == found.story_id],
        "related": [one for pk in related if (one := beside.get(pk)) and one.story_id != found.story_id],
        "neighbours": neighbours_of(found, preferences),
        "hidden_by": reasons_to_tell(found, request, preferences),
    }
    return render(request, "aggregator/article.html", context)


def reasons_to_tell(article: Article, request: HttpRequest, preferences: Preferences) -> list[str]:
    """Why lists hide this article from the user, unless they put the note about it away."""
    if not preferences.excludes or article.pk in request.session.get(NOTES_PUT_AWAY, []):
        return []
    return reasons_for(article, request.user, timezone.now(), preferences)


def no_article(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that there is none. Whether there ever was one is not known by a number: tombstones keep no more than hashes
    of the addresses publishers gave their pages, so this is a 404 and no 410.
    """
    if not request.accepts("text/html"):
        raise Http404
    words = " ".join(slug.replace("-", " ").split())
    context = {"days": settings.ZIS_RETENTION_DAYS, "words": words}
    return render(request, "aggregator/no_article.html", context, status=404)
