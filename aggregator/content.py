"""An entry and its page become the fields of an article. Pure: reads what it is given, writes nothing."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.slugs import slug_of
from feeds.candidates import in_order
from feeds.entry_rows import LONGEST_ADDRESS, clamped
from feeds.formats.plaintext import excerpt, plain_text
from feeds.items import Picture
from feeds.keeping import kept_text
from feeds.models import Display, Entry
from feeds.sanitising import SANITISER_VERSION, sanitise
from feeds.words import is_unspaced

DESCRIPTION_LENGTH = 500
MAX_TAGS, TAG_LENGTH = 12, 60
# The feed's own text is taken when it says clearly more than what we could read of the page.
RICHER = 1.2
# Below this a page's text is a teaser or a notice about cookies, not more than the feed gave.
SHORTEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Content:
    """The fields of an Article that come from its source."""

    url: str
    title: str
    slug: str
    description: str
    html: str
    text: str
    sanitiser_version: int
    author: str
    language: str
    tags: list[str]
    word_count: int
    published_at: datetime
    page_display: str
    page_display_reason: str
    max_snippet: int | None
    picture_url: str
    picture_caption: str
    picture_credit: str
    picture_spares: list[dict[str, str]]  # to be tried in this order where that one is broken

    def within(self, display: str, max_snippet: int | None) -> "Content":
        """The same with no more of the text than a page allows that says so itself. display: a Display"""
        if display == Display.FULL_TEXT:
            return self
        text, description = kept_text(self.text, display=display, max_snippet=max_snippet), self.description
        if self.text.startswith(description.removesuffix("…")):  # no words of the feed's own, but the text's first ones
            description = kept_text(description, display=display, max_snippet=max_snippet)
        return replace(self, html="", text=text, word_count=0, description=description)


def content_of(entry: Entry) -> Content:
    """Put together what the feed and the page say, each where it knows better.

    The feed knows the headline and the time; the page knows text, picture, caption, address and its own wishes.
    The title is empty where neither has a word: no article can be made of that.
    """
    page = entry.page or {}
    html, text = body_of(entry, page)
    title = next(filter(is_visible, (entry.title, page.get("title", ""), excerpt(text, 100))), "")
    pictures = pictures_of(entry, page)
    picture = next(iter(pictures), None)
    content = Content(
        url=page.get("canonical_url") or entry.address,
        title=title,
        slug=slug_of(title),
        description=excerpt(entry.description or text, DESCRIPTION_LENGTH),
        html=html,
        text=text,
        sanitiser_version=SANITISER_VERSION,
        author=(entry.author or page.get("author", ""))[:300],
        language=language_of_entry(entry, page),
        tags=tags_of(entry, page),
        word_count=word_count(text),
        published_at=published_at_of(entry, page),
        page_display=page.get("display", Display.FULL_TEXT),
        page_display_reason=page.get("display_reason", ""),
        max_snippet=page.get("max_snippet"),
        picture_url=picture.url if picture else "",
        picture_caption=picture.caption if picture else "",
        picture_credit=picture.credit[:300] if picture else "",
        picture_spares=[
            {"url": spare.url, "caption": spare.caption, "credit": spare.credit[:300]} for spare in pictures[1:]
        ],
    )
    return content.within(content.page_display, content.max_snippet)


def is_visible(words: str) -> bool:
    """Say whether a reader would see anything of these words: marks, blanks and controls alone show nothing."""
    return any(unicodedata.category(character)[0] not in "CMZ" for character in words)


def body_of(entry: Entry, page: dict) -> tuple[str, str]:
    """Return the article's sanitised HTML and its plain text: the page's, or the feed's where that is richer."""
    page_text = page.get("text", "")
    feed_text = plain_text(entry.content_html)
    page_says_little = len(page_text) < SHORTEST_TEXT
    if len(feed_text) > len(page_text) * (1 if page_says_little else RICHER):
        return sanitise(entry.content_html, base=entry.url), feed_text
    return page.get("html", ""), page_text


def word_count(text: str) -> int:
    """How many words a text has; in scripts without spaces two characters count as one."""
    unspaced = sum(map(is_unspaced, text)) if not text.isascii() else 0
    return len(text.split()) + unspaced // 2


def pictures_of(entry: Entry, page: dict) -> list[Picture]:
    """Return the pictures that page and feed tell of, the best first; of one told twice the words of both."""
    told = (page.get("image"), entry.image, *page.get("spare_images", ()))
    return in_order(Picture(**image) for image in told if image and len(image["url"]) <= LONGEST_ADDRESS)


def language_of_entry(entry: Entry, page: dict) -> str:
    """Return the primary tag of what the text is written in: as read, as the feed says, as the source usually is."""
    language = page.get("language") or entry.language or entry.feed.source.language
    return language.replace("_", "-").split("-")[0].lower()[:12]


def tags_of(entry: Entry, page: dict) -> list[str]:
    """Return the tags of feed and page, each once whatever its case, the feed's first."""
    tags: dict[str, str] = {}
    for tag in (*entry.categories, *page.get("tags", ())):
        cleaned = " ".join(tag.split())
        if cleaned and len(cleaned) <= TAG_LENGTH:
            tags.setdefault(cleaned.casefold(), cleaned)
    return list(tags.values())[:MAX_TAGS]


def published_at_of(entry: Entry, page: dict) -> datetime:
    """Return the feed's time; where it gave none (we then noted our own), the page's."""
    feed_gave_none = entry.published_at == entry.seen_at
    if feed_gave_none and page.get("published_at"):
        return clamped(datetime.fromisoformat(page["published_at"]), entry.seen_at)
    return entry.published_at
