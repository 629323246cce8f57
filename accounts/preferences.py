"""What a reader chose, as one plain frozen value. A reader without account has the defaults and their cookies."""

from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.excluding import Beside, exclusions_of, exclusions_with_more
from accounts.models import Exclusions, User

THEMES = ("auto", "light", "dark")
TEXT_SIZES = ("small", "medium", "large", "larger", "largest")
DENSITIES = ("airy", "compact")
TIME_ZONE_COOKIE, THEME_COOKIE, TEXT_SIZE_COOKIE, KEYS_COOKIE = "tz", "theme", "text", "keys"


@dataclass(frozen=True, slots=True)
class Left:
    """What the keywords of a reader leave of the articles with ids above `since`, up to `until`.

    ids: as Postgres spells an array; but: articles among them that have to be asked for again
    """

    ids: str
    since: int
    until: int
    but: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Preferences:
    """time_zone: an IANA name. blocked: one tsquery over Article.tokens, or "" (keywords.md).

    hidden_languages: primary tags, as Article.language has them
    left: what `blocked` leaves, where that is known
    uses_keys: whether letters do something (static/js/keyboard.js)
    """

    time_zone: str = "UTC"
    theme: str = "auto"
    text_size: str = "medium"
    density: str = "airy"
    uses_keys: bool = True
    hidden_sources: frozenset[int] = frozenset()
    hidden_languages: frozenset[str] = frozenset()
    blocked: str = ""
    left: Left | None = None

    @property
    def excludes(self) -> bool:
        """Whether there is anything this reader does not want to see."""
        return bool(self.blocked or self.hidden_sources or self.hidden_languages)

    @property
    def hides_more_than_words(self) -> bool:
        """Whether something may be left out that no keyword asked for."""
        return bool(self.hidden_sources or self.hidden_languages)

    @property
    def knows_what_is_left(self) -> bool:
        """Whether it is enough, for most articles, to know their ids: nothing but words hides any, and those are few
        that words leave.
        """
        return self.left is not None and not self.hides_more_than_words

    @property
    def without_exclusions(self) -> "Preferences":
        """The same with everything shown."""
        return replace(self, hidden_sources=frozenset(), hidden_languages=frozenset(), blocked="", left=None)

    @property
    def digest(self) -> str:
        """Equal for readers who exclude the same, and telling nothing of what: a key for what is counted for them."""
        asked = self.blocked, sorted(self.hidden_sources), sorted(self.hidden_languages)
        return blake2b(repr(asked).encode(), digest_size=16).hexdigest()

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
    """Return the preferences of whoever asks: their account's, else their cookies', else the site's.

    They are looked up once for a request, however many parts of a page ask.
    """
    found: Preferences | None = getattr(request, "_preferences", None)
    if found is None:
        found = looked_up(request)
        request._preferences = found  # type: ignore[attr-defined]
    return found


def zone_of(user: User) -> ZoneInfo:
    """The zone of a reader's account, where no request is at hand; the site's where they chose none."""
    return ZoneInfo(known_zone(user.time_zone))


def known_zone(name: str) -> str:
    return name if is_time_zone(name) else settings.TIME_ZONE


def looked_up(request: HttpRequest) -> Preferences:
    user, cookies = getattr(request, "user", None), request.COOKIES
    plain = Preferences(
        time_zone=known_zone(getattr(user, "time_zone", "") or cookies.get(TIME_ZONE_COOKIE, "")),
        theme=first_of(THEMES, getattr(user, "theme", ""), cookies.get(THEME_COOKIE), "auto"),
        text_size=first_of(TEXT_SIZES, getattr(user, "text_size", ""), cookies.get(TEXT_SIZE_COOKIE), "medium"),
        density=first_of(DENSITIES, getattr(user, "density", ""), "airy"),
        uses_keys=getattr(user, "uses_keys", cookies.get(KEYS_COOKIE) != "off"),
    )
    if not isinstance(user, User):
        return plain
    if request.method != "GET":  # what it changes is to be asked for afterwards
        return with_exclusions(plain, user)
    found, request._beside = exclusions_with_more(user, timezone.now())  # type: ignore[attr-defined]
    return excluding(plain, found)


def beside_of(request: HttpRequest, user: User) -> Beside:
    """What was asked for with the preferences of whoever asks for a page; after a change, what is there now."""
    preferences_of(request)
    found: Beside | None = getattr(request, "_beside", None)
    return found or exclusions_with_more(user, timezone.now())[1]


def first_of(known: tuple[str, ...], *wished: str | None) -> str:
    """The first of the wishes that is known; the last always is."""
    return next(wish for wish in wished if wish in known)


def with_exclusions(preferences: Preferences, user: User) -> Preferences:
    return excluding(preferences, exclusions_of(user, timezone.now()))


def excluding(preferences: Preferences, found: Exclusions) -> Preferences:
    return replace(
        preferences,
        hidden_sources=frozenset(found.sources),
        hidden_languages=frozenset(found.languages),
        blocked=found.blocked,
        left=left_of(found),
    )


def left_of(exclusions: Exclusions) -> Left | None:
    if not exclusions.left_until:
        return None
    return Left(exclusions.left, exclusions.left_from, exclusions.left_until, tuple(exclusions.changed))


def in_templates(request: HttpRequest) -> dict[str, Preferences]:
    """Context processor: `preferences` in every template."""
    return {"preferences": preferences_of(request)}
