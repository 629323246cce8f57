"""Sources and their feeds as the rows of a catalogue, for OPML and CSV; loaded again, they change nothing."""

from feeds.catalogues.csv_files import write_csv
from feeds.catalogues.opml_writing import write_opml
from feeds.catalogues.rows import DEAD, PAUSED, Row
from feeds.clock import database_now
from feeds.models import GENERAL, Feed, FeedQuerySet
from feeds.shelves import UNKNOWN_COUNTRY

FORMATS = {"opml": "text/x-opml", "csv": "text/csv"}


def export(kind: str, feeds: FeedQuerySet | None = None) -> bytes:
    """Write these feeds (or all) with their sources as "opml" or "csv"."""
    rows = rows_of(Feed.objects.all() if feeds is None else feeds)
    if kind == "opml":
        return write_opml(rows, title="ZisNews", now=database_now())
    return write_csv(rows).encode("utf-8")


def rows_of(feeds: FeedQuerySet) -> list[Row]:
    """The rows of these feeds, source by source, each under the category its articles get."""
    ordered = feeds.select_related("source").order_by("source__name", "source__site_url", "pk")
    return [row_of(line, feed) for line, feed in enumerate(ordered, start=1)]


def row_of(line: int, feed: Feed) -> Row:
    source = feed.source
    status = DEAD if feed.retired_at else PAUSED if feed.is_paused or source.is_paused else ""
    return Row(
        line=line,
        name=feed.title or source.name,
        feed_url=feed.url,
        site_url=source.site_url if source.site_url.startswith(("http://", "https://")) else "",
        country="" if source.country_id == UNKNOWN_COUNTRY else source.country_id,
        language="" if source.language == "und" else source.language,
        category=feed.category_id or source.category_id or GENERAL,
        status=status,
        source=source.name,
    )
