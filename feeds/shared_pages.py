"""Items without a page of their own: in status feeds and live tickers every link leads to one page. Pure.

Such a page says nothing of the single item, and by its address all of them would be one article. Each is then known by
that address with its identity for a fragment, and published with what the feed says of it.
"""

import hashlib
from collections.abc import Iterable

from feeds.essence import page_address
from feeds.items import FeedItem, ParsedFeed

MANY = 3  # items that lead to one page; two may be one article, announced again under another headline
MOST = 0.9  # of a document's items
MARK_CHARACTERS = 16


def shared_page(items: Iterable[FeedItem], known: str = "") -> str:
    """The page that nearly all of these items lead to although they tell of different things; else what was `known`.

    known: what the feed's documents showed before: one that lists two items alone shows nothing
    """
    headlines: dict[str, set[str]] = {}
    total = 0
    for item in items:
        if item.url:
            total += 1
            headlines.setdefault(item.page, set()).add(item.title or item.identity)
    page = max(headlines, key=lambda address: len(headlines[address]), default="")
    return page if page and len(headlines[page]) >= max(MANY, MOST * total) else known


def has_page(item: FeedItem, parsed: ParsedFeed, shared: str) -> bool:
    """Whether an item leads to a page that is about it: neither the shared one nor the home page of its feed's site."""
    if not item.url:
        return False
    return item.page != shared and item.page.rstrip("/") not in homes_of(parsed.site_url)


def homes_of(site_url: str) -> set[str]:
    """What a feed names as its site, and the root of that, as page addresses without a slash at their end."""
    home = page_address(site_url).rstrip("/")
    return {home, home.partition("/")[0]} if home else set()


def marked(url: str, feed_id: int, identity: str) -> str:
    """The address of an item without a page: the shared page's, with a fragment that is this item's alone."""
    mark = hashlib.blake2b(f"{feed_id} {identity}".encode("utf-8", "replace"), digest_size=MARK_CHARACTERS // 2)
    return f"{url.partition('#')[0]}#item-{mark.hexdigest()}"
