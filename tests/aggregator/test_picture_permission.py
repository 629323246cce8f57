"""Pictures are fetched as robots.txt lets us."""

from io import BytesIO

import pytest
from PIL import Image

from aggregator import pictures
from aggregator.models import Article
from feeds.clock import database_now
from tests.factories import make_article
from tests.web import Answer

pytestmark = pytest.mark.django_db
ROBOTS = "https://img.example/robots.txt"
PICTURE = "https://img.example/news/1.jpg"


def jpeg() -> bytes:
    file = BytesIO()
    Image.effect_noise((900, 600), 40).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def bring(**fields) -> Article:
    make_article(picture_url=PICTURE, picture_after=database_now(), **fields)
    pictures.fetch_due_pictures()
    return Article.objects.get()


def test_a_picture_that_robots_txt_lets_us_have_comes_and_its_host_is_asked_for_nothing_else(web):
    web[ROBOTS] = "User-agent: *\nDisallow: /private/\n"
    web[PICTURE] = jpeg()
    assert bring().picture
    assert [request.url for request in web.requests] == [ROBOTS, PICTURE]


def test_a_picture_closed_to_us_is_not_fetched_and_curators_see_why(web):
    web[ROBOTS] = "User-agent: *\nDisallow: /news/\n"
    web[PICTURE] = jpeg()
    article = bring()
    assert (article.picture, article.picture_after) == ("", None)
    assert "robots.txt of img.example does not let readers like ours fetch this picture." in article.picture_error
    assert not web.asked_for(PICTURE)


def test_a_picture_whose_robots_txt_can_not_be_read_gives_way_to_the_next_at_last(web):
    web[ROBOTS] = Answer(500)
    web[PICTURE] = jpeg()
    article = bring()
    assert (article.picture_error, article.picture_attempts) == ("", 1)
    for _ in range(2):
        Article.objects.update(picture_after=database_now())
        pictures.fetch_due_pictures()
    assert "can not be read" in Article.objects.get().picture_error
    assert not web.asked_for(PICTURE)
