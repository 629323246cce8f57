"""Looking into lxml elements of feeds: one short name for each, whatever its namespace is spelled like. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

# Namespace addresses as they occur, without "http(s)://", "www." and a closing "/" or "#", lower case.
_PREFIXES = {
    "": "",
    "purl.org/rss/1.0": "", "my.netscape.com/rdf/simple/0.9": "", "channel.netscape.com/rdf/simple/0.9": "",
    "purl.org/rss/1.0/modules/rss091": "", "backend.userland.com/rss": "", "backend.userland.com/rss2": "",
    "blogs.law.harvard.edu/tech/rss": "", "purl.org/net/rss1.1": "",
    "w3.org/2005/atom": "atom", "purl.org/atom/ns": "atom",
    "purl.org/dc/elements/1.1": "dc", "purl.org/dc/elements/1.0": "dc", "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content", "w3.org/1999/xhtml": "xhtml",
    "search.yahoo.com/mrss": "media", "video.search.yahoo.com/mrss": "media", "tools.search.yahoo.com/mrss": "media",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes", "w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner", "pheedo.com/namespace/pheedo": "pheedo",
}  # fmt: skip
_IN_ATOM_AS_IN_RSS = ("feed", "entry", "title", "id", "published", "updated", "issued", "modified", "created", "author",
                      "summary", "content", "category", "name")  # fmt: skip
_ADDRESS_FRAME = re.compile(r"^https?://(?:www\.)?|[/#]+$")
_NAMESPACE_DECLARATION = re.compile(r"""\sxmlns(?::[\w.-]+)?="[^"]*\"""")
_TAG_PREFIX = re.compile(r"(</?)[A-Za-z_][\w.-]*:(?=[A-Za-z])")
_EMPTY_ELEMENT = re.compile(r"<(?!(?:br|hr|img|wbr|source|embed|track|col|area|input)\b)([a-zA-Z][\w-]*)([^<>]*?)\s*/>")


@lru_cache(maxsize=4096)
def _key(tag: str) -> str:
    namespace, _, name = tag.rpartition("}")
    namespace = _ADDRESS_FRAME.sub("", namespace[1:].strip().lower())
    name = name.lower()
    prefix = _PREFIXES.get(namespace)
    if prefix is None:
        prefix = "other"
    if prefix == "atom" and name in _IN_ATOM_AS_IN_RSS:
        prefix = ""
    return f"{prefix}:{name}" if prefix else name


def key_of(element: etree._Element) -> str:
    """ "title", "dc:creator", "media:content", …; "" for what is no element. Atom's own names have no prefix."""
    tag = element.tag
    return _key(tag) if isinstance(tag, str) else ""


def namespace_of(element: etree._Element) -> str:
    """The address of its namespace, or ""; also where a prefix was never declared, which etree.QName refuses."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def text_of(element: etree._Element | None) -> str:
    """All text inside an element, without blanks around it."""
    if element is None:
        return ""
    if len(element):
        return "".join(map(str, element.itertext())).strip()
    return (element.text or "").strip()


class Children:
    """The children of an element by their keys, in document order."""

    __slots__ = ("_by_key",)

    def __init__(self, element: etree._Element) -> None:
        self._by_key: dict[str, list[etree._Element]] = {}
        for child in element:
            self._by_key.setdefault(key_of(child), []).append(child)

    def all(self, *keys: str) -> Iterator[etree._Element]:
        """Every child under these keys, the earlier key first."""
        for key in keys:
            yield from self._by_key.get(key, ())

    def first(self, *keys: str) -> etree._Element | None:
        """The first of them that holds anything."""
        return next((element for element in self.all(*keys) if len(element) or (element.text or "").strip()), None)

    def text(self, *keys: str) -> str:
        """The first text found under these keys."""
        return text_of(self.first(*keys))


def inner_markup(element: etree._Element) -> str:
    """What stands inside an element, as HTML: prefixes and namespaces dropped, empty elements written out."""
    pieces = [_escaped(element.text)]
    pieces += [etree.tostring(child, encoding="unicode") for child in element]
    markup = _TAG_PREFIX.sub(r"\1", _NAMESPACE_DECLARATION.sub("", "".join(pieces)))
    return _EMPTY_ELEMENT.sub(r"<\1\2></\1>", markup).strip()


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
