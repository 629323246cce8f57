"""What a search for feeds gives, as plain values."""

from dataclasses import asdict, dataclass, field
from typing import Any

from feeds.finding.previews import FeedPreview


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that answered and was read.

    how:     asked (the very address), announced, pattern, linked, guessed
    section: our category it seems to be of, "" where it carries everything
    also_at: other addresses that gave the same
    """

    url: str
    how: str
    preview: FeedPreview
    section: str = ""
    is_of_comments: bool = False
    also_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """An address that was asked and what came of it, in a sentence."""

    url: str
    outcome: str


@dataclass(slots=True)
class Discovery:
    """What a search found.

    site_url, name, language, country: of the source, guessed; "" where nothing told
    not_looked_at: addresses that look like feeds for which there was no room or time
    failure: why nothing could be found at all, in a sentence; "" where the search went its way
    """

    asked: str
    site_url: str = ""
    name: str = ""
    language: str = ""
    country: str = ""
    feeds: list[FoundFeed] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    not_looked_at: list[str] = field(default_factory=list)
    failure: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The same as built-in values, for a cache and for JSON."""
        return asdict(self)


def ranked(feeds: list[FoundFeed]) -> list[FoundFeed]:
    """The best first: what is alive and carries the whole site; comments only where there is nothing else."""
    feeds = [feed for feed in feeds if not feed.is_of_comments] or feeds
    return sorted(
        feeds,
        key=lambda feed: (
            feed.how != "asked",
            feed.preview.item_count == 0,
            feed.preview.is_silent,
            bool(feed.section),
        ),
    )


def is_same(one: FeedPreview, other: FeedPreview) -> bool:
    """Say whether two documents are one feed (RSS and Atom of it, another address): their newest items are the same."""
    shared = min(len(one.marks), len(other.marks), 5)
    return shared > 0 and one.marks[:shared] == other.marks[:shared]
