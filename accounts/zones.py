"""Time zones to choose from: one well-known city for each clock people live by."""

from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

ZONES = (
    "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Phoenix",
    "America/Chicago", "America/Mexico_City", "America/New_York", "America/Bogota", "America/Lima",
    "America/Halifax", "America/Caracas", "America/Santiago", "America/St_Johns", "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires", "Atlantic/Azores", "UTC", "Africa/Accra", "Africa/Casablanca",
    "Europe/London", "Europe/Lisbon", "Africa/Algiers", "Africa/Lagos", "Europe/Berlin", "Europe/Madrid",
    "Europe/Paris", "Europe/Rome", "Europe/Warsaw", "Africa/Cairo", "Africa/Johannesburg", "Asia/Beirut",
    "Asia/Jerusalem", "Europe/Athens", "Europe/Bucharest", "Europe/Helsinki", "Europe/Kyiv",
    "Africa/Nairobi", "Asia/Baghdad", "Asia/Riyadh", "Europe/Istanbul", "Europe/Minsk", "Europe/Moscow",
    "Asia/Tehran", "Asia/Baku", "Asia/Dubai", "Asia/Tbilisi", "Asia/Yerevan", "Asia/Kabul", "Asia/Almaty",
    "Asia/Karachi", "Asia/Tashkent", "Asia/Yekaterinburg", "Asia/Colombo", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok", "Asia/Jakarta", "Asia/Novosibirsk",
    "Asia/Hong_Kong", "Asia/Manila", "Asia/Shanghai", "Asia/Singapore", "Australia/Perth", "Asia/Seoul",
    "Asia/Tokyo", "Australia/Adelaide", "Asia/Vladivostok", "Australia/Brisbane", "Australia/Sydney",
    "Pacific/Auckland", "Pacific/Fiji",
)  # fmt: skip


@cache
def country_of(zone: str) -> str:
    """The country (ISO code) whose people set their clocks by a zone, such as "FR"; "" for one of none, as UTC."""
    countries, newer = get_global("zone_territories"), get_global("zone_aliases")
    country = countries.get(zone) or countries.get(newer.get(zone, ""), "")
    return "" if country in {"ZZ", "001"} else country


def zones_to_choose(now: datetime, locale: Locale, chosen: str) -> tuple[tuple[str, str], ...]:
    """Return (IANA name, "Yerevan (UTC+4)") from west to east; `chosen` is among them even if it is none of ours."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return _labelled(hour, str(locale), chosen)


@lru_cache(maxsize=256)
def _labelled(hour: datetime, locale: str, chosen: str) -> tuple[tuple[str, str], ...]:
    # By city: a browser may call Asia/Kolkata by its older name Asia/Calcutta; the chosen name stands for both.
    by_city = {_city(name, locale): name for name in (*ZONES, chosen)}
    found = [(ZoneInfo(name).utcoffset(hour) or timedelta(), city, name) for city, name in by_city.items()]
    return tuple((name, _label(city, offset)) for offset, city, name in sorted(found))


def _city(name: str, locale: str) -> str:
    if name == "UTC":
        return name
    return get_timezone_location(ZoneInfo(name), locale=locale, return_city=True)


def _label(city: str, offset: timedelta) -> str:
    return city if city == "UTC" else f"{city} ({_offset(offset)})"


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
