"""HTML of feeds → one line of plain text, and the first picture in it. Pure; linear in the length of its input.

Not the sanitiser: what comes out is text, to be escaped wherever it is shown.
"""

import html
import re
from urllib.parse import urljoin, urlsplit

from feeds.items import Picture

LONGEST_FRAGMENT = 200_000  # characters of HTML that are looked at
SMALLEST_PICTURE = 32  # pixels; anything less is a tracker or an icon

# A caption is the picture's, not the text's.
_UNSEEN = re.compile(
    r"<!--(?:.*?-->|.*)|<(script|style|iframe|noscript|template|figcaption)\b[^<>]*>(?:.*?</\1\s*>|.*)",
    re.DOTALL | re.IGNORECASE,
)
_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|q|rp|rt|ruby|s|samp|small|span|"
    "strike|strong|sub|sup|time|tt|u|var|wbr"
)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>|</?[a-zA-Z][^<>]*>|<[!?][^<>]*>")
_HTML_NAMES = (
    rf"{_INLINE}|p|br|hr|div|img|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|td|th|tbody|thead|blockquote|pre|section|article|"
    "figure|figcaption|picture|source|video|audio|center|svg"
)
TAG_START = re.compile(r"</?[a-zA-Z]")
_KNOWN_TAG = re.compile(rf"</?(?:{_HTML_NAMES})(?:[\s/][^<>]*)?/?>", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u202d\u202e\ufeff\ufffc-\uffff]")
_IMAGE = re.compile(r"<img\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z][a-zA-Z0-9-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_CAPTION = re.compile(r"<figcaption\b[^<>]*>(.*?)</figcaption", re.DOTALL | re.IGNORECASE)
_ORNAMENTAL_CLASS = re.compile(r"emoji|smil(?:ey|ies)|avatar|\bicon|\blogo|tracking|pixel", re.IGNORECASE)
_ORNAMENTAL_ADDRESS = re.compile(
    r"gravatar\.com/|[/.]avatars?[/.]|/(?:emojis?|smil(?:ey|ie)s?)/|/(?:spacer|pixel|blank|clear|1x1)\.\w+(?:\?|$)",
    re.IGNORECASE,
)


def plain_text(fragment: str) -> str:
    """The text a reader would see: tags dropped, entities decoded once, blanks of every kind made one."""
    fragment = fragment[:LONGEST_FRAGMENT]
    if "<" in fragment:
        fragment = _UNSEEN.sub("", fragment)
        fragment = _INLINE_TAG.sub("", fragment)
        fragment = _TAG.sub(" ", fragment)
    return _one_line(fragment)


def plain_title(title: str) -> str:
    """As plain_text, but only what is a tag of HTML goes: "How Vec<T> grows" keeps its letters."""
    if "<" in title:
        title = _INLINE_TAG.sub("", title[:LONGEST_FRAGMENT])
        title = _KNOWN_TAG.sub(" ", title)
    return _one_line(title)


def _one_line(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    return " ".join(_CONTROLS.sub("", text).split())


def excerpt(text: str, longest: int) -> str:
    """The first words of a text, at most ``longest`` characters with the "…" that says there is more."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    head, blank, _ = cut.rpartition(" ")
    return (head if blank and len(head) > longest // 2 else cut).rstrip(" ,;:–—-") + "…"


def absolute(url: str, base: str) -> str:
    """The address, absolute, if it leads to a page or picture of the web (http, https, a host); else "".

    None with a user or password: we send none, and https://bank.example@other.example/ is there to deceive readers.
    """
    url = "".join(url.split()).replace("&amp;", "&")  # escaped twice; no address means it literally
    if not url:
        return ""
    if url.startswith("www."):
        url = "http://" + url
    try:
        if not url.startswith(("http://", "https://")):
            url = urljoin(base, url)
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else ""
    except ValueError:
        return ""


def first_picture(fragment: str, base: str) -> Picture | None:
    """The first <img> that is more than a tracker or an ornament, with the caption of its figure."""
    if "<img" not in fragment and "<IMG" not in fragment:
        return None
    for found in _IMAGE.finditer(fragment[:LONGEST_FRAGMENT]):
        attributes = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(found[1])}
        width, height = pixels(attributes.get("width")), pixels(attributes.get("height"))
        source = next((attributes[name] for name in ("data-src", "data-lazy-src", "src") if attributes.get(name)), "")
        url = absolute(source, base)
        is_small = min(width or SMALLEST_PICTURE, height or SMALLEST_PICTURE) < SMALLEST_PICTURE
        is_marked = _ORNAMENTAL_CLASS.search(attributes.get("class", ""))
        if url and not is_small and not is_marked and not is_ornament(url):
            return Picture(url, caption=_figure_caption(fragment, found.end()), width=width, height=height)
    return None


def is_ornament(url: str) -> bool:
    """Whether an address is that of a smiley, a writer's face or a tracker: no picture of the news."""
    return bool(_ORNAMENTAL_ADDRESS.search(url))


def _figure_caption(fragment: str, start: int) -> str:
    end = fragment.find("</figure>", start, start + 3000)
    caption = _CAPTION.search(fragment, start, end + len("</figure>")) if end >= 0 else None
    return plain_text(caption[1]) if caption else ""


def pixels(value: str | None) -> int | None:
    """A width or height attribute as a number; None for "auto", "100%", nothing and nonsense."""
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < len(digits) < 6 else None
