"""Many sources in at once: a catalogue as CSV or OPML becomes Sources and Feeds. Loading twice changes nothing."""

import codecs
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from feeds.canonical import canonical_url
from feeds.catalogues.csv_files import read_csv
from feeds.catalogues.loading import ADDED, UNCHANGED, UPDATED, Loader, one_at_a_time
from feeds.catalogues.rows import NotACatalogue, Row
from feeds.errors import AddressRefused
from feeds.formats.characters import without_forbidden
from feeds.models import Category, Country
from feeds.net.addresses import parse_address
from feeds.net.settings import FetchSettings, fetch_settings
from feeds.sandbox import sandbox

__all__ = ["Loaded", "NotACatalogue", "Row", "load", "read_catalogue"]

MAX_BYTES = 2 * 1024 * 1024
LONGEST_ADDRESS, LONGEST_SITE_URL = 2_000, 500  # characters of Feed.url and Source.site_url
REPEATED, REFUSED = "repeated", "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row. what: added, updated, unchanged, repeated or refused; sentence: why, or a remark."""

    line: int
    name: str
    feed_url: str
    what: str
    sentence: str = ""


@dataclass(slots=True)
class Loaded:
    """What loading did, row by row in the order of the file."""

    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def added(self) -> list[str]:
        return self._addresses(ADDED)

    @property
    def updated(self) -> list[str]:
        return self._addresses(UPDATED)

    @property
    def unchanged(self) -> list[str]:
        return self._addresses(UNCHANGED)

    @property
    def refused(self) -> dict[str, str]:
        """Address, or line where there is none → why, in a sentence."""
        return {
            outcome.feed_url or f"line {outcome.line}": f"Line {outcome.line}: {outcome.sentence}"
            for outcome in self.outcomes
            if outcome.what == REFUSED
        }

    @property
    def counts(self) -> Counter[str]:
        return Counter(outcome.what for outcome in self.outcomes)

    def report(self) -> dict[str, Any]:
        """The report of `load_sources --json`."""
        remarked = [outcome for outcome in self.outcomes if outcome.sentence and outcome.what != REFUSED]
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "remarks": {outcome.feed_url: f"Line {outcome.line}: {outcome.sentence}" for outcome in remarked},
        }

    def _addresses(self, what: str) -> list[str]:
        return [outcome.feed_url for outcome in self.outcomes if outcome.what == what]


def read_catalogue(content: bytes, name: str) -> list[Row]:
    """Read the rows of a .csv or .opml file. Raises NotACatalogue with a sentence."""
    if len(content) > MAX_BYTES:
        raise NotACatalogue(f"{name} is larger than {MAX_BYTES // 2**20} MB. Split it and load the parts.")
    if not content.strip(b"\xef\xbb\xbf\0 \t\r\n"):
        raise NotACatalogue(f"{name} is empty.")
    start = content[:16].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if start.startswith(b"<"):
        from feeds.catalogues.opml import read_opml  # noqa: PLC0415  with lxml, which the web process else does without

        return sandbox().call(read_opml, content)
    if is_binary(content):
        raise NotACatalogue(f"{name} holds binary data (a picture, an archive, …), no list of feeds in OPML or CSV.")
    return list(read_csv(content))


def is_binary(content: bytes) -> bool:
    """Whether these bytes are no text: they hold NUL and are neither UTF-16, which says so, nor UTF-8.

    A NUL in a row of a text is a fault of that row.
    """
    if b"\0" not in content or content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return b"\0" in content.partition(b"\n")[0]


@transaction.atomic
def load(rows: Iterable[Row], *, is_trial: bool = False) -> Loaded:
    """Make or update the source and feed of each row. What a curator set (pause, display) stays.

    is_trial: say what would be done, and leave everything as it was
    """
    one_at_a_time()
    outcomes: dict[int, Outcome] = {}
    good = dict(sift(list(rows), outcomes))
    for place, (what, sentence) in Loader(good).load().items():
        row = good[place]
        said = " ".join(filter(None, [sentence, row.remark if what == ADDED else ""]))
        outcomes[place] = Outcome(row.line, row.name, row.feed_url, what, said)
    if is_trial:
        transaction.set_rollback(True)
    return Loaded([outcomes[place] for place in sorted(outcomes)])


def sift(rows: Sequence[Row], outcomes: dict[int, Outcome]) -> Iterator[tuple[int, Row]]:
    """Yield the rows that can be loaded, with their places; note of the others why not."""
    countries = set(Country.objects.values_list("pk", flat=True))
    categories = list(Category.objects.values_list("pk", flat=True))
    guard = fetch_settings()
    lines: dict[str, int] = {}
    for place, row in enumerate(rows):
        if reason := reason_against(row, countries, categories, guard):
            outcomes[place] = Outcome(row.line, row.name, row.feed_url, REFUSED, reason)
        elif row.feed_url in lines:
            reason = f"The same address stands in line {lines[row.feed_url]} already; that one holds."
            outcomes[place] = Outcome(row.line, row.name, row.feed_url, REPEATED, reason)
        else:
            lines[row.feed_url] = row.line
            yield place, replace(row, site_url=row.site_url if is_home_page(row.site_url) else "")


def reason_against(row: Row, countries: set[str], categories: Sequence[str], guard: FetchSettings) -> str:
    """Return what is wrong with a row, in a sentence; empty when nothing is."""
    spoken = row.name + row.language + row.source
    if row.fault:
        reason = row.fault
    elif not row.name or not row.feed_url:
        reason = "A name and a feed_url are needed."
    elif without_forbidden(spoken) != spoken:
        reason = "Its name or language holds characters that no text may."
    elif len(row.feed_url) > LONGEST_ADDRESS:
        reason = f"Its address is longer than {LONGEST_ADDRESS:,} characters."
    elif row.country and row.country not in countries:
        reason = f"{row.country!r} is not a country code of ISO 3166-1."
    elif row.category and row.category not in categories:
        reason = f"{row.category!r} is not one of our categories: {', '.join(categories)}."
    else:
        reason = reason_against_address(row.feed_url, guard)
    return reason


def reason_against_address(url: str, guard: FetchSettings) -> str:
    try:
        parse_address(url, allow=guard.allow, any_port=bool(guard.host_map))
    except AddressRefused as error:
        return error.reason
    return ""


def is_home_page(url: str) -> bool:
    """Say whether readers may be led to this address: it is an ordinary one of the web, not javascript: or junk."""
    return len(url) <= LONGEST_SITE_URL and bool(canonical_url(url))
