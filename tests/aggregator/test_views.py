"""The list pages: what stands on them, in which order, and what they cost."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.ads import ads_in_force
from aggregator.models import Article
from aggregator.templatetags import kept_cards
from feeds.models import Source
from tests.factories import give_picture, make_article, make_source, make_story

pytestmark = pytest.mark.django_db

# The navigation asks for the categories; a list for one page of rows, and for the cards that are not kept yet.
QUERIES_OF_A_LIST, CARDS = 2, 1


def shown(response) -> list[str]:
    return [article.title for article in response.context["articles"]]


def next_link(response) -> str:
    link = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
    assert link
    return link[1].replace("&amp;", "&")


def test_latest_lists_everything_newest_first(client):
    make_article(title="Older", minutes_ago=20)
    make_article(title="Newer", minutes_ago=10)

    assert shown(client.get("/latest/")) == ["Newer", "Older"]


def test_older_articles_are_one_plain_link_away(client):
    source = make_source()
    for number in range(31):
        make_article(source=source, title=f"Number {number}", minutes_ago=number)

    first = client.get("/latest/")
    older = next_link(first)
    second = client.get("/latest/" + older)

    assert shown(second) == ["Number 30"]
    assert 'rel="next"' not in second.content.decode()


def test_a_card_carries_its_hooks(client):
    article = make_article(country="RU")
    story = make_story(told_by=(article, make_article(country="PL")))

    page = client.get("/country/ru/").content.decode()

    published = article.published_at.isoformat(timespec="seconds")
    assert f'data-article="{article.pk}" data-story="{story.pk}" data-country="RU" data-published="{published}"' in page


def test_a_list_never_reads_the_bodies_of_articles(client, django_assert_num_queries):
    make_article(text="A long body.", html="<p>A long body.</p>")

    with django_assert_num_queries(QUERIES_OF_A_LIST + CARDS) as asked:
        client.get("/latest/")

    rows, cards = [query["sql"] for query in asked if "aggregator_article" in query["sql"]]
    for sql in (rows, cards):
        assert '"html"' not in sql and '"text"' not in sql and "profile" not in sql
    with django_assert_num_queries(QUERIES_OF_A_LIST):
        client.get("/latest/")


def fill(count: int) -> None:
    for number in range(count):
        article = make_article(country=["GB", "FR", "IN"][number % 3], category="world", minutes_ago=number + 1)
        if number % 4 == 0:
            make_story(told_by=(article, make_article(country="JP", category="world", minutes_ago=number + 2)))
        if number % 2:
            give_picture(article)


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/latest/", QUERIES_OF_A_LIST + CARDS),
        ("/category/world/", QUERIES_OF_A_LIST + 5),  # of which four rank, once in five minutes
        ("/category/world/?tab=latest", QUERIES_OF_A_LIST + CARDS + 1),
        ("/country/", QUERIES_OF_A_LIST + 1),
        ("/country/fr/", QUERIES_OF_A_LIST + CARDS + 3),  # of which one finds the newest of each source
        ("/source/", QUERIES_OF_A_LIST + 4),
        ("/source/one/", QUERIES_OF_A_LIST + CARDS + 5),
    ],
)
def test_a_list_asks_no_more_queries_however_long_it_is(client, django_assert_max_num_queries, address, queries):
    make_article(source=make_source(slug="one"))
    for count in (2, 20):
        fill(count)
        cache.clear()
        kept_cards._kept.clear()
        kept_cards._filled.clear()
        kept_cards._lists.clear()
        ads_in_force(timezone.now())  # asked for once a minute, by whichever page comes first
        with django_assert_max_num_queries(queries):
            assert client.get(address).status_code == 200


def test_a_category_shows_one_article_per_story_the_most_told_first(client):
    alone = make_article(title="Told by one", category="science", minutes_ago=1)
    told = [make_article(title="Told by three", category="science", country=iso) for iso in ("FR", "DE", "US")]
    make_story(told_by=tuple(told), category="science")

    assert shown(client.get("/category/science/")) == ["Told by three", alone.title]
    assert len(shown(client.get("/category/science/?tab=latest"))) == 4


def test_general_is_no_section(client):
    assert client.get("/category/general/").status_code == 404
    assert "/category/general/" not in client.get("/latest/").content.decode()


def test_a_country_shows_what_its_sources_tell(client):
    make_article(title="From Paris", country="FR")
    make_article(title="From Rome", country="IT")

    page = client.get("/country/fr/")

    assert shown(page) == ["From Paris"]
    assert "France" in page.content.decode()


def test_a_country_is_found_in_capitals_too(client):
    make_source(country="FR")

    assert client.get("/country/FR/").headers["Location"] == "/country/fr/"


def test_countries_come_with_their_sources_and_what_they_told_today(client):
    source = make_source(country="FR")
    make_article(source=source)
    make_article(source=source, minutes_ago=3 * 24 * 60)

    page = client.get("/country/").content.decode()

    assert "1 source · 1 today" in " ".join(page.replace("</b>", " ").split())


def test_a_source_shows_its_own_articles_and_its_profile(client):
    source = make_source(slug="rt", name="RT", country="RU", site_url="https://rt.example/")
    make_article(source=source, title="Ours")
    make_article(title="Another paper's")

    page = client.get("/source/rt/")

    assert shown(page) == ["Ours"]
    assert 'href="https://rt.example/"' in page.content.decode()


def test_the_directory_of_sources_can_be_narrowed(client):
    make_source(name="Le Jour", country="FR", language="fr")
    make_source(name="The Day", country="GB", language="en")

    page = client.get("/source/?country=fr&language=")

    assert [source.name for source, _rate in page.context["sources"]] == ["Le Jour"]


def test_the_directory_of_sources_comes_in_pages(client):
    country = make_source(slug="s-first").country
    Source.objects.bulk_create(
        Source(name=f"S {n:03}", slug=f"s-{n:03}", site_url="https://s.example/", country=country, language="en")
        for n in range(100)
    )

    first = client.get("/source/")
    link = next_link(first)

    assert len(first.context["sources"]) == 100
    assert [source.slug for source, _rate in client.get("/source/" + link).context["sources"]] == ["s-099"]


@pytest.mark.parametrize("address", ["/latest/", "/category/sports/", "/category/sports/?tab=latest", "/source/quiet/"])
def test_an_empty_list_says_why_and_what_to_do(client, address):
    make_source(slug="quiet")

    page = client.get(address).content.decode()

    assert "No articles here yet" in page
    assert f'class="button" href="{reverse("latest")}"' in page


def test_a_position_that_is_none_is_a_bad_request_with_a_page_of_ours(client):
    page = client.get("/latest/?after=nonsense")

    assert page.status_code == 400
    assert "ZisNews" in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/",
        "/category/nothing/",
        "/country/qq/",
        "/source/nobody/",
        "/article/99/x/",
        "/story/99/x/",
        f"/article/{2**64}/x/",
        f"/story/{2**64}/x/",
    ],
)
def test_what_is_not_there_has_a_page_and_an_answer_in_json(client, address):
    as_page = client.get(address)
    as_json = client.get(address, headers={"accept": "application/json"})

    assert as_page.status_code == as_json.status_code == 404
    sentence = "There is no article here" if address == "/article/99/x/" else "There is nothing at this address."
    assert sentence in as_page.content.decode()
    assert as_json.json() == {"error": {"code": 404, "message": "There is nothing at this address."}}


@pytest.mark.parametrize("address", ["/about/", "/sources-policy/", "/privacy/"])
def test_plain_pages_stand(client, address):
    assert client.get(address).status_code == 200


def test_a_headline_is_text_whatever_it_holds(client):
    make_article(title="<script>alert(1)</script> & more", description="<img src=x onerror=alert(1)>")

    page = client.get("/latest/").content.decode()

    assert "<script>alert" not in page and "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_headline_only_means_no_description_in_lists_either(client):
    make_article(source=make_source(display_policy="headline"), title="Shown", description="Not to be shown")

    page = client.get("/latest/").content.decode()

    assert "Shown" in page and "Not to be shown" not in page


def test_a_headline_carries_its_language_and_finds_its_direction(client):
    make_article(title="خبر جديد", language="ar")

    assert '<h2 class="headline" lang="ar" dir="auto">' in client.get("/latest/").content.decode()


def test_a_page_sets_no_cookie_and_has_no_inline_style_or_script(client):
    give_picture(make_article(category="world"))

    for address in ("/", "/latest/", Article.objects.get().get_absolute_url()):
        response = client.get(address)
        page = response.content.decode()
        assert not response.cookies
        assert " style=" not in page and "<style" not in page
        assert not re.search(r'<script(?! src| type="application/ld\+json")', page)


def test_times_are_told_as_ages_with_the_moment_on_hover(client):
    client.cookies["tz"] = "Asia/Kolkata"
    article = make_article(published_at=timezone.now() - timedelta(hours=2, minutes=5))

    page = client.get("/latest/").content.decode()

    time = re.search(r"<time datetime=\"[^\"]+\" data-moment=\"age\" title=\"([^\"]+)\">([^<]+)</time>", page)
    assert time and time[1].endswith("IST") and time[2] == "2 h"
    assert article.title in page
