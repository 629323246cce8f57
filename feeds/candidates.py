"""Which of the pictures told for an article leads it: by size and place. Pure; asks for none of them."""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from feeds.items import Picture

NARROWEST = 200  # pixels, as in feeds/pictures.py: anything narrower is an icon
LARGE = 480  # a picture this wide may lead a page; a smaller one only where there is none
BEST = 1_600  # what is wider costs more to fetch and is shown no larger
USUAL = 1_000  # what a picture of unknown width is taken for: the one cut for sharing seldom is smaller
HUGE = 4_000  # perhaps an original of more bytes than we take
MAX_CANDIDATES = 5
MAX_RATIO, MAX_COLUMN_RATIO = 6, 3  # of a strip's sides: banners, dividers; columns

_NO_PHOTOGRAPH = re.compile(
    r"logo(?!n)|placeholder|(?:default|fallback|generic)[-_]?(?:image|img|thumb|share|social|og|card|pic|photo|news)"
    r"|(?:share|social|og|image|img|facebook|twitter|fb)[-_]?(?:default|fallback|generic)"
    r"|(?:^|[/_-])no[-_]?(?:image|img|photo|pic|thumb)"
    r"|blank\.|spacer|favicon|avatar|apple-touch|sprite",
    re.IGNORECASE,
)
_SIZE_IN_NAME = re.compile(r"[-_/x=,](\d{2,4})x(0|\d{2,4})(?!\d)", re.IGNORECASE)
_SIZE_IN_QUERY = re.compile(r"(?:^|&)(?:resize|fit|size|d)=(\d{2,4})[x,](\d{2,4})(?:&|$)", re.IGNORECASE)
_WIDTH_IN_PATH = re.compile(r"(?:^|[/,;_-])(?:w|width)[_=-]?(\d{2,4})(?=[/,;_.-]|$)", re.IGNORECASE)
_WIDTH_IN_QUERY = re.compile(r"(?:^|&)(?:w|width|imwidth|wid)=(\d{2,4})(?:px)?(?:&|$)", re.IGNORECASE)
_NAME_END = re.compile(r"(?:[-_@](?:\d{2,4}x\d{2,4}|\d{3,4}w?|scaled|[23]x))*(?:\.\w{3,4})?$")
TELLING_NAME = 8  # characters; a shorter name of a file (original.jpg) is that of many pictures


def in_order(told: Iterable[Picture]) -> list[Picture]:
    """Return the pictures worth asking for, the best first, each once.

    told: nearest the top of the article first
    A large one beats a small one, else the nearer to the top wins. Of one picture told in several sizes one is taken
    that is large enough, with the words of all. Logos, stand-ins, icons and strips are left out.
    """
    by_name: dict[str, list[Picture]] = {}
    for picture in told:
        if is_sensible(picture):
            by_name.setdefault(_name_of(picture.url), []).append(picture)
    merged = [_best_of(same) for same in by_name.values()]
    return sorted(merged, key=lambda picture: supposed_width(picture) < LARGE)[:MAX_CANDIDATES]


def is_sensible(picture: Picture) -> bool:
    """Say whether a picture may be an article's, by its address and the size it is told to have."""
    path = urlsplit(picture.url).path
    if _NO_PHOTOGRAPH.search(path) or path.lower().endswith((".svg", ".ico")):
        return False
    width, height = size_of(picture)
    if width and width < NARROWEST:
        return False
    return not (width and height) or (width <= height * MAX_RATIO and height <= width * MAX_COLUMN_RATIO)


def size_of(picture: Picture) -> tuple[int | None, int | None]:
    """Return the width and height a picture is told to have, or its address tells; the smaller where they differ."""
    told, hinted = (picture.width, picture.height), _hinted(picture.url)
    if not told[0] or (hinted[0] and hinted[0] < told[0]):
        return hinted
    return told


def _hinted(url: str) -> tuple[int | None, int | None]:
    """The size that an address tells of itself, as content systems write it there."""
    parts = urlsplit(url)
    if found := _SIZE_IN_NAME.search(parts.path) or _SIZE_IN_QUERY.search(unquote(parts.query)):
        return int(found[1]), int(found[2]) or None
    if found := _WIDTH_IN_QUERY.search(parts.query) or _WIDTH_IN_PATH.search(parts.path):
        return int(found[1]), None
    return None, None


def supposed_width(picture: Picture) -> int:
    return size_of(picture)[0] or USUAL


def usefulness(picture: Picture) -> float:
    """How near a version's width is to the one of most use: 1,600 there, less on either side."""
    width = supposed_width(picture)
    return min(width, BEST * BEST / width)


def _best_of(same: list[Picture]) -> Picture:
    """One of several versions: the first, cut for the purpose, unless it is small; with the first words of any."""
    is_fine = USUAL <= supposed_width(same[0]) <= HUGE
    return replace(
        same[0] if is_fine else max(same, key=usefulness),
        caption=next((picture.caption for picture in same if picture.caption), ""),
        credit=next((picture.credit for picture in same if picture.credit), ""),
    )


def _name_of(url: str) -> str:
    """A picture's file name without ending and size, by which its versions are recognised; else its whole address."""
    name = _NAME_END.sub("", unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]).lower())
    return name if len(name) >= TELLING_NAME else url
