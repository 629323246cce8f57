"""Keeping articles for later, and the list of what is kept."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from accounts.after_login import ask_to_log_in
from accounts.logged_in import user_of
from aggregator import saving
from aggregator.kept_lists import kept_listing, sought_in, with_words
from aggregator.models import Article, Saved
from aggregator.views.articles import article as article_page
from aggregator.views.lists import within_bigint
from zisnews.answers import done, refused, wants_part
from zisnews.limits import count, somebody

CHANGES_PER_MINUTE = 120


@csrf_exempt  # a reader without account has no token; a user's is asked for below
def save_article(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an article for later, or no longer: `saved` is yes (also where it is not said) or no.

    Whoever is not logged in is sent to do so; the article is saved as soon as they are, and they are back.
    """
    if request.method != "POST":
        return article_page(request, pk, "save")  # an article may be called so
    wanted = request.POST.get("saved", "yes")
    if wanted not in {"yes", "no"}:
        raise BadRequest("saved is yes or no.")
    article = get_object_or_404(Article.objects.only("title", "slug"), pk=within_bigint(pk))
    if request.user.is_authenticated:
        return keep(request, article, wanted == "yes")
    return ask_to_log_in(
        request, saving.SAVE, {"article": article.pk}, back=article.get_absolute_url(), words=_("Log in to save.")
    )


@csrf_protect
def keep(request: HttpRequest, article: Article, is_wanted: bool) -> HttpResponse:
    """Do it for a user, and answer with the way to take it back: what was kept comes back to its place in the list."""
    count(somebody(request), "saves", limit=CHANGES_PER_MINUTE, seconds=60)
    user, now, back = user_of(request), timezone.now(), article.get_absolute_url()
    fields = {"saved": "no"}
    try:
        if is_wanted:
            saving.save(user, article.pk, earlier(request.POST.get("at", ""), now))
            words = _("Saved for later.")
        else:
            since = saving.unsave(user, article.pk)
            words = _("No longer saved.")
            fields = {"saved": "yes", "at": (since or now).isoformat()}
    except Article.DoesNotExist as error:
        raise Http404 from error
    except saving.TooMuchSaved as error:
        return refused(request, str(error), otherwise=back)
    if wants_part(request):
        return render(request, "aggregator/_save.html", {"article": article, "is_saved": is_wanted})
    path = reverse("save_article", args=[article.pk])
    return done(request, words, otherwise=back, undo=path, fields=fields, saved=is_wanted)


def earlier(said: str, now: datetime) -> datetime:
    """A moment that a form brought back, or now where it is none, or none that has been."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return now
    return moment if moment.tzinfo and moment < now else now


@never_cache
@login_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """What the user saved, newest first; ?q= narrows it by words of the headline."""
    rows = Saved.objects.filter(user=user_of(request))
    sought = sought_in(request)
    listing = kept_listing(with_words(rows, sought), request)
    context = {
        "listing": listing,
        "articles": listing.articles,
        "sought": sought,
        "total": rows.count(),
    }
    return render(request, "aggregator/saved.html", context)
