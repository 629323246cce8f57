"""Page bytes → the article: its text, title, author, date, picture. Touches neither network nor files nor database.

The extractor itself (feeds/pages/body.py) is loaded at the first page, in the sandbox's children: whoever only wants to
ask them, and to know what a Page is, need not carry it.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from feeds.errors import NotAPage
from feeds.items import Picture
from feeds.manners.reservations import Reservation
from feeds.pages.bounds import bounded
from feeds.pages.charsets import decode_page
from feeds.pages.kinds import no_page_by_bytes, no_page_by_type

MAX_HTML_BYTES = 3_000_000  # of markup; a larger page is cut there, and its cost is bounded so
MIN_TEXT_LENGTH = 80  # characters; a shorter text is no article's

_FEED = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]\d])")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|div|p|article|main|section|table|meta|title|h1|span|a|br)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Page:
    """An article as its page shows it. Texts are plain but for html, which is sanitised."""

    title: str
    author: str  # names, comma-separated
    published_at: datetime | None  # aware, in the zone the page says: its day is the publisher's
    language: str  # BCP-47 primary tag, or ""
    canonical_url: str
    image: Picture | None
    text: str  # paragraphs parted by blank lines; "" where the page holds no article's text
    html: str
    tags: tuple[str, ...]
    display: str  # "full_text", "excerpt" or "headline": what the page itself allows
    display_reason: str  # every reason for less than the full text, in sentences
    max_snippet: int | None = None  # characters that an excerpt may have at most, where the page says so
    fuller_url: str = ""  # the whole page's address, where this is its AMP or print version
    spare_images: tuple[Picture, ...] = ()  # to be tried in this order where `image` is broken
    rule_problem: str = ""  # a sentence, where the curator's rule for the source does not fit this page


def extract(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    robots: str = "",
    reserved: Reservation = Reservation(),  # noqa: B008 - a plain value that never changes
    now: datetime,
    text_selector: str = "",
    clutter_selector: str = "",
) -> Page:
    """Read the article on a page.

    body:         the document as fetched; its encoding is settled here, what is over MAX_HTML_BYTES, or dear, is cut
    url:          where it was found after redirects; relative addresses belong to it
    content_type: the Content-Type header, whose charset is one hint among others
    robots:       the X-Robots-Tag headers, one a line, whose rules count like the page's own
    reserved:     what its host and its headers say of text and data mining
    now:          aware; dates after it are taken for mistakes
    text_selector, clutter_selector: a curator's rule for the source (feeds/pages/rules.py): CSS of where the text is,
                  and of what is none; where the first finds no text, it is sought as on any page: see rule_problem
    A page with a title but without an article's text (a video, a paywall) has text "" and still tells the rest.
    Raises NotAPage when the bytes are no HTML, or hold nothing of use.
    """
    from feeds.pages.body import read_article  # noqa: PLC0415 - see above

    _refuse_other_kinds(body, content_type)
    markup = decode_page(body[:MAX_HTML_BYTES], content_type).replace("\x00", "")
    if _FEED.match(markup):
        raise NotAPage("This is a feed, not a page.")
    if _JSON.match(markup) and not _MARKUP.search(markup[:2_000]):
        raise NotAPage("This is JSON, not a page.")
    if not _MARKUP.search(markup):
        raise NotAPage("This is plain text without any HTML." if markup.strip() else "The page is empty.")
    return read_article(
        bounded(markup),
        url=url,
        robots=robots,
        reserved=reserved,
        now=now,
        text_selector=text_selector,
        clutter_selector=clutter_selector,
    )


def _refuse_other_kinds(body: bytes, content_type: str) -> None:
    """Raise NotAPage for what its first bytes, or its header, tell to be something else than HTML."""
    if not body.strip():
        raise NotAPage("The page is empty.")
    if reason := no_page_by_bytes(body) or no_page_by_type(content_type):
        raise NotAPage(reason)
