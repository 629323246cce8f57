"""By what a search is narrowed: one source, country, category, language, a stretch of days; and how it is sorted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from aggregator.search.lexemes import any_of, of_category, of_country, of_language, of_source
from feeds.models import CATEGORY_NAMES, Source

RELEVANCE, DATE = "relevance", "date"
ISO_LENGTH = 2
FIRST_YEAR, LAST_YEAR = 1970, 2999
CHOSEN = ("source", "country", "category", "language", "from", "to")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for beside words; empty fields narrow nothing.

    country: an ISO code in capitals
    since, until: aware; from the first moment of one day to the first of another, in the reader's zone
    """

    HOLDS_ARTICLES: ClassVar = ()  # aggregator.page_marks need not look
    source: Source | None = None
    country: str = ""
    category: str = ""
    language: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sort: str = RELEVANCE

    @property
    def shelves(self) -> list[str]:
        """The lexemes in SearchDocument.words that all must be there."""
        found = []
        if self.source:
            found.append(of_source(self.source.pk))
        if self.country:
            found.append(of_country(self.country))
        if self.category:
            found.append(of_category(self.category))
        if self.language:
            found.append(of_language(self.language))
        return found

    @property
    def asked(self) -> list[str]:
        """The questions over SearchDocument.words that these filters put, each a tsquery."""
        return [any_of([shelf]) for shelf in self.shelves]

    @property
    def has_days(self) -> bool:
        return bool(self.since or self.until)

    @property
    def has_any(self) -> bool:
        return bool(self.source or self.country or self.category or self.language or self.has_days)


def read_filters(asked: Mapping[str, str], zone: ZoneInfo) -> tuple[Filters, list[str]]:
    """The filters of a query string (source, country, category, language, from, to, sort), and what was ignored."""
    notes: list[str] = []
    source, country = source_of(asked.get("source", ""), notes), asked.get("country", "").strip().upper()
    if country and not is_country(country):
        notes.append(_("No source of ours is in that country; the search was not narrowed to it."))
        country = ""
    category = asked.get("category", "")
    if category and category not in CATEGORY_NAMES:
        notes.append(_("There is no such category; the search was not narrowed to it."))
        category = ""
    since, until = day(asked.get("from", ""), zone, notes), day(asked.get("to", ""), zone, notes, is_end=True)
    if since and until and since >= until:
        notes.append(_("The first day is after the last; the days were ignored."))
        since = until = None
    return Filters(
        source=source,
        country=country,
        category=category,
        language=asked.get("language", "").strip().lower()[:12].replace("\0", ""),
        since=since,
        until=until,
        sort=DATE if asked.get("sort") == DATE else RELEVANCE,
    ), notes


def source_of(slug: str, notes: list[str]) -> Source | None:
    if not slug:
        return None
    found = Source.objects.filter(slug=slug).first() if "\0" not in slug else None
    if found is None:
        notes.append(_("There is no such source; the search was not narrowed to it."))
    return found


def is_country(iso: str) -> bool:
    is_code = len(iso) == ISO_LENGTH and iso.isascii() and iso.isalpha()
    return is_code and Source.objects.filter(country=iso).exists()


def day(written: str, zone: ZoneInfo, notes: list[str], *, is_end: bool = False) -> datetime | None:
    """The first moment of a day written as 2026-01-31, or of the day after it; None, with a note, for anything else."""
    if not written.strip():
        return None
    try:
        found = date.fromisoformat(written.strip())
        if found.year < FIRST_YEAR or found.year > LAST_YEAR:
            raise ValueError
        return datetime.combine(found + timedelta(days=is_end), time(), tzinfo=zone)
    except ValueError:
        notes.append(_("“%(text)s” is no date such as 2026-01-31; it was ignored.") % {"text": written[:20]})
        return None
