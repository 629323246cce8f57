"""The place of an ad in a page: empty, and without a trace, where there is none to show."""

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils import timezone
from django.utils.encoding import filepath_to_uri

from accounts.ad_views import CLOSED, CLOSED_COOKIE
from accounts.ads import HouseAd, ad_for, ads_in_force
from accounts.models import Slot
from accounts.preferences import preferences_of
from zisnews.visitors import is_by_person

register = template.Library()

PICTURE_WIDTHS = (320, 640, 1280)  # as feeds.pictures.shrink makes them
# Where somebody reads. Not where they log in, write to us, or want to know how we treat them.
READING = frozenset(
    {
        "front",
        "latest",
        "category",
        "countries",
        "country",
        "sources",
        "source",
        "stories",
        "story",
        "article",
        "search",
    }
)


@register.simple_tag(takes_context=True)
def house_ad(context: Context, slot: str) -> HouseAd | None:
    """The ad for a slot of this page, or None: for whoever is logged in always, for an overlay where it was closed."""
    request = context.get("request")
    user = getattr(request, "user", None)  # an error page may have neither
    if request is None or user is None or user.is_authenticated:
        return None
    if slot == Slot.OVERLAY:
        match = request.resolver_match
        if match is None or match.url_name not in READING or request.COOKIES.get(CLOSED_COOKIE) == CLOSED:
            return None
    now = timezone.now()
    if not hasattr(request, "_house_ads"):  # once a page, however many slots it has
        request._house_ads = ads_in_force(now)
    if not request._house_ads:
        return None
    chosen = ad_for(
        slot,
        preferences_of(request),
        request._house_ads,
        now,
        is_registered=user.is_authenticated,
        is_counted=is_by_person(request),
    )
    if chosen:  # whoever is shown this very page later is to be counted too
        request._ads_shown = [*getattr(request, "_ads_shown", ()), (chosen.pk, chosen.cap_per_day)]
    return chosen


@register.filter
def widths(ad: HouseAd) -> list[tuple[str, int]]:
    """(address, pixels) of every stored width of an ad's picture."""
    stored = [width for width in PICTURE_WIDTHS if width <= ad.picture_width] or [ad.picture_width]
    base = settings.MEDIA_URL
    return [(f"{base}{filepath_to_uri(ad.picture)}-{width}.webp", width) for width in stored]
