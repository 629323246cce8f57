"""Rows of a catalogue, or a source with its feeds → the database, thousands in a handful of statements.

Everything known is read first, then what is new or changed is written.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count, groupby, takewhile
from typing import Any

from django.db import connection
from django.utils.text import slugify

from feeds.catalogues.rows import DEAD, PAUSED, Row
from feeds.finding.addresses import home_of, key_of, spellings_of
from feeds.finding.guesses import country_of
from feeds.models import GENERAL, Feed, Source
from feeds.shelves import UNKNOWN_COUNTRY

UNKNOWN_LANGUAGE = "und"
SOURCES_LOCK = 0x50C5  # any number that no other advisory lock of ours uses
ADDED, UPDATED, UNCHANGED = "added", "updated", "unchanged"


def one_at_a_time() -> None:
    """Wait until nobody else adds sources: two who add the same at once would both find it missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SOURCES_LOCK])


class Loader:
    """One load: what is known already, and what is to be written at its end.

    rows: by their places in the file, each fit to be loaded
    """

    def __init__(self, rows: Mapping[int, Row]) -> None:
        self.rows = rows
        self.known = Known(row.feed_url for row in rows.values())
        self.new_sources: list[Source] = []
        self.new_feeds: list[Feed] = []
        self.changed: dict[Source | Feed, set[str]] = {}

    def load(self) -> dict[int, tuple[str, str]]:
        """Load all rows; returns, by place, what became of each (added, updated, unchanged) and a remark."""
        became: dict[int, tuple[str, str]] = {}

        def publisher(place: int) -> tuple[str, str, str]:
            return self.rows[place].publisher

        for _publisher, group in groupby(sorted(self.rows, key=publisher), key=publisher):
            places = list(group)
            became |= zip(places, self._load_publisher([self.rows[place] for place in places]), strict=True)
        self._write()
        return became

    def _load_publisher(self, rows: Sequence[Row]) -> list[tuple[str, str]]:
        """Load the feeds of one publisher under one source; returns what became of each, with a remark."""
        feeds = [self.known.feed(row.feed_url) for row in rows]
        source = next((feed.source for feed in feeds if feed), None)
        if source is None:
            source = new_source(rows, self.known.slugs)
            self.new_sources.append(source)
            return [self._load_feed(row, feed, source) for row, feed in zip(rows, feeds, strict=True)]
        became = [self._load_feed(row, feed, source) for row, feed in zip(rows, feeds, strict=True)]
        if not rows[0].only_adds and (len(rows) > 1 or self.known.feed_counts[source.pk] == 1):
            said = said_of_source(rows)
            if all(what == UNCHANGED for what, _ in became):
                said.pop("category_id", None)  # each of its articles has the wished category already
            if self._set(source, said):
                became = [(UPDATED if what == UNCHANGED else what, remark) for what, remark in became]
        return became

    def _load_feed(self, row: Row, feed: Feed | None, source: Source) -> tuple[str, str]:
        own_category = None if row.category in {"", GENERAL} else row.category
        if feed is None:
            feed = Feed(
                source=source,
                url=row.feed_url,
                title=row.name[:300],
                category_id=own_category,
                is_paused=row.status in {DEAD, PAUSED},
            )
            self.new_feeds.append(feed)
            return ADDED, ""
        remark = "" if feed.url == row.feed_url else f"It is here as {feed.url}."
        values: dict[str, Any] = {}
        if not row.only_adds:
            if row.name[:300] != (feed.title or feed.source.name):
                values["title"] = row.name[:300]
            if row.category and row.category != (feed.category_id or feed.source.category_id):
                values["category_id"] = own_category
        return (UPDATED if self._set(feed, values) else UNCHANGED), remark

    def _set(self, row: Source | Feed, values: dict[str, Any]) -> bool:
        """Note the values that differ, to be written at the end; returns whether any did."""
        differing = {name for name, value in values.items() if getattr(row, name) != value}
        for name in differing:
            setattr(row, name, values[name])
        if differing:
            self.changed.setdefault(row, set()).update(name.removesuffix("_id") for name in differing)
        return bool(differing)

    def _write(self) -> None:
        """Write what is new and what changed, in the order of keys."""
        Source.objects.bulk_create(self.new_sources, batch_size=1_000)
        Feed.objects.bulk_create(self.new_feeds, batch_size=1_000)
        self._write_changed(Source)
        self._write_changed(Feed)

    def _write_changed(self, model: type[Source] | type[Feed]) -> None:
        rows = [row for row in self.changed if isinstance(row, model)]
        if rows:  # locked in the order of keys first, as others do: an UPDATE of many takes them in any
            fields = sorted(set().union(*(self.changed[row] for row in rows)))
            table: Any = model._default_manager
            list(table.select_for_update().filter(pk__in=[row.pk for row in rows]).order_by("pk").values_list("pk"))
            table.bulk_update(rows, fields, batch_size=500)


