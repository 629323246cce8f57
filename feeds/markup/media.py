"""Pictures, videos and other embedded things in an article, as the links we show in their place."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from lxml import etree

MAX_ALT_LENGTH = 300
TRACKER_PIXELS = 3  # a picture of no more pixels a side is there to count readers

# What hosts of embedded things have, and what people call them.
_PROVIDERS = {
    "youtube.com": ("Video", "YouTube"), "youtube-nocookie.com": ("Video", "YouTube"), "youtu.be": ("Video", "YouTube"),
    "vimeo.com": ("Video", "Vimeo"), "player.vimeo.com": ("Video", "Vimeo"),
    "dailymotion.com": ("Video", "Dailymotion"), "geo.dailymotion.com": ("Video", "Dailymotion"),
    "players.brightcove.net": ("Video", "Brightcove"), "players.brightcove.com": ("Video", "Brightcove"),
    "rutube.ru": ("Video", "Rutube"), "vk.com": ("Video", "VK"), "vkvideo.ru": ("Video", "VK"),
    "bilibili.com": ("Video", "Bilibili"), "player.bilibili.com": ("Video", "Bilibili"),
    "tiktok.com": ("Video", "TikTok"), "twitch.tv": ("Video", "Twitch"), "player.twitch.tv": ("Video", "Twitch"),
    "soundcloud.com": ("Audio", "SoundCloud"), "w.soundcloud.com": ("Audio", "SoundCloud"),
    "open.spotify.com": ("Audio", "Spotify"), "embed.podcasts.apple.com": ("Audio", "Apple Podcasts"),
    "twitter.com": ("Post", "X"), "platform.twitter.com": ("Post", "X"), "x.com": ("Post", "X"),
    "facebook.com": ("Post", "Facebook"), "instagram.com": ("Post", "Instagram"), "t.me": ("Post", "Telegram"),
    "threads.net": ("Post", "Threads"), "embed.bsky.app": ("Post", "Bluesky"), "reddit.com": ("Post", "Reddit"),
    "embed.reddit.com": ("Post", "Reddit"), "datawrapper.dwcdn.net": ("Chart", "Datawrapper"),
    "flo.uri.sh": ("Chart", "Flourish"), "public.flourish.studio": ("Chart", "Flourish"),
    "google.com": ("Map", "Google"), "maps.google.com": ("Map", "Google"),
    "openstreetmap.org": ("Map", "OpenStreetMap"),
}  # fmt: skip
_YOUTUBE_PLAYER = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})(?:[?#].*)?", re.ASCII)
_KINDS = {"video": "Video", "audio": "Audio"}  # whoever has it
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
    """Return where an embedded element leads and what to call it, by kind and provider; ("", "") without address.

    A player of YouTube's leads to the video's own page, which says what it is.
    """
    sources = [element.get(name, "") for name in ("src", "data-src", "data-lazy-src", "data")]
    sources += [source.get("src", "") for source in element.iterchildren("source", "embed")]
    target = next(filter(None, map(link, filter(None, sources))), "")
    if not target.startswith("http") or is_tracker(element):
        return "", ""
    if player := _YOUTUBE_PLAYER.fullmatch(target):
        target = f"https://www.youtube.com/watch?v={player[1]}"
    host = (urlsplit(target).hostname or "").removeprefix("www.")
    kind, provider = _PROVIDERS.get(host, ("Embedded content", host))
    return target, f"{_KINDS.get(element.tag, kind)} at {provider}"
