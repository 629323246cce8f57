"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1) → raw items. Pure."""

import html
import json
from collections.abc import Iterator
from typing import Any

from feeds.errors import NotAFeed
from feeds.formats.characters import without_forbidden
from feeds.formats.hints import hints
from feeds.formats.plaintext import absolute
from feeds.items import MOST_LISTED, Picture, RawFeed, RawItem


def read_json(text: str, *, url: str) -> RawFeed:
    """The feed in a JSON text. Raises NotAFeed where it is cut, broken, or some other JSON.

    Fields of a wrong type count as absent: one careless item does not cost the others.
    """
    document = _load(text)
    items = document.get("items") if isinstance(document, dict) else None
    version = _string(document, "version") if isinstance(document, dict) else ""
    if not isinstance(items, list) or not (version.startswith(("http://jsonfeed.org/", "https://jsonfeed.org/"))):
        raise NotAFeed("This is JSON, but not a JSON Feed: it lacks the “version” or the “items” of one.")
    base = _string(document, "feed_url") or url
    authors = _authors(document)
    feed = RawFeed(
        format="jsonfeed1.0" if version.rstrip("/").endswith("/1") else "jsonfeed1.1",
        title=html.escape(_string(document, "title"), quote=False),
        site_url=absolute(_string(document, "home_page_url"), base),
        language=_string(document, "language"),
        hints=hints(links=_links(document), base=base),
    )
    entries = [entry for entry in items if isinstance(entry, dict)]
    if len(entries) < len(items):
        feed.problems.append("Some entries of the feed's list of items are no items and were left out.")
    feed.items = [_read_item(entry, base, authors) for entry in entries[:MOST_LISTED]]
    return feed


def _links(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Its hubs that speak WebSub (rssCloud is the other kind), and its own address."""
    yield "self", _string(document, "feed_url")
    for hub in _list(document, "hubs"):
        if isinstance(hub, dict) and _string(hub, "type").lower() in ("websub", "pubsubhubbub"):
            yield "hub", _string(hub, "url")


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise NotAFeed(f"This looks like JSON, but breaks off or is not valid in line {error.lineno}.") from error
    except (RecursionError, ValueError) as error:
        raise NotAFeed("This JSON is nested too deeply, or its numbers are too long, to be a feed.") from error


def _read_item(entry: dict[str, Any], base: str, feed_authors: str) -> RawItem:
    item = RawItem(base=base, guid=_identifier(entry.get("id")))
    item.link = absolute(_string(entry, "url"), base) or absolute(_string(entry, "external_url"), base)
    if not item.link and item.guid.startswith(("http://", "https://")):
        item.link = absolute(item.guid, base)
    item.title = html.escape(_string(entry, "title"), quote=False)
    item.published, item.updated = _string(entry, "date_published"), _string(entry, "date_modified")
    item.author = _authors(entry) or feed_authors
    item.description = html.escape(_string(entry, "summary"), quote=False)
    item.content = _string(entry, "content_html") or _as_html(_string(entry, "content_text"))
    item.categories = [_clean(tag) for tag in _list(entry, "tags") if isinstance(tag, str)]
    item.image = _picture(entry, base)
    return item


def _identifier(value: Any) -> str:
    """The specification asks for a string, and for a number to be taken as one."""
    if isinstance(value, str):
        return _clean(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _authors(holder: dict[str, Any]) -> str:
    people = [*_list(holder, "authors"), holder.get("author")]  # "author" is 1.0's
    names = [_string(person, "name") for person in people if isinstance(person, dict)]
    return ", ".join(dict.fromkeys(name for name in names if name))[:300]


def _picture(entry: dict[str, Any], base: str) -> Picture | None:
    attachments = [each for each in _list(entry, "attachments") if isinstance(each, dict)]
    pictures = [each for each in attachments if _string(each, "mime_type").startswith("image/")]
    addresses = [_string(entry, "image"), _string(entry, "banner_image"), *(_string(each, "url") for each in pictures)]
    return next((Picture(found) for address in addresses if (found := absolute(address, base))), None)


def _as_html(text: str) -> str:
    paragraphs = (html.escape(paragraph.strip(), quote=False) for paragraph in text.split("\n\n"))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)


def _string(holder: dict[str, Any], name: str) -> str:
    value = holder.get(name)
    return _clean(value) if isinstance(value, str) else ""


def _clean(value: str) -> str:
    """Without what XML forbids and databases refuse: JSON can write NUL and half a surrogate pair as escapes."""
    return without_forbidden(value).strip()


def _list(holder: dict[str, Any], name: str) -> list[Any]:
    value = holder.get(name)
    return value if isinstance(value, list) else []
