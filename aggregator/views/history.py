"""What a user has read: the history, which they can switch off, and being through with a list."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.choices import keep_in_account
from accounts.logged_in import user_of
from accounts.preferences import preferences_of
from aggregator import history as histories
from aggregator import reading_marks
from aggregator.kept_lists import kept_listing
from aggregator.models import Article, Visit
from aggregator.templatetags.moments import short_moment
from aggregator.views.lists import within_bigint
from aggregator.views.saved import earlier
from zisnews.answers import done
from zisnews.limits import count, somebody

CHANGES_PER_MINUTE = 120


@never_cache
@login_required
def history(request: HttpRequest) -> HttpResponse:
    """The articles the user opened, day by day; a POST switches it off or on, or clears it: `do` says which."""
    if request.method == "POST":
        return change(request, request.POST.get("do", ""))
    listing = kept_listing(Visit.objects.filter(user=user_of(request)), request)
    context = {
        "listing": listing,
        "articles": listing.articles,
        "days": by_day(listing.page.rows, preferences_of(request).zone),
        "today": timezone.now().astimezone(preferences_of(request).zone).date(),
    }
    return render(request, "aggregator/history.html", context)


def by_day(visits: Sequence[Visit], zone: ZoneInfo) -> list[tuple[date, list[Visit]]]:
    """Visits, newest first, by the days of a zone."""
    days: dict[date, list[Visit]] = {}
    for visit in visits:
        days.setdefault(visit.at.astimezone(zone).date(), []).append(visit)
    return list(days.items())


def change(request: HttpRequest, what: str) -> HttpResponse:
    """stop, stop_and_clear, start or clear."""
    count(somebody(request), "history", limit=CHANGES_PER_MINUTE, seconds=60)
    if what not in {"stop", "stop_and_clear", "start", "clear"}:
        raise BadRequest("do is stop, stop_and_clear, start or clear.")
    here, words = reverse("history"), ""
    if what != "clear":
        keep_in_account(request, keeps_history=what == "start")
        words = _("Your history is kept from now on.") if what == "start" else _("No history is kept any more.")
    if what in {"clear", "stop_and_clear"}:
        gone = histories.clear(user_of(request))
        cleared = ngettext("%(n)d article is forgotten.", "%(n)d articles are forgotten.", gone) % {"n": gone}
        return done(request, f"{words} {cleared}".strip(), otherwise=here)
    return done(request, words, otherwise=here, undo=here, fields={"do": "stop" if what == "start" else "start"})


@login_required
@require_POST
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an article out of the history (`kept` is no), or put it back where it was (yes; `first_at` and `at`)."""
    count(somebody(request), "history", limit=CHANGES_PER_MINUTE, seconds=60)
    user, now, here = user_of(request), timezone.now(), reverse("history")
    path = reverse("visit", args=[within_bigint(pk)])
    if request.POST.get("kept") == "yes":
        if not Article.objects.filter(pk=pk).exists():
            raise Http404
        at = earlier(request.POST.get("at", ""), now)
        histories.remember(user, pk, first_at=earlier(request.POST.get("first_at", ""), at), at=at)
        return done(request, _("It is in your history again."), otherwise=here, undo=path, fields={"kept": "no"})
    gone = histories.forget(user, pk)
    words = _("It is no longer in your history.")
    if gone is None:  # the second press of a double click
        return done(request, words, otherwise=here)
    fields = {"kept": "yes", "first_at": gone.first_at.isoformat(), "at": gone.at.isoformat()}
    return done(request, words, otherwise=here, undo=path, fields=fields)


@login_required
@require_POST
def read_up_to(request: HttpRequest) -> HttpResponse:
    """Be through with a list (`scope`) up to the `moment` its newest article was published; `back` takes that back:
    the moment of before counts again, or none where it is empty.
    """
    count(somebody(request), "read-up-to", limit=CHANGES_PER_MINUTE, seconds=60)
    user, now, scope = user_of(request), timezone.now(), request.POST.get("scope", "")
    if not reading_marks.is_scope(scope):
        raise BadRequest("There is no such list.")
    here = reverse("latest")
    if "back" in request.POST:
        said = request.POST["back"]
        reading_marks.go_back_to(user, scope, earlier(said, now) if said else None)
        return done(request, _("As it was before."), otherwise=here)
    moment = earlier(request.POST.get("moment", ""), now)
    before = reading_marks.read_up_to(user, scope, moment)
    words = _("All of this list up to %(moment)s counts as read.") % {
        "moment": short_moment(moment, preferences_of(request).zone)
    }
    fields = {"scope": scope, "back": before.isoformat() if before else ""}
    return done(request, words, otherwise=here, undo=reverse("read_up_to"), fields=fields)
