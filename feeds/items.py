"""The plain values that stand for a feed: raw, as one of the readers found it, and finished, as parse_feed gives it."""

from dataclasses import dataclass, field
from datetime import datetime

from feeds.essence import page_address, said_hash

MOST_LISTED = 20_000  # items that are read of one document; the newest are sought among them


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's address (absolute, http or https) and what the publisher says of it, as plain text."""

    url: str
    caption: str = ""
    credit: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item as parsed, before it is stored. Texts are plain but for content_html.

    What follows from the rest is worked out where an item is made, beside the process that stores: a child of the
    sandbox made it.
    """

    identity: str  # at most 500 characters; unique in its document, the same at every poll
    title: str
    url: str  # absolute http(s), or ""
    published_at: datetime | None  # aware, UTC, as the feed says; None where it says nothing readable
    updated_at: datetime | None
    author: str
    description: str
    content_html: str  # as the feed gave it: unsanitised, its URLs unresolved
    categories: tuple[str, ...]
    image: Picture | None
    page: str = field(init=False)  # what of the address names the page; "" without one
    said: str = field(init=False)  # a hash of what it says: another where it changed for a reader

    def __post_init__(self) -> None:
        page = page_address(self.url)
        object.__setattr__(self, "page", page)
        object.__setattr__(self, "said", said_hash(self.title, page, self.description, self.content_html))


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What a document says of its own polling: bounded values, nothing of it is a promise.

    ttl_seconds: how long it may be kept (RSS <ttl>, minutes there), or None
    skip_hours:  hours of the day (0-23, GMT) in which nothing is published
    skip_days:   days of the week in GMT, Monday is 0
    hub_url, topic_url: its WebSub hub and the address it is known under there, absolute http(s) or ""
    """

    ttl_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    hub_url: str = ""
    topic_url: str = ""


NO_HINTS = FeedHints()


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    format: str  # "rss2.0", "rss0.91", "rss1.0", "atom1.0", "atom0.3", "jsonfeed1.1", …
    title: str
    site_url: str
    language: str  # BCP-47 as declared, or ""
    items: list[FeedItem]  # each with an identity of its own
    problems: list[str]  # sentences for a curator
    listed: list[FeedItem] = field(default_factory=list)  # as the feed lists them: what it says twice stands twice
    hints: FeedHints = NO_HINTS


@dataclass(slots=True)
class RawItem:
    """An item as a reader found it: dates still text, title, description and content still HTML."""

    guid: str = ""
    link: str = ""  # absolute http(s), or ""
    title: str = ""
    published: str = ""
    updated: str = ""
    author: str = ""
    description: str = ""
    content: str = ""
    categories: list[str] = field(default_factory=list)
    image: Picture | None = None
    base: str = ""  # what relative addresses in the item's HTML stand on


@dataclass(slots=True)
class RawFeed:
    format: str
    title: str = ""
    site_url: str = ""
    language: str = ""
    items: list[RawItem] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    hints: FeedHints = NO_HINTS
