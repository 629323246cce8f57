"""How one reads: each choice, what may be chosen, and where it is kept: in the account, or in a cookie without one.

What stands in the account holds on every device. A cookie is set as well where there is one: it holds when nobody is
logged in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.preferences import (
    DENSITIES,
    KEYS_COOKIE,
    TEXT_SIZE_COOKIE,
    TEXT_SIZES,
    THEME_COOKIE,
    THEMES,
    TIME_ZONE_COOKIE,
    is_time_zone,
)

YEAR_SECONDS = 365 * 24 * 3600
ON, OFF = "on", "off"


@dataclass(frozen=True, slots=True)
class Choice:
    """field: of User; a bool is chosen as on or off. cookie: its name, "" where only an account has this choice."""

    field: str
    is_possible: Callable[[str], bool]
    cookie: str = ""
    is_switch: bool = False

    def of(self, user: User) -> str:
        """What the account holds, as a form sends it."""
        kept = getattr(user, self.field)
        return (ON if kept else OFF) if self.is_switch else kept

    def kept_as(self, value: str) -> str | bool:
        return value == ON if self.is_switch else value


def switch(field: str, cookie: str = "") -> Choice:
    return Choice(field, {ON, OFF}.__contains__, cookie, is_switch=True)


# By the names that forms send.
CHOICES: dict[str, Choice] = {
    "theme": Choice("theme", THEMES.__contains__, THEME_COOKIE),
    "text": Choice("text_size", TEXT_SIZES.__contains__, TEXT_SIZE_COOKIE),
    "density": Choice("density", DENSITIES.__contains__),
    "time_zone": Choice("time_zone", is_time_zone, TIME_ZONE_COOKIE),
    "language": Choice("language", lambda code: code in dict(settings.LANGUAGES), settings.LANGUAGE_COOKIE_NAME),
    "keys": switch("uses_keys", KEYS_COOKIE),
    "history": switch("keeps_history"),
    "comments": switch("filters_comments"),
}


def chosen_in(form: Mapping[str, str]) -> dict[str, str]:
    """The choices a form holds, by name; "" is "as the site or the device does it". Raises BadRequest for others."""
    found = {name: form[name] for name in CHOICES if name in form}
    for name, value in found.items():
        if not CHOICES[name].is_possible(value) and (value or CHOICES[name].is_switch):
            raise BadRequest("Not one of the choices.")
    return found


def keep_in_account(request: HttpRequest, **fields: object) -> None:
    """Make a choice the user's own, wherever they log in; a reader without account has the cookie."""
    if isinstance(request.user, User) and fields:
        for field, value in fields.items():
            setattr(request.user, field, value)
        request.user.save(update_fields=list(fields))


def set_cookies(response: HttpResponse, chosen: Mapping[str, str]) -> None:
    """Keep choices on this device."""
    for name, value in chosen.items():
        if not (cookie := CHOICES[name].cookie):
            continue
        if value:
            response.set_cookie(cookie, value, max_age=YEAR_SECONDS, secure=settings.IS_HTTPS, samesite="Lax")
        else:
            response.delete_cookie(cookie, samesite="Lax")


def keep(request: HttpRequest, response: HttpResponse, chosen: Mapping[str, str]) -> None:
    """Keep choices wherever this reader can have them."""
    fields = {CHOICES[name].field: CHOICES[name].kept_as(value) for name, value in chosen.items()}
    keep_in_account(request, **fields)
    set_cookies(response, chosen)
