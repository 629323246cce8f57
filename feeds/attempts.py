"""How one look at a feed went, as the steps of ingestion hand it to each other."""

import re
from dataclasses import dataclass, replace

from feeds.errors import FeedsError, FetchError, HostOnHold, NotAFeed, SandboxError
from feeds.fetching import Document
from feeds.formats.characters import without_forbidden
from feeds.formats.plaintext import excerpt
from feeds.items import NO_HINTS, FeedHints, ParsedFeed
from feeds.models import Feed

LONGEST_SENTENCE = 1_000
LONGEST_ADDRESS = 2_000
# Whose fault it is and what comes next, where the error itself says only what happened.
WHAT_NEXT: list[tuple[type[FeedsError], str]] = [
    (NotAFeed, "That is for the publisher to mend; we ask again later."),
    (SandboxError, "It is too much for us to read; we ask again later."),
]
PERMANENT_REDIRECTS = {301, 308}
DEAD_END = re.compile(
    r"https?://[^/?#]*/?(?:#.*)?"
    r"|https?://[^/?#]*/(?:[^?#]*[/_.-])?(?:log[-_]?in|sign[-_]?(?:in|up)|sso|auth|oauth2?|consent|captcha)"
    r"(?:[/_.-][^?#]*)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one look at a feed went: unchanged (neither field), changed (parsed), or failed (error).

    is_unreached:  it was not asked: the batch ran out of time before its turn
    hold_seconds:  its host is to be left alone for so long; where this very look found that out, status says so
    is_push:       its hub sent the document by itself; nobody asked the feed, and no lease of ours is on it
    status, size, milliseconds: of the answer; status None where none came
    moved_to:      where its publisher sent us on to for good, every redirect on the way being a permanent one
    fresh_seconds: how long the answer says that it stays what it is (HTTP), or None
    """

    feed: Feed
    parsed: ParsedFeed | None = None
    error: FeedsError | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    is_unreached: bool = False
    hold_seconds: float | None = None
    is_push: bool = False
    status: int | None = None
    size: int = 0
    milliseconds: int = 0
    moved_to: str = ""
    fresh_seconds: int | None = None
    hints: FeedHints = NO_HINTS

    @property
    def is_asked(self) -> bool:
        """Whether its server was spoken to at all, by us or by it."""
        return self.status is not None or not (self.is_unreached or self.hold_seconds is not None)


def answered(feed: Feed, document: Document, *, parsed: ParsedFeed | None = None, body_hash: str = "") -> Attempt:
    """The server gave a document; it was parsed, or is the one we had (``parsed`` None)."""
    return Attempt(
        feed,
        parsed=parsed,
        etag=document.etag,
        last_modified=document.last_modified,
        body_hash=body_hash,
        status=document.status,
        size=len(document.body),
        milliseconds=round(document.seconds * 1000),
        moved_to=moved_to(document),
        fresh_seconds=document.fresh_seconds,
        hints=hints_of(document, parsed.hints) if parsed else NO_HINTS,
    )


def failed(feed: Feed, error: FeedsError, *, seconds: float = 0, document: Document | None = None) -> Attempt:
    """No document came, or one that is no feed (``document``: it)."""
    return Attempt(
        feed,
        error=error,
        status=document.status if document else error.status if isinstance(error, FetchError) else None,
        size=len(document.body) if document else 0,
        milliseconds=round((document.seconds if document else seconds) * 1000),
    )


def held(feed: Feed, error: HostOnHold) -> Attempt:
    """Its host is to be left alone: the feed's turn comes after that, and no failure is counted."""
    told = error if error.status else None
    return Attempt(feed, error=told, hold_seconds=max(error.seconds, 0), status=error.status)


def pushed(feed: Feed, *, parsed: ParsedFeed | None = None, error: FeedsError | None = None, size: int = 0) -> Attempt:
    """The feed's hub sent a document by itself; ``error`` says why it could not be read."""
    return Attempt(feed, parsed=parsed, error=error, size=size, is_push=True)


def moved_to(document: Document) -> str:
    """Where a feed now lives for good, or "": one temporary redirect on the way, and nothing is said for good.

    A home page or a login is where publishers send whoever asks for what they no longer have: no feed lives there.
    """
    url = document.final_url
    statuses = {status for status, _ in document.redirects}
    is_for_good = bool(statuses) and statuses <= PERMANENT_REDIRECTS
    return url if is_for_good and len(url) <= LONGEST_ADDRESS and not DEAD_END.fullmatch(url) else ""


def hints_of(document: Document, hints: FeedHints) -> FeedHints:
    """A document's hints; of hub and topic the HTTP headers speak first (WebSub, section 4)."""
    links = {rel: url for rel, url in reversed(document.links) if len(url) <= LONGEST_ADDRESS}
    if "hub" in links:
        return replace(hints, hub_url=links["hub"], topic_url=links.get("self", hints.topic_url))
    return hints


def sentence_for_curators(error: FeedsError) -> str:
    """Why a look at a feed failed: what happened, whose fault it is, and what comes next."""
    what_next = next((sentence for kind, sentence in WHAT_NEXT if isinstance(error, kind)), "")
    return f"{sentence_of(error)} {what_next}".strip()


def sentence_of(error: FeedsError) -> str:
    """What went wrong as a row keeps it: words of a server's may be in it, whatever their length and bytes."""
    sentence = error.reason if isinstance(error, FetchError) else str(error)
    return excerpt(without_forbidden(sentence), LONGEST_SENTENCE)
