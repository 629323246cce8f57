"""Error pages of ours: a page for a browser, {"error": {"code", "message"}} for `Accept: application/json`."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from accounts.preferences import THEME_COOKIE, THEMES
from zisnews.limits import TooMany

# What psycopg2 says of a text with NUL in it, which no form of ours holds.
POSTGRES_TAKES_NO_NUL = "cannot contain NUL (0x00)"


def error_response(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """Answer with errors/<status>.html, or JSON where that is asked for."""
    if request.accepts("text/html"):
        return HttpResponse(plain_page(request, f"errors/{status}.html", message), status=status)
    return JsonResponse({"error": {"code": status, "message": message}}, status=status)


def plain_page(request: HttpRequest, template: str, message: str) -> str:
    """The HTML of a page that says one thing, in the reader's theme; made without the database and without a user."""
    theme = request.COOKIES.get(THEME_COOKIE)
    return loader.render_to_string(template, {"message": message, "theme": theme if theme in THEMES else "auto"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_response(request, 400, _("We could not understand this request."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_response(request, 403, _("You are not allowed to see this."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _("This form had expired. Go back, reload the page and send it again.")
    return error_response(request, 403, message)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_response(request, 404, _("There is nothing at this address."))


def too_large(request: HttpRequest) -> HttpResponse:
    return error_response(request, 413, _("We could not understand this request."))


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """allauth's answer to who tries too often; how long that is depends on what was tried."""
    response = error_response(request, 429, _("This was a little too often."))
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return error_response(request, 500, _("Something went wrong on our side. It has been noted."))


class ErrorPagesMiddleware:
    """Our page where Django has none: 405, 429 for too many, and 503 with Retry-After while a server restarts."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405:
            return response
        page = error_response(request, 405, _("This address can not be opened like a page."))
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooMany):
            response = error_response(request, 429, _("This was a little too often."))
            response["Retry-After"] = str(exception.retry_after)
            return response
        if isinstance(exception, ValueError) and POSTGRES_TAKES_NO_NUL in str(exception):
            return bad_request(request)
        if isinstance(exception, (IntegrityError, ObjectDoesNotExist)) and has_just_left(request):
            return permission_denied(request)
        if not isinstance(exception, (OperationalError, RedisError)):
            return None
        response = error_response(request, 503, _("We are back in a moment. Please try again."))
        response["Retry-After"] = "5"
        return response


def has_just_left(request: HttpRequest) -> bool:
    """Whether the account of who asks was erased since: in another tab, while this one was answered."""
    return request.user.is_authenticated and not type(request.user).objects.filter(pk=request.user.pk).exists()
