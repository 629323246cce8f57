"""What a reader chose, as one plain frozen value. A reader without account has the defaults and their cookies."""

from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest

THEMES = ("auto", "light", "dark")
TEXT_SIZES = ("small", "medium", "large", "larger", "largest")
TIME_ZONE_COOKIE, THEME_COOKIE, TEXT_SIZE_COOKIE = "tz", "theme", "text"


@dataclass(frozen=True, slots=True)
class Preferences:
    """time_zone: an IANA name. blocked: one tsquery over Article.tokens, or "" (keywords.md)."""

    time_zone: str = "UTC"
    theme: str = "auto"
    hidden_sources: frozenset[int] = frozenset()
    blocked: str = ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@cache
def time_zones() -> frozenset[str]:
    """The IANA names this machine knows; read from disk once."""
    return frozenset(available_timezones())


def is_time_zone(name: str) -> bool:
    return name in time_zones()


def preferences_of(request: HttpRequest) -> Preferences:
    """Return the preferences of whoever asks: their account's, else their cookies', else the site's."""
    user = getattr(request, "user", None)
    time_zone = getattr(user, "time_zone", "") or request.COOKIES.get(TIME_ZONE_COOKIE, "")
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return Preferences(
        time_zone=time_zone if is_time_zone(time_zone) else settings.TIME_ZONE,
        theme=theme if theme in THEMES else "auto",
    )


def in_templates(request: HttpRequest) -> dict[str, Preferences]:
    """Context processor: `preferences` in every template."""
    return {"preferences": preferences_of(request)}
