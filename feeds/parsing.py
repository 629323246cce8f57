"""Feed bytes to plain values. Touches neither network nor database."""

import html
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from lxml import etree

from feeds.canonical import publishers_address
from feeds.errors import NotAFeed
from feeds.formats.dates import parse_date
from feeds.formats.decoding import decode
from feeds.formats.identity import identities
from feeds.formats.jsonfeed import read_json
from feeds.formats.piecewise import read_pieces
from feeds.formats.plaintext import TAG_START, excerpt, first_picture, plain_text, plain_title
from feeds.formats.xmlfeed import is_feed, read_tree
from feeds.formats.xmltext import breaks_off, has_feed_elements, parse_mended, parse_strictly, tidy, what_it_is
from feeds.items import MOST_LISTED, FeedItem, ParsedFeed, Picture, RawFeed, RawItem

__all__ = ["FeedItem", "ParsedFeed", "Picture", "parse_feed"]

MOST_ITEMS = 1_000
LONGEST_TITLE = 500  # characters
TITLE_FROM_TEXT = 90
LONGEST_DESCRIPTION = 5_000
DESCRIPTION_FROM_CONTENT = 400
MOST_CATEGORIES = 40
LONGEST_CATEGORY = 120
_OTHER_KINDS = {
    b"\x1f\x8b": "a gzip archive", b"PK\x03\x04": "a ZIP archive", b"%PDF": "a PDF document",
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
}  # fmt: skip
_NUMBERING = re.compile(r"[0-9a-fA-F-]{16,}|\d+")  # a content system's number for a category, not its name
FUTURE_ALLOWED = timedelta(days=1)  # an item dated later than this is not thereby the newest


def parse_feed(body: bytes, *, url: str, content_type: str = "", now: datetime) -> ParsedFeed:
    """Read the items of an RSS, RDF, Atom or JSON Feed document, in the order the feed lists them.

    body:         the document as fetched; its encoding is settled here, the HTTP header being one voice of several
    url:          where it came from; relative addresses stand on it unless xml:base says otherwise
    content_type: the HTTP header, for its charset; "" if unknown
    now:          aware; when a feed is over-long, items dated after tomorrow do not count as its newest

    Dates are as the feed gives them, not clamped. An item that gives only the time of its last change (Atom asks for
    no other) has that as its publication. An item without title gets the first words of its text.
    Raises NotAFeed, with a sentence for curators, when the bytes are no feed at all. Of a feed that is not well-formed
    what can be read is read; what was wrong stands in ``problems``. One broken item does not cost the others.
    """
    raw = _read(body, url, content_type)
    raw_items = _newest(raw, now)
    listed = [
        _finish(item, identity, raw.language) for item, identity in zip(raw_items, identities(raw_items), strict=True)
    ]
    items = list({item.identity: item for item in reversed(listed)}.values())[::-1]
    if len(items) < len(listed):
        raw.problems.append(f"Items that only repeat an earlier one: {len(listed) - len(items)}. Each was taken once.")
    if not items:
        raw.problems.append("The feed has no items.")
    return ParsedFeed(
        format=raw.format,
        title=excerpt(plain_title(raw.title), LONGEST_TITLE),
        site_url=raw.site_url,
        language=raw.language,
        items=items,
        problems=raw.problems,
        listed=listed,
        hints=raw.hints,
    )


def _read(body: bytes, url: str, content_type: str) -> RawFeed:
    if not body.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise NotAFeed("The answer is empty.")
    kind = next((kind for start, kind in _OTHER_KINDS.items() if body.startswith(start)), "")
    if kind:
        raise NotAFeed(f"This is {kind}, not a feed.")
    text, complaint = decode(body, content_type=content_type)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        feed = read_json(text.lstrip("\ufeff"), url=url)
    else:
        feed = _read_xml(text, url)
    if complaint:
        feed.problems.insert(0, complaint)
    return feed


def _read_xml(text: str, url: str) -> RawFeed:
    text = tidy(text)
    try:
        root = parse_strictly(text)
    except etree.XMLSyntaxError as error:
        return _read_faulty_xml(text, url, fault=str(error.msg).partition(" (<string>")[0])
    if not is_feed(root):
        raise NotAFeed(what_it_is(text))
    return read_tree(root, url=url)


def _read_faulty_xml(text: str, url: str, fault: str) -> RawFeed:
    """What can be read of a document the XML parser refused; nothing where it breaks off: the next answer is whole."""
    if not has_feed_elements(text):
        raise NotAFeed(what_it_is(text))
    if breaks_off(text):
        raise NotAFeed("The feed breaks off in the middle of an item: only a part of it arrived.")
    root = parse_mended(text)
    feed = read_tree(root, url=url) if root is not None and is_feed(root) else read_pieces(text, url=url, fault=fault)
    feed.problems.append(f"The feed is not well-formed XML ({fault}); what could be read was read.")
    return feed


def _newest(raw: RawFeed, now: datetime) -> list[RawItem]:
    """At most a thousand items, the newest, still in the feed's own order."""
    if len(raw.items) <= MOST_ITEMS:
        return raw.items

    def age(item: RawItem) -> float:
        moment = _date(item.published or item.updated, raw.language)
        return now.timestamp() - moment.timestamp() if moment and moment <= now + FUTURE_ALLOWED else float("inf")

    ages = [age(item) for item in raw.items]
    kept = sorted(range(len(ages)), key=ages.__getitem__)[:MOST_ITEMS]
    number = f"more than {MOST_LISTED:,}" if len(ages) >= MOST_LISTED else f"{len(ages):,}"
    raw.problems.append(f"The feed lists {number} items; the newest {MOST_ITEMS:,} were read.")
    return [raw.items[place] for place in sorted(kept)]


def _finish(item: RawItem, identity: str, language: str) -> FeedItem:
    description = excerpt(plain_text(item.description), LONGEST_DESCRIPTION)
    if not description and item.content:
        description = excerpt(plain_text(item.content), DESCRIPTION_FROM_CONTENT)
    content = item.content or (item.description if TAG_START.search(item.description) else "")
    updated = _date(item.updated, language)
    return FeedItem(
        identity=identity,
        title=excerpt(plain_title(item.title), LONGEST_TITLE) or excerpt(description, TITLE_FROM_TEXT),
        url=publishers_address(item.link),
        published_at=_date(item.published, language) or updated,
        updated_at=updated,
        author=plain_title(html.escape(item.author, quote=False)),
        description=description,
        content_html=content,
        categories=_categories(item),
        image=item.image or first_picture(item.content, item.base) or first_picture(item.description, item.base),
    )


@lru_cache(maxsize=2048)
def _date(text: str, language: str) -> datetime | None:
    moment = parse_date(text, language=language) if text else None
    return moment.astimezone(UTC) if moment else None


def _categories(item: RawItem) -> tuple[str, ...]:
    names = (plain_text(name)[:LONGEST_CATEGORY].strip() for name in item.categories)
    return tuple(dict.fromkeys(name for name in names if name and not _NUMBERING.fullmatch(name)))[:MOST_CATEGORIES]
