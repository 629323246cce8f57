"""Plain values to an Atom document (RFC 4287), page by page (RFC 5005, section 3). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from feeds.formats.characters import without_forbidden

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
ATOM, MEDIA = "http://www.w3.org/2005/Atom", "http://search.yahoo.com/mrss/"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # an empty feed has not changed yet, and its ETag may not either


@dataclass(frozen=True, slots=True)
class Picture:
    """A thumbnail: absolute address, width and height in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. All addresses are absolute.

    id: never changes, whatever becomes of the headline;  url: our page;  via: the original page, where there is one
    author: who told it, a publisher;  summary: plain text;  category: (slug, name)
    """

    id: str
    title: str
    url: str
    author: str
    published_at: datetime
    updated_at: datetime
    summary: str = ""
    language: str = ""
    via: str = ""
    category: tuple[str, str] | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One page of a feed. next_url: of the page with older entries; first_url: of the newest, on those that follow."""

    title: str
    page_url: str
    self_url: str
    id: str
    language: str
    icon_url: str
    entries: Sequence[Entry]
    hub_url: str = ""
    first_url: str = ""
    next_url: str = ""

    @property
    def updated_at(self) -> datetime:
        return max((entry.updated_at for entry in self.entries), default=NEVER)


def write(document: Document) -> bytes:
    """Return the document in UTF-8."""
    root = Element("feed", {"xmlns": ATOM, "xmlns:media": MEDIA, "xml:lang": document.language})
    _text(root, "id", document.id)
    _text(root, "title", document.title)
    _text(root, "updated", document.updated_at.isoformat(timespec="seconds"))
    _text(SubElement(root, "author"), "name", "ZisNews")
    _text(root, "icon", document.icon_url)
    _link(root, "alternate", document.page_url, type="text/html")
    links = {"self": document.self_url, "hub": document.hub_url}
    links |= {"first": document.first_url, "next": document.next_url}
    for relation, address in links.items():
        if address:
            _link(root, relation, address)
    for entry in document.entries:
        _write_entry(root, entry)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _write_entry(root: Element, entry: Entry) -> None:
    element = SubElement(root, "entry", {"xml:lang": entry.language} if entry.language else {})
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "published", entry.published_at.isoformat(timespec="seconds"))
    _text(element, "updated", entry.updated_at.isoformat(timespec="seconds"))
    _text(SubElement(element, "author"), "name", entry.author)
    _link(element, "alternate", entry.url, type="text/html")
    if entry.via:
        _link(element, "via", entry.via)
    if entry.category:
        term, label = entry.category
        SubElement(element, "category", {"term": term, "label": label})
    if entry.summary:
        _text(element, "summary", entry.summary)
    if picture := entry.picture:
        size = {"width": str(picture.width), "height": str(picture.height)}
        SubElement(element, "media:thumbnail", {"url": picture.url, **size})


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = without_forbidden(text)


def _link(parent: Element, relation: str, address: str, **more: str) -> None:
    SubElement(parent, "link", {"rel": relation, "href": without_forbidden(address), **more})
