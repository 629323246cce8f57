"""Date texts as publishers write them → aware datetimes. Pure; never guesses what a text does not say."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from feeds.formats.months import MONTHS_BY_ENGLISH_NAME, month_of

EARLIEST_YEAR = 1970
LATEST_YEAR = 2200
BUDDHIST_ERA = 543  # years that Thailand counts more
LONGEST_DATE_TEXT = 120  # characters; a longer text is prose, not a date

# Abbreviations in use in feeds, minutes east of Greenwich. Where one stands for several zones, the one of
# the larger press is meant (IST is India's, BST Britain's, CST America's). UT to PDT are RFC 2822's (section 4.3).
_ZONE_MINUTES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
    "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "ET": -300, "AST": -240, "ADT": -180, "NST": -210,
    "NDT": -150, "AKST": -540, "AKDT": -480, "HST": -600, "BRT": -180, "ART": -180, "CLT": -240, "CLST": -180,
    "COT": -300, "PET": -300, "VET": -240, "BOT": -240, "UYT": -180, "WEST": 60, "BST": 60, "CET": 60,
    "MEZ": 60, "WAT": 60, "CEST": 120, "MESZ": 120, "EET": 120, "CAT": 120, "SAST": 120, "EEST": 180,
    "MSK": 180, "EAT": 180, "TRT": 180, "AMT": 240, "AZT": 240, "GET": 240, "SAMT": 240, "IRST": 210,
    "AFT": 270, "PKT": 300, "UZT": 300, "YEKT": 300, "IST": 330, "NPT": 345, "BDT": 360, "OMST": 360,
    "MMT": 390, "ICT": 420, "WIB": 420, "NOVT": 420, "KRAT": 420, "HKT": 480, "SGT": 480, "MYT": 480,
    "PHT": 480, "PHST": 480, "WITA": 480, "AWST": 480, "IRKT": 480, "JST": 540, "KST": 540, "WIT": 540,
    "YAKT": 540, "ACST": 570, "AEST": 600, "VLAT": 600, "ACDT": 630, "AEDT": 660, "NZST": 720, "NZDT": 780,
}  # fmt: skip

_RFC_2822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})\s+([A-Za-z]{3,9})\s+(\d{4})\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([+-]\d{4}|[A-Z]{1,5})?",
    re.ASCII,
)
_ISO = re.compile(
    r"(\d{4})([-/.]?)(\d\d)\2(\d\d)"
    r"(?:[T\s]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,12})?)?\s*(.*))?",
    re.ASCII | re.IGNORECASE,
)
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d\d)-?(\d)", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?", re.ASCII)
_EPOCH = re.compile(r"(\d{9,10})(\d{3})?(?:\.\d{1,9})?", re.ASCII)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.h時点시](?:\s?)(\d\d)(?:[:.分분]\s?(\d\d))?(?:\.\d{1,9})?(?![\d.])")
_HALF_OF_DAY = re.compile(r"\b([ap])\.?\s?m\b|(上午|午前|오전)|(下午|午後|오후)", re.IGNORECASE)
_OFFSET = re.compile(r"(?:\b(?:GMT|UTC)\s*)?([+-])(\d{1,2}):?(\d\d)?(?!\d)")
_ZONE_NAME = re.compile(r"\b([A-Z]{1,4}T|[A-Z]{2,5}|Z)\b")
_REGION = re.compile(r"\b([A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?)\b")
_VIETNAMESE = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2})(?:,|\s+năm)?\s+(\d{4})", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([-/.])\s?(\d{1,2})\2\s?(\d{1,4})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ\u0300-\u036f\u0900-\u0fff\u200c\u200d]*[^\W\d_]*)*")
_NUMBER = re.compile(r"\d+")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE
)


def parse_date(text: str, *, language: str = "") -> datetime | None:
    """The moment a feed's or a page's date text names, in the zone it says; None where it names none that can be told.

    language: BCP-47 tag of the document, or ""; settles names that are two months in two languages
              ("listopad") and the order of 03/04/2024, which is otherwise unreadable.
    A date without a time is its midnight, a time without a zone is UTC (RFC 2822, section 4.3, says the same
    of an unknown zone name). A month without a day, a day that does not exist and the zero of an epoch give None.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_DATE_TEXT:
        return None
    try:
        return _read_usual(text) or _read_iso(text) or _read_digits(text) or _read_words(text, language.lower())
    except (ValueError, OverflowError):
        return None


