"""An item of a feed as a row of the table of entries. Touches no database."""

from dataclasses import fields
from datetime import datetime, timedelta

from feeds import shared_pages
from feeds.items import FeedItem, ParsedFeed, Picture
from feeds.models import Entry, Feed
from feeds.net.addresses import with_plain_host

LONGEST_ADDRESS = 2_000  # characters of Entry.url
OLDEST, NEWEST = timedelta(days=3650), timedelta(minutes=5)
PICTURE_FIELDS = tuple(field.name for field in fields(Picture))
ENTRY_COLUMNS = {
    "feed_id": "bigint", "identity": "text", "url": "text", "has_page": "boolean", "title": "text",
    "description": "text", "content_html": "text", "author": "text", "categories": "text[]", "image": "jsonb",
    "language": "text", "published_at": "timestamptz", "updated_at": "timestamptz", "seen_at": "timestamptz",
    "content_hash": "text", "state": "text", "attempts": "smallint", "read_after": "timestamptz", "read_error": "text",
}  # fmt: skip
IDENTITY, CONTENT_HASH = list(ENTRY_COLUMNS).index("identity"), list(ENTRY_COLUMNS).index("content_hash")


def clamped(moment: datetime | None, seen_at: datetime) -> datetime:
    """Return a moment no earlier than ten years before it was seen and at most five minutes after; None is now."""
    if moment is None:
        return seen_at
    return min(max(moment, seen_at - OLDEST), seen_at + NEWEST)


def picture_fields(picture: Picture | None) -> dict | None:
    """A picture as the plain values Entry.image holds. By name: `asdict` copies them deeply, in ten times as long."""
    return {name: getattr(picture, name) for name in PICTURE_FIELDS} if picture else None


def entry_row(feed: Feed, parsed: ParsedFeed, item: FeedItem, identity: str, now: datetime, *, has_page: bool) -> tuple:
    """Return the values of ENTRY_COLUMNS. NUL, which Postgres text can not hold, is dropped by parsing.

    An address longer than any page's is none: the item is published with what the feed gave, and so is one without a
    page of its own.
    """
    url = item.url if has_page or not item.url else shared_pages.marked(item.url, feed.pk, identity)
    url = with_plain_host(url) if len(url) <= LONGEST_ADDRESS else ""
    has_page = has_page and bool(url)
    return (
        feed.pk,
        identity,
        url,
        has_page,
        item.title,
        item.description,
        item.content_html,
        item.author[:300],
        list(item.categories),
        picture_fields(item.image),
        (parsed.language or "")[:12],
        clamped(item.published_at, now),
        clamped(item.updated_at, now) if item.updated_at else None,
        now,
        item.said,
        Entry.State.NEW if has_page else Entry.State.READY,
        0,
        now,
        "",
    )
