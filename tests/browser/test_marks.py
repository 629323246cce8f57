"""A source's mark in a real browser: in its place, in the middle of it, and nothing moves when a picture comes."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from playwright.sync_api import Page

from aggregator.models import Article
from feeds.clock import database_now
from feeds.models import Category
from tests.browsers import arrived
from tests.factories import give_picture, make_article, make_source
from zisnews.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

SIZES = [(1280, 900), (390, 844)]
PLACES = "Array.from(document.querySelectorAll('.thumb')).map(place => place.getBoundingClientRect().toJSON())"
OFF_CENTRE = """Array.from(document.querySelectorAll('.stand-in')).map(place => {
    const outer = place.getBoundingClientRect(), inner = place.firstElementChild.getBoundingClientRect();
    return Math.hypot(outer.x + outer.width / 2 - inner.x - inner.width / 2,
                      outer.y + outer.height / 2 - inner.y - inner.height / 2);
})"""
ARE_LOADED = "Array.from(document.images).every(image => image.complete && image.naturalWidth)"
FOREIGN = """Array.from(document.images).filter(image =>
    new URL(image.currentSrc || image.src).host !== location.host).map(image => image.src)"""


@pytest.fixture
def articles(live_server, transactional_db, settings, tmp_path) -> list[Article]:
    """Six articles whose pictures are still to come, of a source with an icon and of others with monograms."""
    settings.MEDIA_ROOT = tmp_path / "media"
    Category.objects.get_or_create(slug="general", defaults={"position": 0})
    file = io.BytesIO()
    Image.new("RGB", (96, 96), "#8a1c1c").save(file, "WEBP")
    default_storage.save("marks/1-0a1b2c3d.webp", ContentFile(file.getvalue()))
    marked = make_source(name="Harbour Herald", mark="marks/1-0a1b2c3d.webp")
    awaited = {"picture_url": "https://paper.example/bridge.jpg", "picture_after": database_now()}
    return [
        make_article(source=marked if n % 2 else None, title=f"Bridge number {n} opens", **awaited) for n in range(6)
    ]


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
@pytest.mark.parametrize("address", ["/", "/latest/"])
def test_a_picture_that_comes_later_moves_nothing(page: Page, live_server, articles, address, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(live_server.url + address)
    before = arrived(page).evaluate(PLACES)
    assert before
    assert max(page.evaluate(OFF_CENTRE)) < 1

    for article in articles:
        give_picture(article, width=640, height=400)
    page.reload()

    assert arrived(page).evaluate(PLACES) == before
    assert page.evaluate("document.querySelectorAll('.stand-in').length") == 0


@pytest.mark.parametrize("address", ["/latest/", "/source/", "article"])
def test_a_mark_stands_before_its_name_and_comes_from_us(page: Page, live_server, articles, address):
    page.goto(live_server.url + (articles[1].get_absolute_url() if address == "article" else address))
    arrived(page).evaluate("Array.from(document.images).forEach(image => { image.loading = 'eager' })")
    assert wait_until(lambda: page.evaluate(ARE_LOADED), 30)  # the page's policy forbids wait_for_function its eval
    assert page.evaluate(FOREIGN) == []
    if address == "/latest/":
        return
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        mark = page.locator("main .emblem").first.bounding_box()
        name = page.locator("main .emblem ~ a, main .emblem ~ div a").first.bounding_box()
        assert mark and name
        assert (mark["x"] < name["x"]) is (direction == "ltr")
