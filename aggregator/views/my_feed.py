"""A user's own list on the front page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.logged_in import user_of
from accounts.preferences import preferences_of
from aggregator import my_feed as feed
from aggregator.first_feed import wanted_to_begin
from aggregator.lists import Listing, explain_shown, preferences_for_list
from aggregator.views.lists import page_language, render_listing


@never_cache
@login_required
def my_feed(request: HttpRequest) -> HttpResponse:
    """The newest of all a user follows; before they follow anything, of their country or in their language."""
    found, wanted, is_followed = own_page(request)
    explain_shown(found.page.rows, request)
    return render_listing(
        request,
        "aggregator/my_feed.html",
        Listing(found.page, found.hidden, request.GET.get("after", ""), found.reached),
        section="front",
        is_followed=is_followed,
        countries=wanted.followed.countries,
    )


def own_page(request: HttpRequest) -> tuple[feed.Found, feed.Wanted, bool]:
    """The page of a user's own list that the request asks for, of what it is made, and whether they follow that."""
    wanted = feed.wanted_by(user_of(request))
    is_followed = wanted.has_any
    if not is_followed:
        wanted = wanted_to_begin(preferences_of(request).time_zone, page_language())
    after, preferences = request.GET.get("after", ""), preferences_for_list(request)
    return feed.page_of(wanted, preferences, after, now=timezone.now()), wanted, is_followed
