"""Finding the marks of sources."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from feeds import ingestion
from feeds.clock import database_now
from feeds.errors import NotAPicture
from feeds.icons import draw_mark, icons_of
from feeds.manners import outages
from feeds.marks import REFRESH, find_due_marks
from feeds.models import Source
from feeds.picture_sizes import MARK_PIXELS
from tests.factories import make_feed, make_source
from tests.web import Answer

SITE = "https://paper.example/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def icon(side: int = 180, kind: str = "PNG", colour: str = "#8a1c1c", ground: str | None = "#ffffff") -> bytes:
    """A disc on a ground, or on nothing."""
    image = Image.new("RGBA", (side, side), ground or (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((side // 8, side // 8, side - side // 8, side - side // 8), fill=colour)
    out = io.BytesIO()
    (image if kind in ("PNG", "ICO", "WEBP") else image.convert("RGB")).save(out, kind)
    return out.getvalue()


def home(*links: str) -> bytes:
    return f"<html><head>{''.join(links)}</head><body><h1>The Paper</h1></body></html>".encode()


def look() -> Source:
    find_due_marks()
    return Source.objects.get()


def look_again() -> Source:
    Source.objects.update(mark_after=database_now())
    return look()


def mark_of(source: Source) -> Image.Image:
    with default_storage.open(source.mark) as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


@pytest.mark.django_db
def test_the_icon_a_home_page_names_becomes_a_small_webp_of_ours(web):
    web[SITE] = home(
        '<link rel="icon" href="/tiny.png" sizes="16x16">', '<link rel="apple-touch-icon" href="/touch.png">'
    )
    web[f"{SITE}touch.png"] = icon(180)
    make_source(site_url=SITE)

    source = look()

    assert source.mark.startswith(f"marks/{source.pk}-")
    assert mark_of(source).size == (MARK_PIXELS, MARK_PIXELS)
    assert source.mark_after > database_now() + REFRESH * 0.8
    assert [request.path for request in web.requests if request.path != "/robots.txt"] == ["/", "/touch.png"]
    assert find_due_marks() == 0


MANIFEST = {"icons": [{"src": "/small.png", "sizes": "48x48"}, {"src": "/i/large.webp", "sizes": "192x192"}]}
SVG_AND_PNG = '<link rel="icon" href="/mark.svg" type="image/svg+xml"><link rel="icon" sizes="96x96" href="/mark.png">'


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("links", "places"),
    [
        ("", {"favicon.ico": icon(48, "ICO")}),
        ('<link rel="shortcut icon" href="/gone.png">', {"favicon.ico": icon(64, "PNG")}),
        (
            '<link rel="manifest" href="/app.json">',
            {"app.json": json.dumps(MANIFEST).encode(), "i/large.webp": icon(192, "WEBP")},
        ),
        (SVG_AND_PNG, {"mark.png": icon(96)}),
    ],
    ids=["favicon.ico", "a broken link", "manifest", "SVG"],
)
def test_an_icon_is_found_wherever_a_site_keeps_it(web, links, places):
    web[SITE] = home(links)
    for path, body in places.items():
        web[SITE + path] = body
    make_source(site_url=SITE)
    assert look().mark


@pytest.mark.django_db
def test_a_site_without_an_icon_has_no_mark_and_is_asked_again_in_a_month(web):
    web[SITE] = home()
    make_source(site_url=SITE)
    source = look()
    assert (source.mark, source.mark_attempts) == ("", 0)
    assert source.mark_after > database_now() + REFRESH * 0.8


@pytest.mark.django_db
def test_a_site_that_does_not_answer_is_asked_less_and_less_often(web):
    web[SITE] = Answer(500)
    make_source(site_url=SITE)
    waits = [look_again().mark_after - database_now() for _ in range(3)]
    assert [round(wait / timedelta(hours=1)) for wait in waits] == [1, 4, 16]


@pytest.mark.django_db
def test_a_site_that_is_silent_in_an_outage_of_our_own_is_asked_again_soon(web):
    for n in range(outages.SILENT_HOSTS):
        make_feed(url=f"https://silent{n}.example/rss")
    Source.objects.update(mark_after=database_now() + REFRESH)
    ingestion.refresh_due()
    source = make_source(site_url=SITE)

    find_due_marks()

    source.refresh_from_db()
    assert source.mark_attempts == 0
    assert source.mark_after < database_now() + timedelta(minutes=5)


@pytest.mark.django_db
def test_a_mark_stays_while_its_site_is_away_and_goes_when_it_has_another(web):
    web[SITE] = home()
    web[f"{SITE}favicon.ico"] = icon(colour="#8a1c1c")
    make_source(site_url=SITE)
    first = look().mark
    web[f"{SITE}favicon.ico"] = Answer(503)
    assert look_again().mark == first
    web[f"{SITE}favicon.ico"] = icon(colour="#1c3d8a")
    second = look_again().mark
    assert second != first
    assert default_storage.exists(second)
    assert not default_storage.exists(first)


@pytest.mark.django_db
def test_an_icon_that_robots_txt_closes_to_us_is_not_fetched(web):
    web[SITE] = home('<link rel="icon" href="/assets/icon.png" sizes="96x96">')
    web[f"{SITE}assets/icon.png"] = icon(96)
    web[f"{SITE}robots.txt"] = b"User-agent: *\nDisallow: /assets/\n"
    make_source(site_url=SITE)
    assert look().mark == ""
    assert not web.asked_for(f"{SITE}assets/icon.png")


@pytest.mark.django_db
def test_a_paused_source_is_not_asked(web):
    make_source(site_url=SITE, is_paused=True)
    assert find_due_marks() == 0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no PNG"),
        (b"<html>not found</html>", "no PNG"),
        (b"", "no PNG"),
        (icon(16), "too small"),
        (icon(180)[:60], "broken"),
        (icon(180, colour="#fff"), "one colour"),
    ],
)
def test_what_is_no_icon_we_can_show_is_refused_with_a_sentence(body, reason):
    with pytest.raises(NotAPicture, match=reason):
        draw_mark(body)


def corner_of(mark: bytes) -> tuple[int, ...]:
    colour = Image.open(io.BytesIO(mark)).convert("RGB").getpixel((1, 1))
    assert isinstance(colour, tuple)
    return colour


def test_a_white_icon_on_nothing_stands_on_a_dark_ground_and_a_dark_one_on_white():
    assert max(corner_of(draw_mark(icon(colour="#ffffff", ground=None)))) < 90
    assert min(corner_of(draw_mark(icon(colour="#101010", ground=None)))) > 240


def test_icons_are_read_from_the_page_that_names_them_by_the_size_we_need():
    page = home(
        '<link rel="icon" href="32.png" sizes="32x32">',
        '<link rel="icon" href="192.png" sizes="192x192">',
        '<link rel="mask-icon" href="mask.png">',
        '<link rel="icon" href="javascript:alert(1)">',
        '<link rel="apple-touch-icon-precomposed" href="//cdn.paper.example/touch.png">',
    )
    urls = icons_of(page, url=SITE).urls
    assert urls == (f"{SITE}192.png", "https://cdn.paper.example/touch.png", f"{SITE}32.png")
