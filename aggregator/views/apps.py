"""The settings of what reads a user's lists besides the browser: addresses made, named and revoked."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.logged_in import user_of
from accounts.models import PrivateFeed
from accounts.private_feeds import MOST_FEEDS, CannotMake, feeds_of, make, rename, set_revoked, ticket_for_form
from aggregator.views.lists import within_bigint
from zisnews.answers import done, refused
from zisnews.limits import count, somebody
from zisnews.site_address import absolute

MADE_PER_HOUR, CHANGES_PER_MINUTE = 30, 60


@never_cache
@login_required
def apps(request: HttpRequest) -> HttpResponse:
    """A user's private addresses. A POST of `name` and `ticket` makes one and shows it, this one time.

    It is shown by the answer itself and not by a page one is led to: for that the secret would have to be kept.
    """
    user = user_of(request)
    context: dict[str, Any] = {}
    if request.method == "POST":
        count(somebody(request), "private-feeds-made", limit=MADE_PER_HOUR, seconds=3600)
        try:
            made, token = make(user, request.POST.get("name", ""), request.POST.get("ticket", ""), timezone.now())
        except CannotMake as error:
            return refused(request, str(error), otherwise=reverse("apps"))
        places = {"feed": "private_front", "saved": "private_saved", "opml": "private_opml"}
        context = {"made": made} | {
            name: absolute(request, reverse(place, args=[token])) for name, place in places.items()
        }
    feeds = list(feeds_of(user))
    context |= {"feeds": feeds, "ticket": ticket_for_form(), "has_room": len(feeds) < MOST_FEEDS}
    return render(request, "settings/apps.html", context)


@never_cache
@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an address another `name`, or let it be worth nothing: `revoked` is yes, or no to take that back."""
    user, here = user_of(request), reverse("apps")
    count(somebody(request), "private-feed-changes", limit=CHANGES_PER_MINUTE, seconds=60)
    feed = get_object_or_404(PrivateFeed, user=user, pk=within_bigint(pk))
    undo = reverse("private_feed", args=[feed.pk])
    if "name" in request.POST:
        before = rename(feed, request.POST["name"])
        words = _("It is called “%(name)s” now.") % {"name": feed.name}
        return done(request, words, otherwise=here, undo=undo, fields={"name": before})
    is_wanted = request.POST.get("revoked")
    if is_wanted not in {"yes", "no"}:
        raise BadRequest("revoked is yes or no.")
    try:
        set_revoked(user, feed.pk, is_wanted == "yes", timezone.now())
    except CannotMake as error:
        return refused(request, str(error), otherwise=here)
    if is_wanted == "no":
        return done(request, _("“%(name)s” can read your lists again.") % {"name": feed.name}, otherwise=here)
    words = _("“%(name)s” can read your lists no longer.") % {"name": feed.name}
    return done(request, words, otherwise=here, undo=undo, fields={"revoked": "no"})
