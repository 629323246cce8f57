"""What a feed says of its own polling, as its document has it → bounded values. Pure.

sy:updatePeriod is not read: the software of most sites writes "hourly" for everybody who never thought about it.
"""

from collections.abc import Iterable
from itertools import islice

from feeds.formats.plaintext import absolute
from feeds.items import FeedHints

LONGEST_TTL_SECONDS = 7 * 86_400
LONGEST_ADDRESS = 2_000
MOST_READ = 200  # hours, days or links that are looked at
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def hints(
    *,
    ttl: str = "",
    skip_hours: Iterable[str] = (),
    skip_days: Iterable[str] = (),
    links: Iterable[tuple[str, str]] = (),
    base: str,
) -> FeedHints:
    """The hints in these texts; what is unreadable or absurd is left out.

    ttl:   minutes (RSS 2.0)
    links: (rel, href), of which the first hub and the first self count
    """
    found: dict[str, str] = {}
    for relations, href in islice(links, MOST_READ):
        for relation in {"hub", "self"}.intersection(relations.lower().split()):
            address = absolute(href, base)
            if address and len(address) <= LONGEST_ADDRESS:
                found.setdefault(relation, address)
    return FeedHints(
        ttl_seconds=_ttl_seconds(ttl),
        skip_hours=_hours(skip_hours),
        skip_days=_days(skip_days),
        hub_url=found.get("hub", ""),
        topic_url=found.get("self", ""),
    )


def _ttl_seconds(text: str) -> int | None:
    minutes = _number(text)
    return min(minutes * 60, LONGEST_TTL_SECONDS) if minutes else None


def _hours(texts: Iterable[str]) -> tuple[int, ...]:
    """Hours of the day, 0-23; RSS 0.91 counted them from 1 to 24."""
    numbers = (_number(text) for text in islice(texts, MOST_READ))
    return tuple(sorted({number % 24 for number in numbers if number is not None and number <= 24}))


def _days(texts: Iterable[str]) -> tuple[int, ...]:
    names = (text.strip().lower() for text in islice(texts, MOST_READ))
    return tuple(sorted({_DAYS.index(name) for name in names if name in _DAYS}))


def _number(text: str) -> int | None:
    digits = text.strip()[:9]
    return int(digits) if digits.isascii() and digits.isdigit() else None
