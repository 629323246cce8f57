"""Bringing in the pictures of articles."""

import io

import pytest
from django.core.files.storage import default_storage
from django.test import TestCase
from PIL import Image

from aggregator.models import Article
from aggregator.pictures import fetch_due_pictures
from feeds import ingestion
from feeds.clock import database_now
from feeds.manners import outages
from tests.factories import make_article, make_feed, make_source, make_story
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
    article.refresh_from_db()
    assert article.picture.startswith(f"pictures/{article.pk % 1000:03d}/{article.pk}-")
    assert f"/media/{article.picture}-640.webp" in page


def spare(name: str, **words: str) -> dict[str, str]:
    return {"url": f"https://paper.example/{name}.jpg", "caption": "", "credit": ""} | words


def test_a_broken_picture_makes_room_for_the_next_with_the_words_of_that_one(web):
    web[URL] = Answer(404)
    web["https://paper.example/second.jpg"] = jpeg(640, 400)
    wanting(picture_caption="The lock", picture_spares=[spare("second", caption="The weir", credit="C. Lens")])

    fetch_due_pictures()
    failed = Article.objects.get()
    fetch_due_pictures()

    article = Article.objects.get()
    assert "lock.jpg: " in failed.picture_error
    assert "404" in failed.picture_error
    assert len(web.asked_for(URL)) == 1
    assert (article.picture_width, article.picture_caption, article.picture_credit) == (640, "The weir", "C. Lens")
    assert (article.picture_error, article.picture_spares) == ("", [])


def test_a_curator_reads_why_no_picture_of_an_article_could_be_had(web):
    web[URL] = Answer(404)
    web["https://paper.example/second.jpg"] = b"<html>moved</html>"
    wanting(picture_spares=[spare("second")])
    for _ in range(3):
        fetch_due_pictures()

    article = Article.objects.get()
    assert (article.picture, article.picture_after) == ("", None)
    assert [line.split(": ")[0] for line in article.picture_error.splitlines()] == [URL, spare("second")["url"]]


def test_a_picture_that_killed_its_reader_at_every_attempt_is_given_up(web):
    wanting(picture_attempts=Article.MAX_PICTURE_ATTEMPTS)
    assert fetch_due_pictures() == 0
    assert "stopped the reader" in Article.objects.get().picture_error


def test_a_host_on_hold_costs_no_attempt(web):
    web[URL] = Answer(429, headers={"Retry-After": "60"})
    wanting()
    fetch_due_pictures()
    article = Article.objects.get()
    assert article.picture_attempts == 0
    assert article.picture_after > database_now()


def test_a_picture_that_stories_of_a_source_share_is_its_sites_own_and_leaves_all_of_them(web, settings):
    web[URL] = jpeg()
    web["https://paper.example/own.jpg"] = jpeg(800, 500)
    source = make_source()
    for minutes in (50, 40, 30):
        make_story(told_by=(wanting(source=source, minutes_ago=minutes),))
    fetch_due_pictures()
    shown = Article.objects.exclude(picture="").first()
    file = f"{shown.picture}-640.webp"
    assert default_storage.exists(file)

    make_story(told_by=(wanting(source=source, picture_spares=[spare("own")]),))
    with TestCase.captureOnCommitCallbacks(execute=True):
        fetch_due_pictures()
    fetch_due_pictures()

    assert [article.picture_url for article in Article.objects.exclude(picture="")] == [spare("own")["url"]]
    assert Article.objects.filter(picture_error__contains="the site's own picture").count() == 3
    assert not default_storage.exists(file)
    make_story(told_by=(wanting(source=source, minutes_ago=1),))
    fetch_due_pictures()
    assert Article.objects.exclude(picture="").count() == 1, "known from now on"


def test_articles_of_one_story_and_other_sources_may_share_a_photograph(web):
    web[URL] = jpeg()
    source = make_source()
    make_story(told_by=tuple(wanting(source=source) for _ in range(5)))
    make_story(told_by=(wanting(),))
    fetch_due_pictures()
    assert Article.objects.exclude(picture="").count() == 6


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


@pytest.mark.parametrize("is_robots_known", [True, False])
def test_a_picture_loses_no_attempt_to_an_outage_of_our_own(web, is_robots_known):
    if is_robots_known:
        web[URL] = jpeg()
        wanting()
        fetch_due_pictures()
        web.clear()
    for n in range(outages.SILENT_HOSTS):
        make_feed(url=f"https://silent{n}.example/rss")
    ingestion.refresh_due()
    article = wanting()

    for _ in range(4):
        assert bring_again() == 1

    article.refresh_from_db()
    assert (article.picture_url, article.picture_attempts, article.picture_error) == (URL, 0, "")


def test_a_silent_server_of_a_well_line_is_asked_three_times_for_a_picture(web):
    web[URL] = jpeg()
    wanting()
    fetch_due_pictures()
    web.clear()
    article = wanting()

    assert [bring_again() for _ in range(4)] == [1, 1, 1, 0]
    article.refresh_from_db()
    assert article.picture_error


def test_the_newest_articles_get_their_pictures_first(web):
    for name in ("old", "new"):
        web[f"https://paper.example/{name}.jpg"] = jpeg()
    wanting(picture_url="https://paper.example/old.jpg", minutes_ago=600)
    new = wanting(picture_url="https://paper.example/new.jpg", minutes_ago=1)
    fetch_due_pictures(limit=1)
    assert Article.objects.exclude(picture="").get() == new
