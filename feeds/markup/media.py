"""Pictures, videos and other embedded things in an article, as the links we show in their place."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from lxml import etree

MAX_ALT_LENGTH = 300
TRACKER_PIXELS = 3  # a picture of no more pixels a side is there to count readers

# fmt: off
_VIDEO_HOSTS = frozenset({
    "youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "player.vimeo.com", "dailymotion.com",
    "geo.dailymotion.com", "players.brightcove.net", "players.brightcove.com", "rutube.ru", "bilibili.com",
    "player.bilibili.com",
})
_AUDIO_HOSTS = frozenset({
    "soundcloud.com", "w.soundcloud.com", "open.spotify.com", "embed.podcasts.apple.com",
})
# fmt: on
_FILE_NAME = re.compile(
    r"\S+\.(?:jpe?g|png|gif|webp|avif|svg)|(?:img|image|photo|picture|dsc)[\s_-]*\d*", re.IGNORECASE
)


def picture_link(element: etree._Element, link: Callable[[str], str]) -> tuple[str, str]:
    """Return where an <img> leads and what to call it; ("", "") for a tracker, ("", text) for an emoji.

    A picture without words has no link: ("", "") too where it stands alone; a caption may still ask for its address,
    so the address comes back whenever there is one.
    """
    if is_tracker(element):
        return "", ""
    text = " ".join(element.get("alt", "").split())[:MAX_ALT_LENGTH]
    if text and not any(character.isalnum() for character in text):
        return "", text
    target = next(filter(None, map(link, picture_sources(element))), "")
    return target, "" if _FILE_NAME.fullmatch(text) else text


def picture_sources(element: etree._Element) -> Iterator[str]:
    """Yield the addresses an <img> may be loaded from, the likeliest first: late loading hides it from `src`."""
    for name in ("data-src", "data-original", "data-lazy-src", "src"):
        if (value := element.get(name, "").strip()) and not value.startswith("data:"):
            yield value
    for name in ("data-srcset", "srcset"):
        if value := element.get(name, "").strip():
            yield value.split()[0].rstrip(",")


def is_tracker(element: etree._Element) -> bool:
    """Whether the element says itself that it is too small to be seen."""
    sizes = (re.match(r"\s*(\d+)", element.get(name, "")) for name in ("width", "height"))
    return any(size and int(size[1][:6]) <= TRACKER_PIXELS for size in sizes)


def embedded_link(element: etree._Element, link: Callable[[str], str]) -> tuple[str, str]:
    """Return where an embedded element leads and what to call it, by its kind and host; ("", "") without address."""
    sources = [element.get(name, "") for name in ("src", "data-src", "data-lazy-src", "data")]
    sources += [source.get("src", "") for source in element.iterchildren("source", "embed")]
    target = next(filter(None, map(link, filter(None, sources))), "")
    if not target.startswith("http") or is_tracker(element):
        return "", ""
    host = (urlsplit(target).hostname or "").removeprefix("www.")
    if element.tag == "video" or host in _VIDEO_HOSTS:
        return target, f"Video at {host}"
    if element.tag == "audio" or host in _AUDIO_HOSTS:
        return target, f"Audio at {host}"
    return target, f"Embedded content at {host}"
