"""The forms by which a reader says how they want to read."""

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.choices import CHOICES, chosen_in, keep
from zisnews.answers import back_to


@csrf_exempt  # the form stands on every page: a token would set a cookie for readers who never use it
@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep what a reader chose: in a cookie; a user's choices in the account too.

    Takes `language` (a code of settings.LANGUAGES), `time_zone` (IANA name), `theme`, `text` (a size), `keys` (on or
    off) and `next` (where to go back to, on this site); raises BadRequest for others.
    """
    if not is_from_our_page(request):
        raise PermissionDenied
    chosen = {name: value for name, value in chosen_in(request.POST).items() if value and CHOICES[name].cookie}
    response = answer(request, {CHOICES[name].cookie: value for name, value in chosen.items()})
    keep(request, response, chosen)
    return response


def answer(request: HttpRequest, chosen: dict[str, str]) -> HttpResponse:
    """The page the reader came from; what was kept, where JSON is asked for."""
    if not request.accepts("text/html"):
        return JsonResponse(chosen)
    return HttpResponseRedirect(back_to(request, "/"), status=303)


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether a browser says that one of our own pages sent this; every current browser says one or the other."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.get_host()
    except ValueError:  # no address at all
        return False
