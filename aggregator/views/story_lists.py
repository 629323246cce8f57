"""The lists of stories."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.models import User
from aggregator.followed_stories import followed_among
from aggregator.growing import HOURS
from aggregator.lists import preferences_for_list
from aggregator.silences import LARGE, polled_lately, silent_countries
from aggregator.told import Asked, Side, read_side, told_page
from aggregator.views.lists import page_language
from aggregator.views.matrix import category_asked
from feeds.models import Country


def stories(request: HttpRequest) -> HttpResponse:
    """Stories as ?side= asks: those most countries tell, growing fastest, told by one side only, or with ?country=
    those that its sources have nothing on. All of one ?category= and of one ?country=, or of all.
    """
    asked, now = asked_by(request), timezone.now()
    context = {
        "section": "stories",
        "asked": asked,
        "side": asked.side,
        "category": asked.category,
        "country": asked.country,
        "countries": told_from(),
        "hours": HOURS,
    }
    if asked.side == Side.SILENT:
        context |= {"large": LARGE, "polled": polled_lately(now).get(asked.country, 0)}
    if asked.side == Side.SILENT and not asked.country:
        context["silent"] = silent_countries(asked.category, now)
    else:
        preferences, after = preferences_for_list(request), request.GET.get("after", "")
        listing = told_page(asked, preferences, after=after, language=page_language(), now=now)
        context["listing"] = listing
        if isinstance(request.user, User):
            context["followed"] = followed_among(request.user, [story.pk for story in listing.page.rows])
    return render(request, "aggregator/stories.html", context)


def asked_by(request: HttpRequest) -> Asked:
    """What the address asks for; Http404 for a category or country there is not."""
    iso = request.GET.get("country", "").upper()
    country = get_object_or_404(Country, pk=iso).pk if iso else ""
    return Asked(read_side(request.GET.get("side", "")), category_asked(request), country)


def told_from() -> list[str]:
    """The codes of the countries that have a source."""
    return list(Country.objects.filter(sources__isnull=False).distinct().values_list("pk", flat=True))