class Known:
    """The feeds that are here already under these addresses or other spellings of them, and all slugs."""

    def __init__(self, urls: Iterable[str]) -> None:
        spellings = {spelling for url in urls for spelling in spellings_of(url)}
        feeds = Feed.objects.filter(url__in=spellings).select_related("source").order_by("pk")
        sources: dict[int, Source] = {}
        for feed in feeds:  # one object for each source, however many of its feeds there are
            feed.source = sources.setdefault(feed.source_id, feed.source)
        self._by_url = {feed.url: feed for feed in feeds}
        self._by_key = {key_of(feed.url): feed for feed in reversed(feeds)}
        self.feed_counts = Counter(Feed.objects.filter(source__in=sources).values_list("source", flat=True))
        self.slugs = set(Source.objects.values_list("slug", flat=True))

    def feed(self, url: str) -> Feed | None:
        return self._by_url.get(url) or self._by_key.get(key_of(url))


def new_source(rows: Sequence[Row], taken: set[str]) -> Source:
    """A source for all these rows, not stored yet, what they do not say being guessed; its slug is added to `taken`."""
    first = rows[0]
    name = first.source or common_name([row.name for row in rows])
    said = said_of_source(rows)
    site_url = said.get("site_url") or home_of(first.feed_url)
    language = said.get("language", "")
    return Source(
        name=name[:200],
        slug=free_slug(name, taken),
        site_url=site_url,
        country_id=said.get("country_id") or country_of(site_url, [language]) or UNKNOWN_COUNTRY,
        language=language or UNKNOWN_LANGUAGE,
        category_id=said.get("category_id") or GENERAL,
    )


def said_of_source(rows: Sequence[Row]) -> dict[str, Any]:
    """The fields of the source that all these rows belong to, as far as they say them and agree."""
    categories = {row.category for row in rows}
    said = {
        "name": (rows[0].source or common_name([row.name for row in rows]))[:200],
        "site_url": min((row.site_url for row in rows if row.site_url), key=len, default=""),
        "country_id": rows[0].country,
        "language": next((row.language for row in rows if row.language), "")[:12],
        "category_id": categories.pop() if len(categories) == 1 else "",
    }
    return {name: value for name, value in said.items() if value}


def common_name(names: Sequence[str]) -> str:
    """Return the words that names begin with in common: "BBC News", "BBC Sport" → "BBC"."""
    common = takewhile(lambda words: len(set(words)) == 1, zip(*(name.split() for name in names), strict=False))
    return " ".join(words[0] for words in common) or names[0]


def free_slug(name: str, taken: set[str]) -> str:
    """Return a slug for a source that no other has, and take it."""
    base = (slugify(name) or slugify(name, allow_unicode=True).encode("punycode").decode())[:90] or "source"
    slug = next(slug for slug in chain([base], (f"{base}-{number}" for number in count(2))) if slug not in taken)
    taken.add(slug)
    return slug
