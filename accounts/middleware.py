"""The language a user chose, on each of their devices; and where they are logged in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.sessions import note_seen


class AccountLanguageMiddleware:
    """Show whoever is logged in the pages in the language of their account, whatever the device's cookie says.

    The cookie is the device's: another may have set it, or they themselves before they chose otherwise elsewhere. What
    is chosen on a device while one is logged in goes into the account too (accounts.choices.keep), so the last choice
    holds on all of them; an account without one takes the device's. Who is not logged in costs nothing: without a
    session cookie nobody is asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            language = getattr(request.user, "language", "")
            if language in dict(settings.LANGUAGES):
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self.get_response(request)


class SessionsSeenMiddleware:
    """Keep the list of a reader's devices up to date (accounts.sessions)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        note_seen(request)
        return response
