import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from feeds.errors import NotAPicture
from feeds.pictures import shrink


def picture(size=(800, 600), colour="#336699", mode="RGB"):
    return Image.new(mode, size, colour)


def as_bytes(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(body):
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_a_picture_becomes_webp_in_the_widths_it_has(kind):
    shrunk = shrink(as_bytes(picture((800, 600)), kind))

    assert list(shrunk.by_width) == [320, 640]
    assert (shrunk.width, shrunk.height) == (800, 600)
    sizes = [(opened(body).format, opened(body).size) for body in shrunk.by_width.values()]
    assert sizes == [("WEBP", (320, 240)), ("WEBP", (640, 480))]


def test_a_picture_narrower_than_all_widths_keeps_its_own():
    assert list(shrink(as_bytes(picture((250, 200)), "PNG")).by_width) == [250]


def test_a_picture_is_never_enlarged():
    assert list(shrink(as_bytes(picture((1279, 700)), "JPEG")).by_width) == [320, 640]


def test_the_colour_is_the_one_that_covers_most():
    image = picture((400, 300), "#cc0000")
    ImageDraw.Draw(image).rectangle((0, 0, 80, 300), fill="white")
    red, green, blue = bytes.fromhex(shrink(as_bytes(image, "PNG")).colour[1:])
    assert red > 190 and green < 20 and blue < 20


def test_a_photograph_on_its_side_is_turned_upright():
    image = picture((800, 400), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 100, 400), fill="black")  # the left edge is the top: orientation 6
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {2: (48.0, 51.0, 0.0)}  # where it was taken

    shrunk = shrink(as_bytes(image, "JPEG", exif=exif))

    assert (shrunk.width, shrunk.height) == (400, 800)
    small = opened(shrunk.by_width[320])
    assert small.size == (320, 640)
    top, bottom = (small.convert("L").getpixel((160, y)) for y in (10, 600))
    assert top < 60 and bottom > 200
    assert not small.getexif() and "icc_profile" not in small.info


def test_transparent_parts_become_white():
    image = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 199, 300), fill=(200, 0, 0, 255))
    small = opened(shrink(as_bytes(image, "PNG")).by_width[320]).convert("RGB")
    assert min(small.getpixel((300, 100))) > 245
    assert small.getpixel((40, 100))[1] < 40


def test_a_palette_with_a_transparent_colour_becomes_white_there():
    image = picture((400, 300), 0, mode="P")
    image.putpalette([10, 20, 30] + [0] * 765)
    small = opened(shrink(as_bytes(image, "GIF", transparency=0)).by_width[320]).convert("RGB")
    assert min(small.getpixel((100, 100))) > 245


def test_colours_for_print_and_deep_greys_are_shown_right():
    cmyk = opened(shrink(as_bytes(Image.new("CMYK", (400, 300), (0, 255, 255, 0)), "JPEG")).by_width[320])
    assert cmyk.convert("RGB").getpixel((50, 50))[0] > 200
    deep = Image.new("I;16", (400, 300), 65535 // 2)
    assert 120 < opened(shrink(as_bytes(deep, "PNG")).by_width[320]).convert("L").getpixel((9, 9)) < 136


def test_of_an_animation_the_first_frame_is_kept():
    frames = [picture((400, 300), colour) for colour in ("#00ff00", "#ff0000", "#0000ff")]
    body = as_bytes(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    small = opened(shrink(body).by_width[320])
    assert getattr(small, "n_frames", 1) == 1
    assert small.convert("RGB").getpixel((9, 9))[1] > 200


def claiming_png(width, height):
    """A PNG of a few bytes whose header claims a size."""

    def chunk(kind, data):
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no JPEG, PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"<?xml version='1.0'?><svg></svg>", "SVG"),
        (b"<!DOCTYPE html><title>404</title>", "a page"),
        (b"%PDF-1.7", "no JPEG, PNG"),
        (b"BM" + bytes(100), "no JPEG, PNG"),
        (b"\x00\x00\x01\x00" + bytes(100), "no JPEG, PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "no JPEG, PNG"),
        (as_bytes(picture((199, 400)), "PNG"), "199 pixels wide: an icon"),
        (as_bytes(picture((1, 1)), "GIF"), "an icon"),
        (as_bytes(picture((300, 2000)), "PNG"), "strip"),
        (as_bytes(picture((4000, 240)), "PNG"), "strip"),
        (claiming_png(60_000, 60_000), "too many pixels"),
        (claiming_png(9_000, 9_000), "too many pixels"),
        (claiming_png(800, 600), "broken"),
        (as_bytes(picture(), "JPEG")[:200], "broken"),
        (as_bytes(picture(), "WEBP")[:40], "broken"),
        (b"GIF89a" + bytes(50), "broken|icon"),
        (b"\x00\x00\x00\x1cftypavif" + bytes(50), "broken"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(50), "broken"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_with_a_sentence(body, reason):
    with pytest.raises(NotAPicture, match=reason) as caught:
        shrink(body)
    assert str(caught.value).endswith(".")


def test_a_jpeg_with_a_tail_of_script_comes_out_without_it():
    body = as_bytes(picture(), "JPEG") + b"<script>alert(1)</script>"
    assert all(b"<script" not in small for small in shrink(body).by_width.values())


def test_every_cut_of_a_picture_is_either_shown_or_refused():
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF"):
        body = as_bytes(picture((300, 220)), kind)
        for length in range(12, len(body), max(1, len(body) // 25)):
            try:
                assert shrink(body[:length]).by_width
            except NotAPicture:
                continue
