"""Articles of a story in a line each, for the tests of aggregator.comparing."""

from datetime import UTC, datetime, timedelta
from itertools import count

from aggregator.comparing.tellings import Telling

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_serial = count(1)


def telling(text: str = "", country: str = "GB", source: str = "", *, title: str = "", **fields) -> Telling:
    """An article; each of a source of its own unless named, in English, at noon."""
    number = next(_serial)
    given = {"article": number, "language": "en", "published_at": NOON, **fields}
    return Telling(source=source or f"source {number}", country=country, title=title, text=text, **given)


def hours(after: float) -> datetime:
    return NOON + timedelta(hours=after)
