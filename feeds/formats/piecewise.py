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

MOST_BROKEN = 50  # feedparser takes some milliseconds for each


def read_pieces(text: str, *, url: str, fault: str) -> RawFeed:
    """What can be read of a document that the XML parser refused; where most of its items are broken, all the same way.

    fault: the parser's own words, for the curator. Raises NotAFeed where not one item can be made out.
    """
    head, *pieces = _pieces(text)
    root = recovered(head)
    if root is None or not is_feed(root):
        return _read_alike(text, url, fault)
    items = [_whole_item(piece, root) for piece in pieces]
    broken = items.count(None)
    if broken > min(MOST_BROKEN, len(items) - broken):
        return _read_alike(text, url, fault)
    place = next((child for child in root if key_of(child) == "channel"), root)
    place.extend(item for item in items if item is not None)
    feed = read_tree(root, url=url)
    whole = deque(feed.items)
    feed.items = []
    for piece, item in zip(pieces, items, strict=True):
        if item is None:
            feed.items += _broken_items(head + piece, url, fault)
        elif whole:  # what is named as items are in a namespace of its own is none
            feed.items.append(whole.popleft())
    return feed


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


def _whole_item(piece: str, root: etree._Element) -> etree._Element | None:
    names = {prefix: name for element in (root, *root) for prefix, name in element.nsmap.items() if prefix != "xml"}
    declared = " ".join(f"xmlns{f':{prefix}' if prefix else ''}={quoteattr(name)}" for prefix, name in names.items())
    holder = parse_clear(f"<holder {declared}>{piece}</holder>")
    return holder[0] if holder is not None and len(holder) == 1 and ITEM_END.search(piece) else None


def _broken_items(text: str, url: str, fault: str) -> list[RawItem]:
    """Nothing where the headline is among what is broken: it would be blanked where it is stored already."""
    try:
        return [item for item in read_broken(text, url=url, fault=fault).items if item.title]
    except NotAFeed:
        return []
