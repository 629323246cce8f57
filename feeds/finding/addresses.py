"""What a person typed → the addresses to ask, and the feeds that an address alone tells of. Asks nobody."""

import re
from urllib.parse import urljoin, urlsplit

from tld import get_fld

from feeds.errors import AddressRefused
from feeds.net.addresses import with_plain_host

# Tried only where a site says nothing of its feeds; the likeliest first.
WELL_KNOWN = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds", "/?feed=rss2",
    "/feeds/posts/default", "/index.rdf", "/rss/index.xml", "/feed.json",
)  # fmt: skip
BELOW_A_PAGE = ("/feed", "/rss")

_FEED_SCHEME = re.compile(r"(?:feed|rss):(?://)?(?=.)", re.IGNORECASE)
_WEB = re.compile(r"https?:", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d{1,5}(?:/|$))", re.IGNORECASE)
_FEDIVERSE_NAME = re.compile(r"@([\w.-]{1,100})@([\w.-]{1,200})")

# Where the address of a page, without its scheme, gives those of its feeds.
_PATTERNS = [
    (re.compile(pattern), feeds)
    for pattern, feeds in (
        (
            r"(?:www\.|m\.)?youtube\.com/channel/(UC[\w-]{10,40})\b.*",
            (r"https://www.youtube.com/feeds/videos.xml?channel_id=\1",),
        ),
        (
            r"(?:www\.|m\.|music\.)?youtube\.com/(?:playlist|watch)\?(?:[^#]*&)?list=([\w-]{10,60})\b.*",
            (r"https://www.youtube.com/feeds/videos.xml?playlist_id=\1",),
        ),
        (
            r"(?:www\.|m\.)?youtube\.com/user/([\w.-]{1,60}).*",
            (r"https://www.youtube.com/feeds/videos.xml?user=\1",),
        ),
        (r"(?:www\.|old\.|new\.)?reddit\.com/((?:r|user|u)/[\w-]{1,60}).*", (r"https://www.reddit.com/\1/.rss",)),
        (
            r"(?:www\.)?github\.com/([\w.-]{1,60}/[\w.-]{1,100})(?:/.*)?",
            (r"https://github.com/\1/releases.atom", r"https://github.com/\1/commits.atom"),
        ),
        (r"(?:www\.)?github\.com/([\w-]{1,60})/?", (r"https://github.com/\1.atom",)),
        (r"(?:www\.)?medium\.com/(@?[\w.-]{1,80})(?:/.*)?", (r"https://medium.com/feed/\1",)),
        (r"([\w-]{1,63})\.medium\.com/.*", (r"https://\1.medium.com/feed",)),
        (r"([\w-]{1,63})\.substack\.com/.*", (r"https://\1.substack.com/feed",)),
        (r"([\w-]{1,63})\.tumblr\.com/.*", (r"https://\1.tumblr.com/rss",)),
        (r"([\w-]{1,63})\.wordpress\.com/.*", (r"https://\1.wordpress.com/feed/",)),
        (r"([\w-]{1,63}\.blogspot\.[a-z.]{2,6})/.*", (r"https://\1/feeds/posts/default",)),
        (r"bsky\.app/profile/([\w.:-]{1,200})(?:/.*)?", (r"https://bsky.app/profile/\1/rss",)),
        (r"(?:www\.)?vimeo\.com/([\w-]{1,80})/?", (r"https://vimeo.com/\1/videos/rss",)),
        (r"(?:www\.)?dailymotion\.com/([\w-]{1,80})/?", (r"https://www.dailymotion.com/rss/user/\1",)),
        (r"news\.google\.com/(?!rss)(.*)", (r"https://news.google.com/rss/\1",)),
    )
]
_FEDIVERSE_PAGE = re.compile(r"([^/]{1,260})/@([\w.-]{1,100})(?:/.*)?")
_NO_FEDIVERSE = re.compile(r"(?:[\w-]+\.)*(?:youtube|medium|tiktok|threads|flipboard)\.(?:com|net)/")


def addresses_of(typed: str) -> list[str]:
    """The addresses to ask for what a person typed, one after the other until one answers.

    A bare host ("paper.example", "paper.example/news") is asked by HTTPS first; feed: addresses lose their feed:.
    Raises AddressRefused where nothing was typed. Whether an address is one we go to, the fetcher judges.
    """
    text = typed.strip().strip("<>\"'“”").strip()
    if not text:
        raise AddressRefused(text, "There is no address: give that of a home page, an article or a feed.")
    if name := _FEDIVERSE_NAME.fullmatch(text):
        return [f"https://{name[2]}/@{name[1]}"]
    text, is_feed_scheme = _FEED_SCHEME.subn("", text, count=1) if _FEED_SCHEME.match(text) else (text, 0)
    if _WEB.match(text):
        return [text if "//" in text[:8] else _WEB.sub(lambda scheme: f"{scheme[0]}//", text, count=1)]
    if not is_feed_scheme and _OTHER_SCHEME.match(text):
        return [text]
    bare = text.lstrip("/")
    addresses = [f"https://{bare}", f"http://{bare}"]
    return addresses if bare.startswith("www.") else [*addresses, f"https://www.{bare}"]


def without_feed_scheme(url: str) -> str:
    """A feed's address as the web has it: feed://host/x → http://host/x, feed:https://host/x → https://host/x."""
    url = url.strip()
    if not _FEED_SCHEME.match(url):
        return url
    rest = _FEED_SCHEME.sub("", url, count=1)
    return rest if _WEB.match(rest) else f"http://{rest.lstrip('/')}"


def feeds_by_pattern(url: str) -> list[str]:
    """The feeds that the address of a page alone tells of, for the sites that still have them; unproven."""
    rest = _without_scheme(url)
    for pattern, feeds in _PATTERNS:
        if found := pattern.fullmatch(rest):
            return [found.expand(feed) for feed in feeds]
    page = _FEDIVERSE_PAGE.fullmatch(rest)
    return [page.expand(r"https://\1/@\2.rss")] if page and not _NO_FEDIVERSE.match(rest) else []


def well_known(url: str) -> list[str]:
    """Where feeds often are, though the site says nothing: below the page itself, then below the host."""
    parts = urlsplit(url)
    folder = parts.path.rstrip("/")
    below = [f"{folder}{path}" for path in BELOW_A_PAGE] if folder and "." not in folder.rpartition("/")[2] else []
    return [urljoin(url, path) for path in (*below, *WELL_KNOWN)]


def home_of(url: str) -> str:
    """The home page of the host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def key_of(url: str) -> str:
    """What two spellings of one address share: http and https, "www." and a slash at the end make no difference."""
    return _without_scheme(with_plain_host(url)).removeprefix("www.").rstrip("/")


def spellings_of(url: str) -> list[str]:
    """The addresses under which a feed may be known already."""
    rest = key_of(url)
    host_first = [f"{scheme}://{www}{rest}{slash}" for scheme in ("https", "http") for www in ("", "www.")
                  for slash in ("", "/")]  # fmt: skip
    return list(dict.fromkeys([url, *host_first]))


def site_of(url: str) -> str:
    """The name a host is registered under: news.paper.co.uk → paper.co.uk; "" where there is no host."""
    try:
        host = (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return ""
    registered = get_fld(f"https://{host}/", fail_silently=True) if host else ""
    return registered or ".".join(host.split(".")[-2:])


def _without_scheme(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.lower()}{parts.path or '/'}{query}"
