"""Feeds that are not well-formed XML → raw items, through feedparser, which forgives. Touches no file, no network."""

import io
import re
from collections.abc import Iterable
from typing import Any

import feedparser

from feeds.errors import NotAFeed
from feeds.items import MOST_LISTED, Picture, RawFeed, RawItem
from feeds.mediapictures import widest
from feeds.plaintext import absolute, is_ornament, pixels, plain_text
from feeds.xmlfeed import person

_FORMATS = {
    "rss090": "rss0.90", "rss091n": "rss0.91", "rss091u": "rss0.91", "rss092": "rss0.92", "rss093": "rss0.93",
    "rss094": "rss0.94", "rss10": "rss1.0", "rss20": "rss2.0", "rss": "rss2.0", "atom10": "atom1.0", "atom": "atom1.0",
    "atom03": "atom0.3",
}  # fmt: skip
_DEEPEST = 256
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]*?(/?)>")

# What feedparser's loose reader has been seen to raise on hostile markup. Nothing else may be swallowed here.
_ITS_FAILURES = (ArithmeticError, ValueError, KeyError, IndexError, AttributeError, TypeError, AssertionError, RecursionError)


def read_broken(text: str, *, url: str, fault: str) -> RawFeed:
    """What can be read of a document that the XML parser refused.

    fault: the parser's own words, for the curator. Raises NotAFeed where not one item can be made out.
    """
    _refuse_depth(text)
    document = _parse(text, url)
    feed = RawFeed(format=_FORMATS.get(document.get("version", ""), "rss2.0"))
    about = document.get("feed", {})
    feed.title = about.get("title", "")
    feed.site_url = absolute(about.get("link", ""), url)
    feed.language = about.get("language", "") or ""
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
    item.updated = entry["updated"] if dict.__contains__(entry, "updated") else ""
    item.author = person(_text(entry, "author"))
    item.description = _text(entry, "summary")
    item.content = next((value for each in entry.get("content", ()) if (value := each.get("value"))), "")
    item.categories = [tag.get("label") or tag.get("term") or "" for tag in entry.get("tags", ())]
    item.image = _picture(entry, url)
    return item


def _text(entry: Any, name: str) -> str:
    value = entry.get(name)
    return value.strip() if isinstance(value, str) else ""


def _picture(entry: Any, url: str) -> Picture | None:
    kinds = (
        _pictures(entry.get("media_content", ()), url),
        _pictures(entry.get("media_thumbnail", ()), url, is_always_picture=True),
        _pictures((link for link in entry.get("links", ()) if link.get("rel") == "enclosure"), url),
    )
    news = ([each for each in pictures if not is_ornament(each.url)] for pictures in kinds)
    found = next((pictures for pictures in news if pictures), None)
    if not found:
        return None
    picture = widest(found)
    credits = entry.get("media_credit") or [{}]
    return Picture(
        picture.url,
        caption=plain_text(_text(entry, "media_description")),
        credit=plain_text(credits[0].get("content") or ""),
        width=picture.width,
        height=picture.height,
    )


def _pictures(elements: Iterable[Any], url: str, *, is_always_picture: bool = False) -> list[Picture]:
    found = []
    for element in elements:
        address = absolute(element.get("url") or element.get("href") or "", url)
        is_picture = element.get("medium") == "image" or element.get("type", "").startswith("image")
        if address and (is_always_picture or is_picture):
            found.append(Picture(address, width=pixels(element.get("width")), height=pixels(element.get("height"))))
    return found
