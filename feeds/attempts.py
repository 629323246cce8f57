"""How one look at a feed went, as the steps of ingestion hand it to each other."""

from dataclasses import dataclass

from feeds.errors import FeedsError, FetchError
from feeds.formats.plaintext import excerpt
from feeds.formats.xmltext import without_forbidden
from feeds.items import ParsedFeed
from feeds.models import Feed

LONGEST_SENTENCE = 1_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one look at a feed went: unchanged (neither field), changed (parsed), or failed (error)."""

    feed: Feed
    parsed: ParsedFeed | None = None
    error: FeedsError | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    is_unreached: bool = False


def sentence_of(error: FeedsError) -> str:
    """What went wrong as a row keeps it: words of a server's may be in it, whatever their length and bytes."""
    sentence = error.reason if isinstance(error, FetchError) else str(error)
    return excerpt(without_forbidden(sentence), LONGEST_SENTENCE)
