"""A page's bytes → the addresses that may be feeds, or pages that list feeds. Touches neither network nor database."""

import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from lxml import etree

from feeds.canonical import canonical_url
from feeds.finding.addresses import key_of, site_of
from feeds.formats.plaintext import excerpt
from feeds.markup.tree import parse_fragment
from feeds.pages.charsets import decode_page

MOST_ANNOUNCED, MOST_LINKED = 40, 60
MOST_ANCHORS = 20_000
LONGEST_NAME = 100

_FEED_TYPES = re.compile(r"(?:application|text)/(?:(?:rss|atom|rdf|feed|x\.atom|x-rss|x-atom)(?:\+(?:xml|json))?)")
_MAYBE_TYPES = re.compile(r"(?:application|text)/(?:xml|json|x-xml)|text/html|")
_FEED_RELS = frozenset({"alternate", "alternative", "feed", "service.feed", "updates", "syndication"})
# "feed" or "rss" as a word of its own: not feedback, newsfeeder or carssales.
_FEED_WORD = re.compile(
    r"(?<![a-z])(?:rss2?|atom|feeds?|rdf|newsfeed|fullfeed|syndication|webfeed)(?![a-z])|rss-?feed", re.IGNORECASE
)
_FEED_END = re.compile(r"\.(?:rss|atom|rdf)$|(?:rss|feed|atom|index|news)[\w-]{0,30}\.(?:xml|json)$", re.IGNORECASE)
_FEED_QUERY = frozenset({"feed", "format", "output", "outputtype", "type", "alt", "mode", "view"})
_FEED_VALUE = re.compile(r"(?:rss2?|atom|feed|xml|rdf)", re.IGNORECASE)
_COMMENTS = re.compile(
    r"(?<![a-z])(?:comments?|kommentar\w{0,4}|commentaires?|comentarios|comentários|commenti|reacties|комментари\w|yorumlar)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_NO_FEED = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|pdf|mp3|mp4|zip|js|css|opml)$|sitemap", re.IGNORECASE)
# Where others' buttons "subscribe with …" carry the feed's address inside their own.
_READERS = re.compile(
    r"(?:[\w-]+\.)*(?:feedly\.com|inoreader\.com|netvibes\.com|newsblur\.com|theoldreader\.com|my\.yahoo\.com|feedbin\.com)$"
)
_INNER_ADDRESS = re.compile(r"https?://.+", re.IGNORECASE)
_SOCIAL = re.compile(
    r"(?:[\w-]+\.)*(?:facebook|twitter|x|instagram|linkedin|pinterest|whatsapp|t|telegram|apple|spotify|google)"
    r"\.(?:com|me)$"
)
_CHANNEL = re.compile(r'"(?:externalId|channelId)":"(UC[\w-]{22})"')
_TITLE_PARTS = re.compile(r"\s+[|–—·•»-]\s+|\s*[|»]\s*|:\s+")


@dataclass(frozen=True, slots=True)
class Link:
    """An address a page gives, absolute, and what the page says of it."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class SitePage:
    """What a page tells of a site and its feeds.

    announced: by <link>, in the page's order
    linked:    in its text: addresses that look like feeds first, then pages that may list feeds
    canonical: the page's own idea of its address, or ""
    name:      of the site; language: of the page, BCP 47; "" where it says none
    """

    announced: tuple[Link, ...] = ()
    linked: tuple[Link, ...] = ()
    canonical: str = ""
    name: str = ""
    language: str = ""


def read_site_page(body: bytes, *, url: str, content_type: str = "") -> SitePage:
    """Read what a page says of feeds; a page that says nothing gives empty fields. Never fails."""
    text = decode_page(body, content_type)
    root = parse_fragment(text)
    if root is None:
        return SitePage()
    base = _base_of(root, url)
    canonical = _canonical_of(root, base, text)
    return SitePage(
        announced=_announced(root, base),
        linked=_linked(root, base, url),
        canonical=canonical,
        name=_name_of(root, url),
        language=_language_of(root),
    )


def is_of_comments(link: Link) -> bool:
    """Say whether a feed is one of readers' comments, by its address and title."""
    return bool(_COMMENTS.search(unquote(urlsplit(link.url).path)) or _COMMENTS.search(link.title))


def looks_like_feed(url: str) -> bool:
    """Say whether an address has the looks of a feed's, though only the answer can tell."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    path = unquote(parts.path)
    host = parts.hostname or ""
    if _NO_FEED.search(path) or _SOCIAL.fullmatch(host):
        return False
    if _FEED_WORD.search(path) or _FEED_END.search(path) or _FEED_WORD.match(host):
        return True
    values = parse_qsl(parts.query[:2_000], keep_blank_values=True) if parts.query.count("&") < 50 else []
    return any(
        (name.lower() in _FEED_QUERY and _FEED_VALUE.match(value)) or _FEED_WORD.fullmatch(name)
        for name, value in values
    )


def unwrapped(url: str) -> str:
    """The feed inside a reader's "subscribe" address (feedly.com/i/subscription/feed/…), else the address itself."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if not _READERS.fullmatch(parts.hostname or ""):
        return url
    inner = _INNER_ADDRESS.search(unquote(f"{parts.path}?{parts.query}#{parts.fragment}"))
    return inner[0].rstrip("?#") if inner else ""