def _read_usual(text: str) -> datetime | None:
    """RFC 2822 in English: nearly every RSS feed."""
    found = _RFC_2822.fullmatch(text)
    if not found:
        return None
    day, name, year, hour, minute, second, zone = found.groups()
    month = MONTHS_BY_ENGLISH_NAME.get(name[:3].lower())
    if not month or (zone and zone[0] not in "+-" and zone not in _ZONE_MINUTES):
        return None
    return _moment((int(year), month, int(day)), (int(hour), int(minute), int(second or 0)), _usual_zone(zone))


def _usual_zone(zone: str | None) -> tzinfo:
    if not zone:
        return UTC
    if zone[0] in "+-":
        return _offset(zone[0], int(zone[1:3]), int(zone[3:5]))
    return timezone(timedelta(minutes=_ZONE_MINUTES[zone]))


def _read_iso(text: str) -> datetime | None:
    found = _ISO.fullmatch(text)
    if found:
        year, _, month, day, hour, minute, second, rest = found.groups()
        clock = (int(hour or 0), int(minute or 0), int(second or 0))
        return _moment((int(year), int(month), int(day)), clock, _zone_in(rest or ""))
    found = _ISO_WEEK.fullmatch(text)
    if found:
        return datetime.fromisocalendar(*map(int, found.groups())).replace(tzinfo=UTC)
    return None


def _read_digits(text: str) -> datetime | None:
    """20241001103000, or seconds or milliseconds since 1970."""
    found = _COMPACT.fullmatch(text)
    if found and EARLIEST_YEAR <= int(found[1]) <= LATEST_YEAR and int(found[2]) <= 12:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return _moment((year, month, day), (hour, minute, second), UTC)
    found = _EPOCH.fullmatch(text)
    if found:
        return datetime.fromtimestamp(int(found[1]), UTC)
    return None


def _read_words(text: str, language: str) -> datetime | None:
    """Any order of day, month by name or number, year, clock and zone, in any language and any digits."""
    text = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    date, rest = _numeric_date(text, language)
    found = _CLOCK.search(rest)
    clock = (0, 0, 0)
    zone: tzinfo = UTC
    if found:
        hour, minute, second = (int(part or 0) for part in found.groups())
        clock, zone = (_hour_of_day(hour, text), minute, second), _zone_in(rest[found.end() :])
        rest = rest[: found.start()] + " " + _OFFSET.sub(" ", rest[found.end() :])
    date = date or _named_date(rest, language)
    return _moment(date, clock, zone) if date else None


def _hour_of_day(hour: int, text: str) -> int:
    half = _HALF_OF_DAY.search(text)
    if not half or not 1 <= hour <= 12:
        return hour
    is_afternoon = bool(half[3]) or (half[1] or "").lower() == "p"
    return hour % 12 + (12 if is_afternoon else 0)


