"""What an item says, without what changes about it at every look: so that an update is one. Pure."""

import hashlib
import re

from feeds.canonical import canonical_url
from feeds.items import FeedItem

# Each part begins with a character that the part before can not hold, and is bounded: matching stays linear.
_TAG = re.compile(r"<(?:script|style)\b[^<>]*>[^<]*|<[^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_UNIT = r"[^\W\d_]{1,12}\.?"
_AGES = (
    rf"(?<!\d)\d{{1,4}} ?{_UNIT} (?:ago|назад|тому|geleden|önce|temu|fa|atrás|lalu|sedan|siden|sitten|पहले|পূর্বে|আগে)\b",
    rf"\b(?:vor|il y a|hace|há|fa|för|pred|před|acum|πριν|منذ|قبل|לפני) \d{{1,4}} ?{_UNIT}",
    r"(?<!\d)\d{1,4} ?(?:秒|分|分钟|分鐘|小时|小時|時間|天|日|초|분|시간|일) ?(?:前|전)",
)
_READERS = (
    r"comments?|repl(?:y|ies)|views?|likes?|reads?|kommentare?|commentaires?|vues|comentarios?|comentários?|"
    r"visualizações|visitas|commenti|reacties|комментари(?:й|я|ев)|просмотр(?:а|ов)?|yorum|评论|評論|コメント|댓글"
)
_COUNTS = (
    rf"(?<![\d.,])\d[\d.,]{{0,11}} ?[km]? ?(?:{_READERS})\b",
    rf"\b(?:{_READERS}|points|score|shares|votes) ?[:：(] ?\d[\d.,]{{0,11}} ?[km]?\)?",
)
_NOISE = re.compile("|".join((*_AGES, *_COUNTS)), re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def content_hash(item: FeedItem) -> str:
    """Tell whether an item changed for a reader.

    Markup, scripts, addresses and tracking around the words do not count, nor do blanks, how long ago something was
    ("3 min ago"), or how many readers commented: many feeds count those anew at every look.
    """
    words = "\0".join(
        (
            " ".join(item.title.split()),
            page_address(item.url),
            said_by(item.description),
            said_by(_TAG.sub(" ", item.content_html)),
        )
    )
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()


def said_by(text: str) -> str:
    """The words of a plain text that stay the same until somebody changes them."""
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    text = " ".join(text.split())
    return _NOISE.sub(" ", text) if _DIGIT.search(text) else text


def page_address(url: str) -> str:
    """What of an address names the page: neither scheme nor tracking."""
    if "?" in url or "#" in url:
        url = canonical_url(url) or url
    return url.removeprefix("https://").removeprefix("http://")
