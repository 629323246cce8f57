"""A site's icon: where its home page says it is, and what we make of its bytes. Touches neither network nor database.

What parses strangers' bytes here is called in the sandbox; see feeds/marks.py.
"""

import io
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml.etree import LxmlError
from lxml.html import HtmlElement, document_fromstring
from PIL import Image, ImageStat

from feeds.errors import NotAPicture
from feeds.pages.bounds import bounded
from feeds.pages.charsets import decode_page
from feeds.picture_sizes import MARK_PIXELS
from feeds.sanitising import allowed_url

SMALLEST = 32  # pixels a side; a smaller icon is a smudge where we show it
MOST_PIXELS = 4_000_000
MAX_HTML_BYTES, MAX_MANIFEST_BYTES = 1_000_000, 200_000
MOST_ICONS = 5  # that are asked for, one after the other, until one can be shown
BEST_SIZE, TOUCH_SIZE, UNTOLD_SIZE = 192, 180, 24
PALE = 0.8  # mean brightness, 0 to 1, above which a see-through icon is drawn on a dark ground
SEE_THROUGH = 0.9  # of its pixels an icon covers less, or it has a ground of its own
LIGHT_GROUND, DARK_GROUND = (255, 255, 255), (38, 42, 50)

_FORMATS = {
    b"\x89PNG\r\n\x1a\n": "PNG", b"\x00\x00\x01\x00": "ICO", b"\xff\xd8\xff": "JPEG", b"GIF87a": "GIF",
    b"GIF89a": "GIF", b"RIFF": "WEBP",
}  # fmt: skip
_LINKS = "//link[@href][contains(translate(@rel, 'ICON', 'icon'), 'icon')]"
_MANIFEST = "string(//link[translate(@rel, 'MANIFEST', 'manifest')='manifest']/@href)"
_SIDE = re.compile(r"(\d{1,4})[xX]\d{1,4}")


@dataclass(frozen=True, slots=True)
class Icons:
    """Where a home page says its icons are, the best first, and its manifest, which may tell more; "" without one."""

    urls: tuple[str, ...]
    manifest_url: str


def icons_of(body: bytes, *, url: str, content_type: str = "") -> Icons:
    """Read which icons a home page names; none where the bytes are no page."""
    try:
        markup = bounded(decode_page(body[:MAX_HTML_BYTES], content_type).replace("\x00", ""))
        tree = document_fromstring(markup or "<p>")
    except (LxmlError, ValueError):
        return Icons((), "")
    return Icons(_best(_linked(tree, url)), allowed_url(tree.xpath(_MANIFEST), base=url))


def icons_of_manifest(body: bytes, *, url: str) -> tuple[str, ...]:
    """Read which icons a web app manifest names, the best first; none where the bytes are none."""
    try:
        told = json.loads(body[:MAX_MANIFEST_BYTES])
        icons = told["icons"][:50]
        sized = [(_side(icon.get("sizes")) or UNTOLD_SIZE, icon["src"]) for icon in icons]
        return _best((size, allowed_url(source, base=url)) for size, source in sized)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()


def _linked(tree: HtmlElement, url: str) -> Iterator[tuple[int, str]]:
    for link in tree.xpath(_LINKS)[:50]:
        rels = link.get("rel", "").lower().split()
        is_touch = any(rel.startswith("apple-touch-icon") for rel in rels)
        if is_touch or "icon" in rels:
            yield (
                _side(link.get("sizes")) or (TOUCH_SIZE if is_touch else UNTOLD_SIZE),
                allowed_url(link.get("href"), base=url),
            )


def _best(icons: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """The addresses of icons, the nearest in size to what we show best first: a little larger, never SVG."""
    fit = [(size, url) for size, url in icons if url.startswith("http") and not re.search(r"\.svgz?(?:$|\?)", url)]
    fit.sort(key=lambda icon: (icon[0] < MARK_PIXELS, abs(icon[0] - BEST_SIZE)))
    return tuple(dict.fromkeys(url for _, url in fit))[:MOST_ICONS]


def _side(sizes: Any) -> int:
    """The largest side that a `sizes` attribute tells, such as "16x16 32x32"; 0 where it tells none."""
    return max((int(side) for side in _SIDE.findall(str(sizes or "")[:200])), default=0)


def draw_mark(body: bytes) -> bytes:
    """Re-encode an icon as a square WebP of at most MARK_PIXELS a side, on a ground it can be seen on.

    PNG, ICO, JPEG, GIF and WebP are read. Raises NotAPicture for all else (SVG among it), for what is broken, tiny
    or a strip, and for icons of one colour, which show nothing.
    """
    kind = next((kind for start, kind in _FORMATS.items() if body.startswith(start)), None)
    if kind is None:
        raise NotAPicture("This is no PNG, ICO, JPEG, GIF or WebP icon.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=[kind]) as original:
                return _drawn(original)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise NotAPicture("The icon has too many pixels.") from None
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, TypeError, KeyError, IndexError) as error:
        raise NotAPicture(f"The {kind} icon is broken: it cannot be decoded.") from error


def _drawn(original: Image.Image) -> bytes:
    width, height = original.size
    if min(width, height) < SMALLEST:
        raise NotAPicture(f"The icon is too small ({width} × {height}).")
    if width * height > MOST_PIXELS or max(width, height) > 2 * min(width, height):
        raise NotAPicture(f"The icon has an odd size ({width} × {height}).")
    icon = original.convert("RGBA")
    side = min(MARK_PIXELS, max(width, height))
    icon.thumbnail((side, side), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", (side, side), (*_ground_for(icon), 255))
    ground.alpha_composite(icon, ((side - icon.width) // 2, (side - icon.height) // 2))
    mark = ground.convert("RGB")
    if len(mark.getcolors(MARK_PIXELS * MARK_PIXELS) or ()) == 1:
        raise NotAPicture("The icon is of one colour.")
    out = io.BytesIO()
    mark.save(out, "WEBP", quality=88, method=6)
    return out.getvalue()


def _ground_for(icon: Image.Image) -> tuple[int, int, int]:
    """White, but dark where what is to be seen of an icon is itself nearly white."""
    seen = icon.getchannel("A").point(lambda alpha: 255 * (alpha > 127))
    share = ImageStat.Stat(seen).mean[0] / 255
    is_pale = share > 0 and ImageStat.Stat(icon.convert("L"), mask=seen).mean[0] / 255 > PALE
    return DARK_GROUND if is_pale and share < SEE_THROUGH else LIGHT_GROUND
