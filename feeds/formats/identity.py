"""What makes an item the same item at the next poll: its guid, else its link, else its title and date. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from feeds.items import RawItem

LONGEST_IDENTITY = 500


def identities(items: Sequence[RawItem]) -> list[str]:
    """An identity for each item, in their order; two have the same only if they are the same item, listed twice.

    RSS lets <guid> be absent and its makers let it repeat: a guid shared by items that differ says nothing, so
    those fall back to their links, and where these are shared too, to a hash of title and date. Every choice
    looks at one item and at what it shares with others of its document, never at its place, so that it comes
    out the same when the feed has moved on.
    """
    distinct = {_essence(item): item for item in reversed(items)}
    guids = Counter(item.guid for item in distinct.values() if item.guid)
    links = Counter(item.link for item in distinct.values() if item.link)
    taken: dict[str, tuple[str, ...]] = {}
    result = []
    for item in items:
        essence = _essence(item)
        identity = next(name for name in _names(item, guids, links) if taken.setdefault(name, essence) == essence)
        result.append(identity)
    return result


def _essence(item: RawItem) -> tuple[str, ...]:
    """What two listings of one item have in common."""
    named = (item.guid, item.link, item.title)
    return named if item.guid or item.link else (*named, item.published, item.description)


def _names(item: RawItem, guids: Counter[str], links: Counter[str]) -> Iterator[str]:
    """The names an item could go by, best first; the last belongs to it alone."""
    if item.guid and guids[item.guid] == 1:
        yield _short(item.guid)
    if item.link and links[item.link] == 1:
        yield _short(item.link)
    if item.title or item.published:
        yield _hash(item.title, item.published)
    yield _hash(*_essence(item), item.published, item.description)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_IDENTITY else _hash(name)


def _hash(*parts: str) -> str:
    return "sha256:" + hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()