def _base_of(root: etree._Element, url: str) -> str:
    base = next((element.get("href", "") for element in root.iter("base")), "")
    return _absolute(base, url) or url


def _absolute(href: str, base: str) -> str:
    """The address, absolute, http or https, without fragment and as it is otherwise: a feed's may hold anything."""
    href = href.strip()
    if href[:5].lower() == "feed:":
        href = href[5:] if href[5:9].lower() == "http" else f"http:{href[5:]}"
    try:
        url = urljoin(base, href).partition("#")[0].replace(" ", "%20")
    except ValueError:
        return ""
    return url if href and canonical_url(url) else ""


def _announced(root: etree._Element, base: str) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for element in root.iter("link"):
        url = _absolute(element.get("href", ""), base)
        if url and _announces(element, url) and len(links) < MOST_ANNOUNCED:
            links.setdefault(key_of(url), Link(url, _short(element.get("title", ""))))
    return tuple(links.values())


def _announces(element: etree._Element, url: str) -> bool:
    """Say whether a <link> announces a feed: by its type, or by its address where the type is wrong or missing."""
    rels = set(element.get("rel", "").lower().split())
    kind = element.get("type", "").partition(";")[0].strip().lower()
    if rels and not rels & _FEED_RELS:
        return False
    if _FEED_TYPES.fullmatch(kind):
        return True
    return bool(rels) and bool(_MAYBE_TYPES.fullmatch(kind)) and not element.get("hreflang") and looks_like_feed(url)


def _linked(root: etree._Element, base: str, page: str) -> tuple[Link, ...]:
    feeds: dict[str, Link] = {}
    lists: dict[str, Link] = {}
    site = site_of(page)
    for number, anchor in enumerate(root.iter("a", "area")):
        if number >= MOST_ANCHORS:
            break
        href = anchor.get("href", "")
        url = unwrapped(_absolute(href, base)) if href else ""
        if not url or key_of(url) == key_of(page):
            continue
        words = _words_of(anchor)
        if looks_like_feed(url):
            feeds.setdefault(key_of(url), Link(url, _short(words)))
        elif _FEED_WORD.search(f"{words} {_icons_of(anchor)}") and site_of(url) == site:
            lists.setdefault(key_of(url), Link(url, _short(words)))
    chosen = [*sorted(feeds.values(), key=lambda link: site_of(link.url) != site), *lists.values()]
    return tuple(chosen[:MOST_LINKED])


def _words_of(anchor: etree._Element) -> str:
    """What a link says, to eyes and to screen readers."""
    said = " ".join("".join(anchor.itertext()).split())
    return " ".join([said, anchor.get("title", ""), anchor.get("aria-label", "")]).strip()[:300]


def _icons_of(anchor: etree._Element) -> str:
    """What the pictures in a link are called."""
    return " ".join(
        f"{icon.get('alt', '')} {icon.get('src', '').rpartition('/')[2]} {icon.get('class', '')}"[:300]
        for icon in islice(anchor.iter("img", "i", "svg"), 3)
    )


def _canonical_of(root: etree._Element, base: str, text: str) -> str:
    if "youtube.com" in base and (channel := _CHANNEL.search(text)):
        return f"https://www.youtube.com/channel/{channel[1]}"
    for element in root.iter("link"):
        if "canonical" in element.get("rel", "").lower().split():
            return _absolute(element.get("href", ""), base)
    return ""


def _name_of(root: etree._Element, url: str) -> str:
    """The site's name: as it gives it, else that part of the page's title which its host is called after."""
    said = {
        (meta.get("property") or meta.get("name") or "").lower(): meta.get("content", "")
        for meta in islice(root.iter("meta"), 300)
    }
    title = next(("".join(element.itertext()) for element in root.iter("title")), "")
    names = [said.get(name, "") for name in ("og:site_name", "application-name", "apple-mobile-web-app-title")]
    name = next((name for name in [*names, title] if name.strip()), "")
    parts = [part for part in _TITLE_PARTS.split(_short(name, 300)) if part]
    host = _letters(site_of(url).partition(".")[0])
    alike = [part for part in parts if (letters := _letters(part)) and (letters in host or host in letters)]
    return _short((alike or parts[-1:] or [""])[0].strip(" -–—|·"))


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _language_of(root: etree._Element) -> str:
    html = next(root.iter("html"), root)
    language = (html.get("lang") or html.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    return language.replace("_", "-") if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}", language) else ""


def _short(text: str, most: int = LONGEST_NAME) -> str:
    return excerpt(" ".join(text.split()), most)
