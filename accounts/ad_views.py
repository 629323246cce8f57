"""Following an ad, and putting the overlay away."""

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from redis import RedisError

from accounts.ad_counts import note_click
from accounts.models import Ad
from accounts.views import is_from_our_page
from zisnews.answers import back_to
from zisnews.limits import somebody
from zisnews.visitors import is_by_person

CLOSED_COOKIE, CLOSED = "ad", "closed"
CLOSED_SECONDS = 86_400
DOUBLE_CLICK_SECONDS = 30


@require_safe
@never_cache
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to where an ad leads: to the address a curator stored, whatever the request says."""
    ad = get_object_or_404(Ad.objects.only("link"), pk=pk)
    if is_by_person(request) and not is_repeated(request, pk):
        note_click(pk, timezone.now())
    return HttpResponseRedirect(ad.link)


def is_repeated(request: HttpRequest, pk: int) -> bool:
    """Whether this is the second press of a double click. Forgotten after half a minute."""
    try:
        return not cache.add(f"ad-followed:{pk}:{somebody(request)}", 1, timeout=DOUBLE_CLICK_SECONDS)
    except (RedisError, OSError, PermissionDenied):
        return False


@csrf_exempt  # the form stands on pages of readers without account: a token would set a cookie
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Show no overlay in this browser for a day."""
    if not is_from_our_page(request):
        raise PermissionDenied
    response: HttpResponse = HttpResponseRedirect(back_to(request, "/"), status=303)
    if not request.accepts("text/html"):
        response = JsonResponse({"closed": True})
    response.set_cookie(CLOSED_COOKIE, CLOSED, max_age=CLOSED_SECONDS, secure=settings.IS_HTTPS, samesite="Lax")
    return response
