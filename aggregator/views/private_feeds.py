"""A reader's own lists for programs, at /feed/u/<secret>/…: every list that has a feed, as its reader sees it.

Whoever knows the address reads in the name of its owner, and can do nothing else. Nothing of it may stay with anybody
between us and them: the answers are private, unknown to robots, and no hub is told of them.
"""

from collections.abc import Callable
from copy import copy
from functools import partial, wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.logged_in import user_of
from accounts.private_feeds import owner_of
from aggregator.followables import Thing, address_of, feed_of, name_of
from aggregator.followed_lists import all_followed
from aggregator.kept_lists import kept_listing
from aggregator.models import Saved
from aggregator.syndication.entries import entry_of
from aggregator.views import syndication
from aggregator.views.my_feed import own_page
from aggregator.views.syndication import answer, answer_page, as_opml
from feeds.catalogues.opml_writing import write_opml
from feeds.catalogues.rows import Row
from feeds.models import GENERAL
from zisnews.limits import count, somebody
from zisnews.site_address import absolute

ASKED_PER_HOUR, WRONG_PER_MINUTE = 600, 30


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a list be seen with the eyes of whose secret is in the address; 404 where it is nobody's (any more)."""

    @wraps(view)
    @require_safe
    def with_owners_eyes(request: HttpRequest, token: str, **named: object) -> HttpResponse:
        feed = owner_of(token, timezone.now())
        if feed is None:
            count(somebody(request), "wrong-private-feeds", limit=WRONG_PER_MINUTE, seconds=60)
            raise Http404
        count(f"private-feed-{feed.pk}", "private-feeds", limit=ASKED_PER_HOUR, seconds=3600)
        # A copy: what wraps the request goes on knowing who really asked, be they logged in or not.
        theirs = copy(request)
        theirs.user = feed.user
        theirs.__dict__.pop("_preferences", None)
        with translation.override(feed.user.language or settings.LANGUAGE_CODE):
            response = view(theirs, **named)
        patch_cache_control(response, private=True, no_cache=True)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return with_owners_eyes


def my_feed(request: HttpRequest) -> HttpResponse:
    found, _wanted, _is_followed = own_page(request)
    return answer_page(request, _("My feed"), f"{reverse('front')}?feed=mine", found.page)


def saved(request: HttpRequest) -> HttpResponse:
    listing = kept_listing(Saved.objects.filter(user=user_of(request)), request)
    entries = [entry_of(article, partial(absolute, request)) for article in listing.articles]
    return answer(request, _("Saved"), reverse("saved"), entries, following=listing.page.next)


def following(request: HttpRequest) -> HttpResponse:
    """The list My feed and one for each thing its reader follows, as OPML: a reader program takes them all at once."""
    assert request.resolver_match is not None
    root = reverse("private_front", args=[request.resolver_match.kwargs["token"]])
    named = [(_("My feed"), root, f"{reverse('front')}?feed=mine")]
    named += [(name_of(thing), beside(root, thing), address_of(thing)) for thing in all_followed(user_of(request))]
    rows = [
        Row(
            line=line,
            name=f"{name} · ZisNews",
            feed_url=absolute(request, feed),
            site_url=absolute(request, page),
            category=GENERAL,
        )
        for line, (name, feed, page) in enumerate(named, start=1)
    ]
    return as_opml(write_opml(rows, title="ZisNews", now=timezone.now()), "zisnews-my-feed")


def beside(root: str, thing: Thing) -> str:
    """The private feed of a thing: what its feed for everybody is called, under the reader's own address."""
    return root + feed_of(thing).removeprefix(reverse("feed_front"))


# Under /feed/u/<secret>/: what it shows, by its name and its place, which is that of the feed for everybody.
LISTS: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
    "private_front": ("", my_feed),
    "private_saved": ("saved/", saved),
    "private_opml": ("following.opml", following),
    "private_top": ("top/", syndication.front),
    "private_latest": ("latest/", syndication.latest),
    "private_category": ("category/<slug:slug>/", syndication.category),
    "private_country": ("country/<slug:iso>/", syndication.country),
    "private_source": ("source/<slug:slug>/", syndication.source),
    "private_story": ("story/<int:pk>/", syndication.story),
    "private_stories": ("stories/", syndication.stories),
    "private_search": ("search/", syndication.search),
}
urlpatterns = [path(f"feed/u/<slug:token>/{place}", private(view), name=name) for name, (place, view) in LISTS.items()]
