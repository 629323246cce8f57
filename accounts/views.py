"""The forms by which a reader says how they want to read."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.views import PasswordResetView
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.preferences import (
    TEXT_SIZE_COOKIE,
    TEXT_SIZES,
    THEME_COOKIE,
    THEMES,
    TIME_ZONE_COOKIE,
    is_time_zone,
)
from zisnews.answers import back_to

YEAR_SECONDS = 365 * 24 * 3600


class PasswordReset(PasswordResetView):
    """Allauth's, which promises a mail; where none can be sent, the page says so instead."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.EMAIL_IS_CONFIGURED:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"can_send_mail": settings.EMAIL_IS_CONFIGURED}


@csrf_exempt  # the form stands on every page: a token would set a cookie for readers who never use it
@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep what a reader chose: in a cookie; a user's language and zone in the account too.

    Takes `language` (a code of settings.LANGUAGES), `time_zone` (IANA name), `theme`, `text` (a size) and `next` (where
    to go back to, on this site); raises BadRequest for others.
    """
    if not is_from_our_page(request):
        raise PermissionDenied
    chosen: dict[str, str] = {}
    if theme := request.POST.get("theme"):
        chosen[THEME_COOKIE] = one_of(theme, theme in THEMES)
    if size := request.POST.get("text"):
        chosen[TEXT_SIZE_COOKIE] = one_of(size, size in TEXT_SIZES)
    if zone := request.POST.get("time_zone"):
        chosen[TIME_ZONE_COOKIE] = one_of(zone, is_time_zone(zone))
        keep_in_account(request, time_zone=zone)
    if language := request.POST.get("language"):
        chosen[settings.LANGUAGE_COOKIE_NAME] = one_of(language, language in dict(settings.LANGUAGES))
        keep_in_account(request, language=language)
    response = answer(request, chosen)
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=YEAR_SECONDS, secure=settings.IS_HTTPS, samesite="Lax")
    return response


def keep_in_account(request: HttpRequest, **choice: str) -> None:
    """Make a choice the user's own, wherever they log in; a reader without account has the cookie."""
    if request.user.is_authenticated:
        for field, value in choice.items():
            setattr(request.user, field, value)
        request.user.save(update_fields=list(choice))


def answer(request: HttpRequest, chosen: dict[str, str]) -> HttpResponse:
    """The page the reader came from; what was kept, where JSON is asked for."""
    if not request.accepts("text/html"):
        return JsonResponse(chosen)
    return HttpResponseRedirect(back_to(request, "/"), status=303)


def one_of(value: str, is_known: bool) -> str:
    if not is_known:
        raise BadRequest("Not one of the choices.")
    return value


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether a browser says that one of our own pages sent this; every current browser says one or the other."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.get_host()
    except ValueError:  # no address at all
        return False
