"""Times in templates: how long ago, and the full moment in the reader's zone."""

from datetime import date, datetime, time
from functools import cache, lru_cache
from html import escape
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import DateTimePattern, format_date, get_timezone_location, parse_pattern
from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from accounts.preferences import Preferences
from aggregator.models import Article
from aggregator.source_clocks import own_zone
from aggregator.templatetags.places import page_locale

register = template.Library()

WEEK = 7 * 24 * 60 * 60  # seconds


@register.simple_tag(takes_context=True)
def age(context: Context, moment: datetime) -> SafeString:
    """<time>2 h</time>, with the full moment on hover."""
    return time_ago(moment, reader_zone(context))


@register.simple_tag(takes_context=True)
def full(context: Context, moment: datetime) -> SafeString:
    """<time>Jan 14, 2026 21:29 IST</time>"""
    zone = reader_zone(context)
    return mark_safe(f"{_opening('full', moment, zone, _language())}{escape(full_moment(moment, zone))}</time>")  # noqa: S308


@register.simple_tag(takes_context=True)
def short(context: Context, moment: datetime) -> SafeString:
    """<time>Jan 14, 21:29</time>, with the full moment on hover."""
    return mark_safe(short_time(moment, reader_zone(context), _language()))  # noqa: S308  escaped below


@register.simple_tag(takes_context=True)
def own_time(context: Context, article: Article) -> str:
    """Such as "Jan 14, 2026 18:59 MSK, Moscow" where an article's source lives by another clock than the reader."""
    zone = own_zone(article.source.country_id, reader_zone(context), article.published_at)
    if zone is None:
        return ""
    city = get_timezone_location(zone, locale=page_locale(), return_city=True)
    return f"{full_moment(article.published_at, zone)}{_comma(_language())} {city}"


@register.simple_tag(takes_context=True)
def today(context: Context) -> str:
    """Today's date as a newspaper prints it, in the reader's zone."""
    return format_date(timezone.now().astimezone(reader_zone(context)), "full", locale=page_locale())


@register.filter
def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def reader_zone(context: Context) -> ZoneInfo:
    """The zone of whoever reads the page; UTC on a page without a reader (an error page)."""
    preferences = context.get("preferences") or Preferences()
    return preferences.zone


def age_in_words(moment: datetime, now: datetime, zone: ZoneInfo, language: str = "") -> str:
    """Such as "5 min", "2 h", "3 d"; the date from a week on. A moment in the future counts as now.

    language: of the page, where it is known: to ask for it thirty times a page takes time
    """
    passed = (now - moment).total_seconds()
    if passed < WEEK:
        return _in_units(max(0, int(passed // 60)), language or _language())
    return _day(moment, zone, now.astimezone(zone).year, language or _language())


@lru_cache(maxsize=16_384)  # a week has ten thousand minutes
def _in_units(minutes: int, language: str) -> str:
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return _("%(count)d min") % {"count": minutes}
    if minutes < 60 * 24:
        return _("%(count)d h") % {"count": minutes // 60}
    return _("%(count)d d") % {"count": minutes // (60 * 24)}


def time_ago(moment: datetime, zone: ZoneInfo, now: datetime | None = None, language: str = "") -> SafeString:
    """<time>2 h</time>, with the full moment on hover. language: of the page, where it is known"""
    language = language or _language()
    words = age_in_words(moment, now or timezone.now(), zone, language)
    return SafeString(f"{_opening('age', moment, zone, language)}{escape(words)}</time>")


def full_moment(moment: datetime, zone: ZoneInfo, language: str = "") -> str:
    """Such as "Jan 14, 2026 21:29 IST". language: of the page, where it is known, as below"""
    here, language = moment.astimezone(zone), language or _language()
    return f"{_written('yMMMd', here.date(), language)} {_clock(here, language)} {zone_name(here)}"


def short_moment(moment: datetime, zone: ZoneInfo, language: str = "") -> str:
    """Such as "Jan 14, 21:29"."""
    here, language = moment.astimezone(zone), language or _language()
    return f"{_written('MMMd', here.date(), language)}{_comma(language)} {_clock(here, language)}"


def zone_name(here: datetime) -> str:
    """Of a moment by its own clock: such as "IST", or "UTC+4" where the zone has no letters (tz database: "+04")."""
    name = here.tzname() or ""
    if not name.startswith(("+", "-")):
        return name
    sign, hours, minutes = name[0], int(name[1:3]), name[3:5]
    return f"UTC{sign}{hours}" + (f":{minutes}" if minutes not in {"", "00"} else "")


def _clock(here: datetime, language: str) -> str:
    return _written("Hm", (here.hour, here.minute), language)


@cache
def _comma(language: str) -> str:
    """As the language of the page writes it, which is `language`."""
    return "،" if get_language_bidi() else ","


@lru_cache(maxsize=16_384)  # days and minutes of days are few beside moments
def _written(skeleton: str, part: date | tuple[int, int], language: str) -> str:
    """A day, or an hour and minute, in the language of the page, which is `language`."""
    locale = page_locale()
    return _pattern(skeleton, locale).apply(part if isinstance(part, date) else time(*part), locale)


@cache
def _pattern(skeleton: str, locale: Locale) -> DateTimePattern:
    return parse_pattern(locale.datetime_skeletons[skeleton])


def _language() -> str:
    return get_language() or "en"


# The same articles stand on page after page: writing their times anew was a fifth of each. What is kept is the same
# for all who read this language in this zone; `language` only tells what is kept for one from what is for another.
@lru_cache(maxsize=16_384)
def _opening(kind: str, moment: datetime, zone: ZoneInfo, language: str) -> str:
    """The opening tag of a moment, which says the full one on hover where what it holds does not."""
    hover = "" if kind == "full" else f' title="{escape(full_moment(moment, zone, language))}"'
    return f'<time datetime="{iso(moment)}" data-moment="{kind}"{hover}>'


@lru_cache(maxsize=16_384)
def _day(moment: datetime, zone: ZoneInfo, this_year: int, language: str) -> str:
    here = moment.astimezone(zone)
    return _written("MMMd" if here.year == this_year else "yMMMd", here.date(), language)


@lru_cache(maxsize=16_384)
def short_time(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """<time>Jan 14, 21:29</time>, with the full moment on hover. language: of the page"""
    return f"{_opening('short', moment, zone, language)}{escape(short_moment(moment, zone, language))}</time>"
