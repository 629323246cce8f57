"""The pages of one article and of one story."""

import contextlib

import pytest
from django.utils import timezone

from accounts.excluding import Wanted, block
from aggregator.models import Article, Story
from tests.factories import A_WEDNESDAY, give_picture, make_article, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db


def page_of(client, thing: Article | Story) -> str:
    response = client.get(thing.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_an_article_says_when_and_by_whom_in_the_readers_zone(client):
    client.cookies["tz"] = "Asia/Kolkata"
    source = make_source(name="RT", country="RU")

    page = page_of(client, make_article(source=source, published_at=A_WEDNESDAY))

    assert ">Jan 14, 2026 21:29 IST</time>" in page
    assert "Posted on:" in page and "Posted by:" in page and "<bdi>RT</bdi>" in page
    assert "flags.svg#ru" in page and "<title>Russia</title>" in page


def test_a_zone_without_letters_is_told_by_its_offset(client):
    client.cookies["tz"] = "Asia/Yerevan"

    assert ">Jan 14, 2026 19:59 UTC+4</time>" in page_of(client, make_article(published_at=A_WEDNESDAY))


def test_a_zone_that_does_not_exist_is_laid_aside(client):
    client.cookies["tz"] = "../../etc/passwd"

    assert "15:59 UTC</time>" in page_of(client, make_article(published_at=A_WEDNESDAY))


@pytest.mark.parametrize("policy", ["full_text", "excerpt", "headline"])
def test_an_article_always_leads_to_its_original(client, policy):
    source = make_source(name="RT", display_policy=policy)

    page = page_of(client, make_article(source=source, url="https://rt.example/a/1"))

    assert 'href="https://rt.example/a/1"' in page and ("Read at RT" in page or "Read the rest at RT" in page)
    assert "rt.example/a/1</a>" in page


LONG_TEXT = " ".join(f"word{number}" for number in range(200))


def article_shown_as(policy: str) -> Article:
    return make_article(
        source=make_source(display_policy=policy),
        description="What it is about",
        text=LONG_TEXT,
        html=f"<p><strong>{LONG_TEXT}</strong></p>",
    )


def test_full_text_shows_the_sanitised_text_as_it_is(client):
    assert f"<p><strong>{LONG_TEXT}</strong></p>" in page_of(client, article_shown_as("full_text"))


def test_an_excerpt_ends_early_and_says_who_has_the_rest(client):
    article = article_shown_as("excerpt")

    page = page_of(client, article)

    assert "word59…" in page and "word60" not in page
    assert f"{article.source.name} has the whole article." in page


def test_headline_only_shows_neither_text_nor_description(client):
    page = page_of(client, article_shown_as("headline"))

    assert "word1" not in page and "What it is about" not in page
    assert "We show the headline only." in page


def test_a_page_that_asks_for_less_gets_less(client):
    article = article_shown_as("full_text")
    Article.objects.filter(pk=article.pk).update(page_display="headline")

    assert "word1" not in page_of(client, article)


def test_text_without_html_comes_as_paragraphs_and_stays_text(client):
    article = make_article(text="First <b>one</b>.\n\nSecond one.")

    page = page_of(client, article)

    assert "<p>First &lt;b&gt;one&lt;/b&gt;.</p> <p>Second one.</p>" in page


def test_a_picture_comes_in_several_widths_with_caption_and_credit(client):
    article = make_article(picture_caption="The valley", picture_credit="A. Petrosyan")
    give_picture(article, width=1280, height=800)

    page = page_of(client, article)

    assert "-320.webp 352w" in page and "-1280.webp 1408w" in page
    assert 'width="1280" height="800"' in page
    assert "The valley" in page and "Picture: <bdi>A. Petrosyan</bdi>" in page
    with contextlib.closing(client.get(f"/media/{article.picture}-320.webp")) as stored:
        assert stored.headers["Content-Type"] == "image/webp"


@pytest.mark.parametrize("path", ["pictures/../../secret-key", "pictures/none-320.webp", "x.html", "..%2fsecret.webp"])
def test_the_folder_of_pictures_gives_out_nothing_else(client, path):
    assert client.get(f"/media/{path}").status_code == 404


def test_an_article_shows_how_other_countries_tell_its_story(client):
    ours, theirs = make_article(country="RU", title="Ours"), make_article(country="PL", title="Theirs")
    story = make_story(told_by=(ours, theirs))

    page = page_of(client, ours)

    assert "How other countries tell it" in page and "Theirs" in page
    assert f'href="{story.get_absolute_url()}"' in page


def test_an_article_told_by_nobody_else_shows_no_empty_section(client):
    assert "How other countries tell it" not in page_of(client, make_article())


def test_author_tags_and_reading_time_stand_there(client):
    page = page_of(client, make_article(author="Maria Keller", tags=["talks", "winter"], text="x", word_count=660))

    assert "By <bdi>Maria Keller</bdi>" in page and "3 minutes to read" in page
    assert 'href="/search/?q=%22talks%22">talks</a></li>' in page and ">winter</a></li>" in page


def test_an_old_slug_leads_to_the_present_one(client):
    article = make_article(title="New title")

    response = client.get(f"/article/{article.pk}/old-title/")

    assert response.status_code == 301 and response.headers["Location"] == article.get_absolute_url()


def test_a_title_in_another_script_has_an_address_that_works(client):
    article = make_article(title="Հայաստան", language="hy")

    assert "Հայաստան" in page_of(client, article)


def test_a_title_without_letters_has_an_address_that_works(client):
    assert "???" in page_of(client, make_article(title="???", slug=""))


def test_an_article_costs_the_same_however_many_tell_its_story(client, django_assert_max_num_queries):
    for count in (2, 9):
        told = tuple(
            make_article(country=iso) for iso in ("GB", "FR", "IN", "JP", "RU", "PL", "AZ", "US", "CA")[:count]
        )
        make_story(told_by=told)
        with django_assert_max_num_queries(8):
            client.get(told[0].get_absolute_url())


@pytest.mark.parametrize("address", ["/", "/latest/", "/category/sports/", "/category/sports/?tab=latest"])
def test_each_list_says_how_many_articles_a_readers_keywords_hide(client, address):
    for number in range(3):
        make_article(title=f"Football {number}", category="sports")
    make_article(title="Tennis final", category="sports")
    block_football(client)

    page = client.get(address).content.decode()

    assert 'data-hidden="3"' in page and "Tennis final" in page and "Football" not in page


def test_lists_say_how_many_articles_are_hidden_and_can_show_them(client):
    make_article(title="Football final", minutes_ago=5)
    make_article(title="Rain expected", minutes_ago=6)
    block_football(client)

    hidden = client.get("/latest/").content.decode()
    shown = client.get("/latest/?hidden=show").content.decode()

    assert 'data-hidden="1"' in hidden and "Football final" not in hidden
    assert "Football final" in shown


def block_football(client) -> None:
    """Read on as somebody who blocks a word."""
    reader = make_reader()
    block(reader, Wanted("football"), timezone.now())
    client.force_login(reader)
