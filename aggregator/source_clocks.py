"""The clock that the readers of a source live by. Pure.

A feed's own offset is no guide to it: most give their times in UTC wherever they are. So it is the zone of the source's
country; where a country has several clocks, that of its capital, which is why it is always told with its city's name.
"""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from accounts.preferences import is_time_zone

# Countries whose people live by more than one clock, and Spain, Portugal, …, whose islands do.
_CAPITALS = {
    "AQ": "", "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty", "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "UM": "",
    "US": "America/New_York", "UZ": "Asia/Tashkent", "VN": "Asia/Ho_Chi_Minh",
}  # fmt: skip


@cache
def zone_of_country(iso: str) -> ZoneInfo | None:
    """Return the zone of a country's capital; None where it has none that is known."""
    zones = get_global("territory_zones").get(iso.upper(), [])
    name = _CAPITALS.get(iso.upper(), zones[0] if len(zones) == 1 else "")
    return ZoneInfo(name) if is_time_zone(name) else None


def own_zone(iso: str, reader: ZoneInfo, moment: datetime) -> ZoneInfo | None:
    """Return the zone of a source's country where its clocks show another time than the reader's at that moment."""
    zone = zone_of_country(iso)
    if zone is None or moment.astimezone(zone).utcoffset() == moment.astimezone(reader).utcoffset():
        return None
    return zone
