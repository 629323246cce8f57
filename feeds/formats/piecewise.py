"""Feeds that are not well-formed XML → raw items, each item read by itself. Pure.

One wrong byte must not change how the other items are read: who reads them all by another parser finds other texts,
addresses and names in them, and everything stored would change. So whole items are read as those of a well-formed
document are, and only the broken ones by feedparser.
"""

from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import quoteattr

from lxml import etree

from feeds.errors import NotAFeed
from feeds.formats.brokenfeed import read_broken
from feeds.formats.elements import key_of
from feeds.formats.xmlfeed import is_feed, read_tree
from feeds.formats.xmltext import ITEM, ITEM_END, parse_clear, recovered
from feeds.items import RawFeed, RawItem

MOST_BROKEN = 100  # feedparser takes some milliseconds for each
LONGEST_START = 4_000  # characters of what stands before the items; it is read again with each broken one


def read_pieces(text: str, *, url: str, fault: str) -> RawFeed:
    """What can be read of a document that the XML parser refused.

    Where a great many of its items are broken, all are read the same way.

    fault: the parser's own words, for the curator. Raises NotAFeed where not one item can be made out.
    """
    head, *pieces = _pieces(text)
    root = recovered(head)
    if root is None or not is_feed(root):
        return _read_alike(text, url, fault)
    place = next((child for child in root if key_of(child) == "channel"), root)
    prefixes = _prefixes(root, place)
    items = [_whole_item(piece, prefixes) for piece in pieces]
    if not items or items.count(None) > MOST_BROKEN:
        return _read_alike(text, url, fault)
    place.extend(item for item in items if item is not None)
    feed = read_tree(root, url=url)
    start = head[:LONGEST_START].rpartition(">")[0] + ">"
    whole = deque(feed.items)
    feed.items = []
    for piece, item in zip(pieces, items, strict=True):
        if item is None:
            feed.items += _broken_items(start + piece, url, fault)
        elif whole:  # what is named as items are in a namespace of its own is none
            feed.items.append(whole.popleft())
    return feed if feed.items else _read_alike(text, url, fault)


def _read_alike(text: str, url: str, fault: str) -> RawFeed:
    """All of it by feedparser; what it can make out neither headline nor text of would blank what is stored."""
    feed = read_broken(text, url=url, fault=fault)
    feed.items = [item for item in feed.items if item.title or item.description or item.content] or feed.items
    return feed


def _pieces(text: str) -> Iterator[str]:
    """What stands before the first item; then each item, up to its end or, where that is missing, to the next."""
    starts = [found.start() for found in ITEM.finditer(text)]
    yield text[: starts[0]] if starts else text
    for start, following in pairwise([*starts, len(text)]):
        end = ITEM_END.search(text, start, following)
        yield text[start : end.end() if end else following]


def _prefixes(*elements: etree._Element) -> str:
    """The namespaces that are declared in these elements, as attributes of another."""
    names = {prefix: name for element in elements for prefix, name in element.nsmap.items() if prefix != "xml"}
    return " ".join(f"xmlns{f':{prefix}' if prefix else ''}={quoteattr(name)}" for prefix, name in names.items())


def _whole_item(piece: str, prefixes: str) -> etree._Element | None:
    holder = parse_clear(f"<holder {prefixes}>{piece}</holder>")
    return holder[0] if holder is not None and len(holder) == 1 and ITEM_END.search(piece) else None


def _broken_items(text: str, url: str, fault: str) -> list[RawItem]:
    """Nothing where the headline is among what is broken: it would be blanked where it is stored already."""
    try:
        return [item for item in read_broken(text, url=url, fault=fault).items if item.title]
    except NotAFeed:
        return []
