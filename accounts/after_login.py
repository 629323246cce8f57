"""What somebody asked for before they logged in is done as soon as they have. One thing is kept; the last one counts.

An app says what it can do so: `@after_login("name")` before a function, in a module its AppConfig.ready imports. Its
view calls `ask_to_log_in` for a reader without account.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.models import User
from accounts.views import is_from_our_page
from zisnews.limits import count, somebody

KEY = "after_login"
KEPT_PER_HOUR = 60  # of one address: each may begin a session

Deed = Callable[[HttpRequest, User, Mapping[str, Any]], None]
deeds: dict[str, Deed] = {}


def after_login(name: str) -> Callable[[Deed], Deed]:
    """Let a function do what was kept under this name. What it is to be done to may have left meanwhile."""

    def keep(deed: Deed) -> Deed:
        deeds[name] = deed
        return deed

    return keep


def ask_to_log_in(request: HttpRequest, name: str, what: Mapping[str, Any], *, back: str, words: str) -> HttpResponse:
    """Keep what was asked for, and lead to the page to log in, from there to `back`. 401 with `words` for a program.

    what: plain values, as a session can hold them. Raises PermissionDenied for a form of another site.
    """
    if not is_from_our_page(request):
        raise PermissionDenied
    count(somebody(request), "kept-for-login", limit=KEPT_PER_HOUR, seconds=3600)
    if not request.accepts("text/html"):
        return JsonResponse({"error": {"code": 401, "message": words}}, status=401)
    request.session[KEY] = {"name": name, "what": dict(what)}
    return redirect_to_login(back, settings.LOGIN_URL)


@receiver(user_logged_in)
def do_what_was_kept(request: HttpRequest, user: User, **signal: Any) -> None:
    kept = request.session.pop(KEY, None) if hasattr(request, "session") else None
    if kept and (deed := deeds.get(kept["name"])):
        deed(request, user, kept["what"])
