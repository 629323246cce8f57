"""Feeds that are not well-formed XML → raw items, through feedparser, which forgives. Touches no file, no network."""

import io
import re
from collections.abc import Iterable
from typing import Any

import feedparser

from feeds.errors import NotAFeed
from feeds.formats.hints import hints
from feeds.formats.mediapictures import widest
from feeds.formats.plaintext import absolute, is_ornament, pixels, plain_text
from feeds.formats.xmlfeed import person
from feeds.items import MOST_LISTED, Picture, RawFeed, RawItem

_FORMATS = {
    "rss090": "rss0.90", "rss091n": "rss0.91", "rss091u": "rss0.91", "rss092": "rss0.92", "rss093": "rss0.93",
    "rss094": "rss0.94", "rss10": "rss1.0", "rss20": "rss2.0", "rss": "rss2.0", "atom10": "atom1.0", "atom": "atom1.0",
    "atom03": "atom0.3",
}  # fmt: skip
_DEEPEST = 256
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]*?(/?)>")

# What feedparser raises on hostile markup, and what it may yet: its handlers check little of what they are given.
_ITS_FAILURES = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def read_broken(text: str, *, url: str, fault: str) -> RawFeed:
    """What can be read of a document that the XML parser refused.

    fault: the parser's own words, for the curator. Raises NotAFeed where not one item can be made out.
    """
    _refuse_depth(text)
    document = _parse(text, url)
    feed = RawFeed(format=_FORMATS.get(document.get("version", ""), "rss2.0"))
    about = document.get("feed", {})
    feed.title = _text(about, "title")
    feed.site_url = absolute(_text(about, "link"), url)
    feed.language = _text(about, "language")
    links = ((_text(link, "rel"), _text(link, "href")) for link in _parts(about, "links"))
    feed.hints = hints(ttl=_text(about, "ttl"), links=links, base=url)
    feed.items = [_read_entry(entry, url) for entry in document.get("entries", [])[:MOST_LISTED]]
    if not feed.items:
        raise NotAFeed(f"The feed is too broken to be read: {fault}.")
    return feed


def _refuse_depth(text: str) -> None:
    """feedparser's time grows with the square of the depth."""
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[1]:
            depth = max(0, depth - 1)
        elif not tag[2]:
            depth += 1
            if depth > _DEEPEST * 8:  # unclosed <p> and <br> of escaped HTML count too
                raise NotAFeed("Its elements are nested deeper than 256 levels, as in no honest feed.")


def _parse(text: str, url: str) -> Any:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # Only a stream: text or bytes are first tried as a file name or a URL.
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _ITS_FAILURES as error:
        raise NotAFeed("The feed is so badly broken that nothing of it could be read.") from error


def _read_entry(entry: Any, url: str) -> RawItem:
    item = RawItem(base=url, guid=_text(entry, "id"), title=_text(entry, "title"))
    item.link = absolute(_text(entry, "feedburner_origlink") or _text(entry, "link"), url)
    item.published = _text(entry, "published") or _text(entry, "created")
    item.updated = _text(entry, "updated") if dict.__contains__(entry, "updated") else ""  # it would give "published"
    item.author = person(_text(entry, "author"))
    item.description = _text(entry, "summary")
    item.content = next((value for each in _parts(entry, "content") if (value := _text(each, "value"))), "")
    item.categories = [_text(tag, "label") or _text(tag, "term") for tag in _parts(entry, "tags")]
    item.image = _picture(entry, url)
    return item


def _text(entry: Any, name: str) -> str:
    value = entry.get(name)
    return value.strip() if isinstance(value, str) else ""


def _parts(entry: Any, name: str) -> list[Any]:
    """The dictionaries under a name: an element the feed itself calls "links" puts a text there."""
    value = entry.get(name)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _picture(entry: Any, url: str) -> Picture | None:
    kinds = (
        _pictures(_parts(entry, "media_content"), url),
        _pictures(_parts(entry, "media_thumbnail"), url, is_always_picture=True),
        _pictures((link for link in _parts(entry, "links") if link.get("rel") == "enclosure"), url),
    )
    news = ([each for each in pictures if not is_ornament(each.url)] for pictures in kinds)
    found = next((pictures for pictures in news if pictures), None)
    if not found:
        return None
    picture = widest(found)
    credits = _parts(entry, "media_credit") or [{}]
    return Picture(
        picture.url,
        caption=plain_text(_text(entry, "media_description")),
        credit=plain_text(_text(credits[0], "content")),
        width=picture.width,
        height=picture.height,
    )


def _pictures(elements: Iterable[Any], url: str, *, is_always_picture: bool = False) -> list[Picture]:
    found = []
    for element in elements:
        address = absolute(_text(element, "url") or _text(element, "href"), url)
        is_picture = _text(element, "medium") == "image" or _text(element, "type").startswith("image")
        if address and (is_always_picture or is_picture):
            found.append(Picture(address, width=pixels(element.get("width")), height=pixels(element.get("height"))))
    return found