def _numeric_date(text: str, language: str) -> tuple[tuple[int, int, int] | None, str]:
    """(year, month, day) where it is all in numbers, and the text without it."""
    found = _EAST_ASIAN.search(text)
    if found:
        return (int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
    found = _VIETNAMESE.search(text)
    if found:
        return (int(found[3]), int(found[2]), int(found[1])), text[: found.start()] + " " + text[found.end() :]
    found = _NUMERIC.search(text)
    if not found:
        return None, text
    rest = text[: found.start()] + " " + text[found.end() :]
    return _in_order(found, language) or _by_weekday(found, rest), rest


def _in_order(found: re.Match[str], language: str) -> tuple[int, int, int] | None:
    first, mark, second, third = int(found[1]), found[2], int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return first, second, third
    if mark == "." and len(found[4]) == 2:
        return _century_of(third), second, first
    if len(found[4]) != 4:
        return None
    if mark == "." or first > 12 or first == second:
        return third, second, first
    if second > 12 or language == "en-us":
        return third, first, second
    return None if language in ("", "en") else (third, second, first)


def _by_weekday(found: re.Match[str], rest: str) -> tuple[int, int, int] | None:
    """Day and month where only the day of the week tells them apart: "Fri, 05/03/2019" was in May."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    names = {_WEEKDAYS.index(word[:3].lower()) for word in _WORD.findall(rest) if _WEEKDAY.fullmatch(word)}
    if len(found[4]) != 4 or len(names) != 1:
        return None
    orders = [(year, first, second), (year, second, first)]
    fitting = [order for order in orders if 1 <= order[1] <= 12 and datetime(*order, tzinfo=UTC).weekday() in names]
    return fitting[0] if len(fitting) == 1 else None


def _named_date(text: str, language: str) -> tuple[int, int, int] | None:
    """A day and a year around a month's name: "Oct 2, 2024", "2 de octubre de 2024", "02-Oct-24"."""
    month = _named_month(text, language)
    numbers = _NUMBER.findall(text)
    if not month or len(numbers) < 2:
        return None
    years = [number for number in numbers if len(number) == 4]
    if not years:
        if len(numbers) != 2:
            return None
        return _century_of(int(numbers[1])), month, int(numbers[0])
    days = [number for number in numbers if len(number) <= 2]
    return (int(years[0]), month, int(days[0])) if days else None


def _century_of(short: int) -> int:
    """The year of two digits; RFC 2822, section 4.3: 00–49 are this century's."""
    return short + (2000 if short < 50 else 1900)


def _named_month(text: str, language: str) -> int | None:
    words = [word.lower() for word in _WORD.findall(text)]
    for first, second in pairwise(words):
        month = month_of(f"{first} {second}", language)
        if month:
            return month
    for word in words:
        month = MONTHS_BY_ENGLISH_NAME.get(word) or month_of(word, language)
        if month:
            return month
    return None


def _zone_in(text: str) -> tzinfo:
    """The zone said after a clock; UTC where none is, or one nobody knows."""
    found = _OFFSET.search(text)
    if found:
        return _offset(found[1], int(found[2]), int(found[3] or 0))
    region = _REGION.search(text)
    if region:
        return _region(region[1])
    for name in _ZONE_NAME.findall(text.upper()):
        if name in _ZONE_MINUTES:
            return timezone(timedelta(minutes=_ZONE_MINUTES[name]))
    return UTC


def _offset(sign: str, hours: int, minutes: int) -> tzinfo:
    if hours > 15 or minutes > 59:
        raise ValueError("no place on earth is that far from Greenwich")
    return timezone((-1 if sign == "-" else 1) * timedelta(hours=hours, minutes=minutes))


@lru_cache(maxsize=256)
def _region(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        return UTC


def _moment(date: tuple[int, int, int], clock: tuple[int, int, int], zone: tzinfo) -> datetime | None:
    """Put the parts together. Raises ValueError for a day or a time that does not exist."""
    year, month, day = date
    if year - BUDDHIST_ERA > EARLIEST_YEAR:
        year -= BUDDHIST_ERA
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    hour, minute, second = clock
    is_end_of_day = (hour, minute, second) == (24, 0, 0)  # ISO 8601 lets a day end so
    local = datetime(year, month, day, 0 if is_end_of_day else hour, minute, min(second, 59), tzinfo=zone)
    moment = local + timedelta(days=1) if is_end_of_day else local
    offset = moment.utcoffset() or timedelta(0)
    # A fixed offset, not the region's rules: a plain value that compares, pickles and prints as what was said.
    return moment.replace(tzinfo=timezone(offset) if offset else UTC) if moment.timestamp() > 0 else None
