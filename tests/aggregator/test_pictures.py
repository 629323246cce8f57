"""Bringing in the pictures of articles."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from aggregator.models import Article
from aggregator.pictures import fetch_due_pictures
from feeds.clock import database_now
from tests.factories import make_article
from tests.web import Answer

pytestmark = pytest.mark.django_db
URL = "https://paper.example/lock.jpg"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def jpeg(width: int = 1600, height: int = 1000, colour: str = "#336699") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "JPEG")
    return file.getvalue()


def wanting(**fields) -> Article:
    return make_article(**{"picture_url": URL, "picture_after": database_now()} | fields)


def bring_again() -> int:
    Article.objects.exclude(picture_after=None).update(picture_after=database_now())
    return fetch_due_pictures()


def test_a_picture_is_fetched_re_encoded_in_three_widths_and_kept_by_us(web):
    web[URL] = jpeg()
    wanting()

    assert fetch_due_pictures() == 1

    article = Article.objects.get()
    assert (article.picture_width, article.picture_height) == (1600, 1000)
    assert article.picture_colour.startswith("#3")
    for width in (320, 640, 1280):
        with default_storage.open(f"{article.picture}-{width}.webp") as file:
            assert Image.open(file).size[0] == width
    assert fetch_due_pictures() == 0


def test_the_page_shows_our_copy_and_never_the_publishers(web, client):
    web[URL] = jpeg()
    article = wanting(picture_caption="The lock", picture_credit="B. Lens")
    fetch_due_pictures()

    page = client.get(article.get_absolute_url()).content.decode()

    assert "The lock" in page
    assert "B. Lens" in page
    assert URL not in page
    assert f"/media/pictures/{article.pk % 1000:03d}/{article.pk}-640.webp" in page


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404),
        Answer(body=b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Answer(body=b"GIF89a..."),
        Answer(body=b""),
    ],
)
def test_a_picture_that_will_never_be_one_is_given_up_at_once(web, answer):
    web[URL] = answer
    wanting()
    fetch_due_pictures()
    article = Article.objects.get()
    assert (article.picture, article.picture_after) == ("", None)


def test_an_icon_is_no_picture(web):
    web[URL] = jpeg(64, 64)
    wanting()
    fetch_due_pictures()
    assert Article.objects.get().picture == ""


def test_a_server_that_is_away_is_asked_three_times(web):
    web[URL] = Answer(503)
    wanting()
    assert [bring_again() for _ in range(4)] == [1, 1, 1, 0]
    assert len(web.asked_for(URL)) == 3


def test_the_newest_articles_get_their_pictures_first(web):
    for name in ("old", "new"):
        web[f"https://paper.example/{name}.jpg"] = jpeg()
    wanting(picture_url="https://paper.example/old.jpg", minutes_ago=600)
    new = wanting(picture_url="https://paper.example/new.jpg", minutes_ago=1)
    fetch_due_pictures(limit=1)
    assert Article.objects.exclude(picture="").get() == new
