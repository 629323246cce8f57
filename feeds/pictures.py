"""Anybody's picture → small WebP pictures of ours. Always re-encoded: no byte of the original is passed on. Pure."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps

from feeds.errors import NotAPicture

WIDTHS = (320, 640, 1280)
MIN_WIDTH = 200  # pixels; anything narrower is an icon, a logo or a tracker
MAX_PIXELS = 40_000_000  # 320 MB when unpacked with transparency; a sandbox's child has 512
MAX_HEIGHT_RATIO = 4  # times its width; a taller picture is a column of text or an infographic
WEBP_QUALITY = 78

_FORMATS = {  # by magic bytes: offset, bytes, Pillow's name, which is the only decoder then tried
    "JPEG": ((0, b"\xff\xd8\xff"),),
    "PNG": ((0, b"\x89PNG\r\n\x1a\n"),),
    "GIF": ((0, b"GIF87a"), (0, b"GIF89a")),
    "WEBP": ((8, b"WEBPVP8"),),
    "AVIF": ((4, b"ftypavif"), (4, b"ftypavis"), (4, b"ftypmif1")),
}


@dataclass(frozen=True, slots=True)
class Shrunk:
    by_width: dict[int, bytes]  # WebP; the widths asked for that the original has, or its own where it has none
    width: int  # pixels of the original, upright
    height: int
    colour: str  # "#rrggbb", to show while it loads


def shrink(body: bytes, widths: Sequence[int] = WIDTHS) -> Shrunk:
    """Re-encode a JPEG, PNG, GIF, WebP or AVIF picture as WebP in several widths.

    Turned upright by its EXIF orientation, which goes with all other metadata; transparency becomes white; of an
    animation the first frame is kept. Raises NotAPicture for other formats (SVG among them), icons, columns, broken
    files, and for more pixels than MAX_PIXELS, before they are unpacked.
    """
    kind = _kind(body)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=[kind]) as original:
                return _shrunk(original, sorted(widths))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise NotAPicture("The picture has too many pixels.") from None
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, TypeError, KeyError, IndexError) as error:
        raise NotAPicture(f"The {kind} picture is broken: it cannot be decoded.") from error


def _kind(body: bytes) -> str:
    for kind, signs in _FORMATS.items():
        if any(body[offset : offset + len(sign)] == sign for offset, sign in signs):
            return kind
    start = body[:1000].lstrip().lower()
    if start.startswith((b"<svg", b"<?xml")) and b"<svg" in body[:5000].lower():
        raise NotAPicture("SVG pictures are not shown: they can hold scripts.")
    if start.startswith((b"<!doctype", b"<html")):
        raise NotAPicture("This is a page, not a picture.")
    raise NotAPicture("This is no JPEG, PNG, GIF, WebP or AVIF picture.")


def _shrunk(original: Image.Image, widths: Sequence[int]) -> Shrunk:
    width, height = original.size
    if width * height > MAX_PIXELS:  # before anything else: reading a PNG's metadata unpacks it
        raise NotAPicture(f"The picture has too many pixels ({width} × {height}).")
    if original.getexif().get(0x0112, 1) in (5, 6, 7, 8):  # lies on its side
        width, height = height, width
    _refuse_odd(width, height)
    original.draft("RGB", (max(widths), max(widths)))  # JPEG: unpack no more pixels than will be used
    picture = _upright(original)
    targets = [wanted for wanted in widths if wanted <= width] or [width]
    by_width: dict[int, bytes] = {}
    for wanted in reversed(targets):  # each from the next larger, which is faster and looks the same
        picture = picture.resize((wanted, max(1, round(height * wanted / width))), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=WEBP_QUALITY, method=4)
        by_width[wanted] = out.getvalue()
    return Shrunk(dict(sorted(by_width.items())), width, height, _colour(picture))


def _refuse_odd(width: int, height: int) -> None:
    if width < MIN_WIDTH:
        raise NotAPicture(f"The picture is only {width} pixels wide: an icon.")
    if height > width * MAX_HEIGHT_RATIO or width > height * MAX_HEIGHT_RATIO * 2:
        raise NotAPicture(f"The picture is a strip ({width} × {height}).")


def _upright(original: Image.Image) -> Image.Image:
    """The first frame, turned as its EXIF says, as RGB on white, within a size that is quick to scale."""
    picture = ImageOps.exif_transpose(original)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        with_alpha = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        picture = Image.new("RGB", with_alpha.size, "white")
        picture.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return picture.convert("RGB") if picture.mode not in ("I", "I;16", "I;16B", "F") else _eight_bit(picture)


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Deep grey values, which Pillow would clip at 255, scaled to eight bits."""
    return picture.convert("F").point(lambda value: value * (1 / 257) + 0).convert("L").convert("RGB")


def _colour(picture: Image.Image) -> str:
    """The commonest colour, roughly: of eight, the one that covers most."""
    small = picture.resize((32, 32), Image.Resampling.BOX).quantize(8, method=Image.Quantize.MEDIANCUT)
    palette = small.getpalette() or [128, 128, 128]
    index = small.histogram().index(max(small.histogram()))
    red, green, blue = palette[3 * index : 3 * index + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"
