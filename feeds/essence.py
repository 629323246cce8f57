"""What an item says, without what changes about it at every look: so that an update is one. Pure."""

import hashlib
import re
from functools import lru_cache
from itertools import islice

from feeds.canonical import canonical_url

# Matching stays linear: each part is bounded, or begins with a character that the part before can not hold.
_TAG = re.compile(r"<(?:script|style)\b[^<>]*>[^<]*|<[^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9][0-9.,]*(?:[kKmM]\b)?")
_NEXT_WORDS = re.compile(r" ?([^\W\d_]{1,14})\.?(?: ([^\W\d_]{1,8})\b)?")
MOST_NUMBERS = 2_000  # that are looked at in one text
LONGEST_WORD_BEFORE = 20

# "3 min ago", "vor 3 Minuten": what stands behind the unit, and what before the number.
_AGO = frozenset("ago назад тому geleden önce temu fa atrás lalu sedan siden sitten पहले পূর্বে আগে".split())
_SINCE = frozenset("vor hace há för pred před acum πριν منذ قبل לפני".split())
_SINCE_WORDS = ("il y a",)
_EAST_ASIAN_AGO = re.compile(r" ?(?:秒|分钟|分鐘|分|小时|小時|時間|天|日|초|분|시간|일) ?[前전]")
# "12 comments", "Comments: 12": what readers do, counted; of points and shares only the second is not news itself.
_READERS = frozenset(
    """comment comments reply replies view views like likes read reads kommentar kommentare commentaire commentaires
    vues comentario comentarios comentário comentários visualizações visitas commenti reacties комментарий комментария
    комментариев просмотр просмотра просмотров yorum 评论 評論 コメント 댓글""".split()
)
_COUNTED = _READERS | {"points", "score", "shares", "votes"}


def said_hash(title: str, page: str, description: str, content_html: str) -> str:
    """Tell whether an item changed for a reader.

    page: what of its address names the page

    Markup, scripts, addresses and tracking around the words do not count, nor do blanks, how long ago something was
    ("3 min ago"), or how many readers commented: many feeds count those anew at every look.
    """
    words = "\0".join(
        (
            " ".join(title.split()),
            page,
            said_by(description),
            said_by(_TAG.sub(" ", content_html)),
        )
    )
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()


def said_by(text: str) -> str:
    """The words of a plain text that stay the same until somebody changes them."""
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    text = " ".join(text.split())
    kept: list[str] = []
    place = 0
    for number in islice(_NUMBER.finditer(text), MOST_NUMBERS):
        begin, end = _noise_around(text, number.start(), number.end())
        if end > begin >= place:
            kept.append(text[place:begin])
            place = end
    return "".join((*kept, text[place:]))


def _noise_around(text: str, begin: int, end: int) -> tuple[int, int]:
    """Where the age or the count that this number says begins and ends; (0, 0) where it says another thing."""
    following = _NEXT_WORDS.match(text, end)
    if following:
        if following[1].lower() in _READERS:
            return begin, following.end(1)
        if following[2] and following[2].lower() in _AGO:
            return begin, following.end(2)
        if east_asian := _EAST_ASIAN_AGO.match(text, end):
            return begin, east_asian.end()
    before = text[max(0, begin - LONGEST_WORD_BEFORE) : begin].lower()
    bare = before.rstrip(" :：(")
    last = bare.rpartition(" ")[2]
    if last in _COUNTED and before.rstrip()[-1:] in ":：(":
        return begin - len(before) + len(bare), end
    if following and (last in _SINCE or bare.endswith(_SINCE_WORDS)):
        return begin, following.end(1)
    return 0, 0


@lru_cache(maxsize=2_000)  # a feed's own site is asked of each of its items
def page_address(url: str) -> str:
    """What of an address names the page: neither scheme nor tracking."""
    if "?" in url or "#" in url:
        url = canonical_url(url) or url
    return url.removeprefix("https://").removeprefix("http://")
