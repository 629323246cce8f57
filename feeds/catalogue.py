"""Many sources in at once: a catalogue as CSV or OPML becomes Sources and Feeds. Loading twice changes nothing."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.text import slugify
from lxml import etree

from feeds.canonical import canonical_url
from feeds.errors import AddressRefused, FeedsError
from feeds.formats.xmltext import without_forbidden
from feeds.models import GENERAL, Category, Country, Feed, Source
from feeds.net.addresses import parse_address
from feeds.net.settings import FetchSettings, fetch_settings
from feeds.shelves import UNKNOWN_COUNTRY

MAX_BYTES = 2 * 1024 * 1024
LONGEST_ADDRESS, LONGEST_SITE_URL = 2_000, 500  # characters of Feed.url and Source.site_url
COLUMNS = ("name", "feed_url", "site_url", "country", "language", "category")
# Addresses a public check found dead: kept, so that nobody adds them again, but not asked.
DEAD = "dead"


class NotACatalogue(FeedsError):
    """The file is neither a CSV with our columns nor OPML; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One feed as a catalogue names it. line: where, for the report."""

    line: int
    name: str
    feed_url: str
    site_url: str = ""
    country: str = UNKNOWN_COUNTRY
    language: str = "und"
    category: str = GENERAL
    status: str = ""

    @property
    def publisher(self) -> tuple[str, str, str]:
        """What the feeds of one publisher share: host, country and the first telling word of the name."""
        words = [word for word in self.name.lower().split() if word != "the"] or [self.name.lower()]
        host = urlsplit(self.site_url or self.feed_url).hostname or ""
        return host.removeprefix("www."), self.country, words[0]


@dataclass(slots=True)
class Loaded:
    """What loading did, by feed address; refused: address → why, in a sentence."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def read_catalogue(content: bytes, name: str) -> list[Row]:
    """Read the rows of a .csv or .opml file. Raises NotACatalogue with a sentence."""
    if len(content) > MAX_BYTES:
        raise NotACatalogue(f"{name} is larger than {MAX_BYTES // 2**20} MB. Split it and load the parts.")
    is_opml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return list(read_opml(content) if is_opml else read_csv(content))


def read_csv(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
        header = text.partition("\n")[0]
        # Spreadsheets of countries that write decimals with a comma part columns by semicolons.
        delimiter = max(",;\t", key=header.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
        if missing:
            raise NotACatalogue(f"The CSV lacks the columns {', '.join(missing)}. It needs {', '.join(COLUMNS)}.")
        for line, values in enumerate(reader, start=2):
            fields = {column: (values.get(column) or "").strip() for column in (*COLUMNS, "status")}
            fields["country"] = fields["country"].upper() or UNKNOWN_COUNTRY
            yield Row(line, **{**fields, "category": fields["category"] or GENERAL})
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotACatalogue(f"The file is not CSV in UTF-8: {error}.") from error


def read_opml(content: bytes) -> Iterator[Row]:
    """Read each outline that has an xmlUrl. A DOCTYPE is refused: lxml would expand its entities."""
    if b"<!DOCTYPE" in content[:4096].upper():
        raise NotACatalogue("The OPML has a DOCTYPE, which we do not read. Remove that line.")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise NotACatalogue(f"The OPML is not well-formed XML: {error}.") from error
    for outline in root.iter("outline"):
        url = outline.get("xmlUrl", "").strip()
        if url:
            name = outline.get("title") or outline.get("text") or url
            site_url = outline.get("htmlUrl", "").strip()
            yield Row(outline.sourceline or 0, name.strip(), url, site_url, language=outline.get("language") or "und")


@transaction.atomic
def load(rows: Iterable[Row]) -> Loaded:
    """Make or update the source and feed of each row. What a curator set (pause, display) stays."""
    loaded = Loaded()
    countries, categories = (
        set(Country.objects.values_list("pk", flat=True)),
        set(Category.objects.values_list("pk", flat=True)),
    )
    guard = fetch_settings()
    good = []
    for row in rows:
        if reason := reason_against(row, countries, categories, guard):
            loaded.refused[row.feed_url or f"line {row.line}"] = f"Line {row.line}: {reason}"
        else:
            good.append(replace(row, site_url=row.site_url if is_home_page(row.site_url) else ""))
    for _publisher, group in groupby(sorted(good, key=lambda row: row.publisher), key=lambda row: row.publisher):
        load_publisher(list(group), loaded)
    return loaded


def reason_against(row: Row, countries: set[str], categories: set[str], guard: FetchSettings) -> str:
    """Return what is wrong with a row, in a sentence; empty when nothing is."""
    spoken = row.name + row.language
    if not row.name or not row.feed_url:
        reason = "A name and a feed_url are needed."
    elif without_forbidden(spoken) != spoken:
        reason = "Its name or language holds characters that no text may."
    elif len(row.feed_url) > LONGEST_ADDRESS:
        reason = f"Its address is longer than {LONGEST_ADDRESS:,} characters."
    elif row.country not in countries:
        reason = f"{row.country!r} is not a country code of ISO 3166-1."
    elif row.category not in categories:
        reason = f"{row.category!r} is not one of our categories."
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


def load_publisher(rows: list[Row], loaded: Loaded) -> None:
    """Load the feeds of one publisher under one source."""
    known = Feed.objects.select_related("source").filter(url__in=[row.feed_url for row in rows]).first()
    source = known.source if known else None
    values = source_values(rows)
    source_changed = False
    if source is None:
        source = Source.objects.create(**values, slug=free_slug(values["name"]))
    elif len(rows) > 1 or source.feeds.count() == 1:
        source_changed = set_fields(source, values)
    for row in rows:
        load_feed(row, source, source_changed, loaded)


def source_values(rows: list[Row]) -> dict:
    """Return the fields of the source that all these rows belong to."""
    names = [row.name for row in rows]
    categories = {row.category for row in rows}
    first = rows[0]
    return {
        "name": common_name(names)[:200],
        "site_url": min((row.site_url for row in rows if row.site_url), key=len, default=site_of(first.feed_url)),
        "country_id": first.country,
        "language": first.language[:12],
        "category_id": categories.pop() if len(categories) == 1 else GENERAL,
    }


def common_name(names: list[str]) -> str:
    """Return the words that names begin with in common: "BBC News", "BBC Sport" → "BBC"."""
    common = takewhile(lambda words: len(set(words)) == 1, zip(*(name.split() for name in names), strict=False))
    return " ".join(words[0] for words in common) or names[0]


def site_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def free_slug(name: str) -> str:
    """Return a slug for a source that no other has."""
    base = (slugify(name) or slugify(name, allow_unicode=True).encode("punycode").decode())[:90] or "source"
    taken = set(Source.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for slug in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken
    )


def load_feed(row: Row, source: Source, source_changed: bool, loaded: Loaded) -> None:
    values = {"title": row.name[:300], "category_id": None if row.category == GENERAL else row.category}
    feed = Feed.objects.filter(url=row.feed_url).first()
    if feed is None:
        Feed.objects.create(source=source, url=row.feed_url, is_paused=row.status == DEAD, **values)
        loaded.added.append(row.feed_url)
    elif set_fields(feed, values) or source_changed:
        loaded.updated.append(row.feed_url)
    else:
        loaded.unchanged.append(row.feed_url)


def set_fields(row: Source | Feed, values: dict) -> bool:
    """Store the values that differ; returns whether any did."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)
