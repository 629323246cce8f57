"""Who writes about whom: what is stored of an article, what is counted, and what a page shows of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.about import KEPT, catch_up, count_days, forget_old, renew
from aggregator.matrix import Cell
from aggregator.models import About, AboutCount, Article
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db


def write(country: str, *titles: str, category: str = "politics", **fields) -> list[Article]:
    """Articles of one source, read for the countries they are about and counted."""
    source = make_source(country=country)
    articles = [make_article(source=source, title=title, category=category, **fields) for title in titles]
    catch_up(timezone.now(), budget_seconds=60)
    count_days(timezone.now())
    return articles


def counted() -> dict[tuple[str, str], int]:
    return {(row.teller, row.subject): row.article_count for row in AboutCount.objects.all()}


def test_an_article_counts_once_for_itself_and_once_for_each_country_it_is_about():
    write("DE", "France and Spain agree", "Paris votes", "Rain expected")

    assert counted() == {("DE", ""): 3, ("DE", "FR"): 2, ("DE", "ES"): 1}


def test_counting_again_says_the_same_and_lets_go_of_what_is_no_longer_so():
    (article,) = write("DE", "France votes")
    count_days(timezone.now())
    assert counted() == {("DE", ""): 1, ("DE", "FR"): 1}

    Article.objects.filter(pk=article.pk).update(title="Spain votes")
    renew(Article.objects.select_related("source"), timezone.now())
    count_days(timezone.now())

    assert counted() == {("DE", ""): 1, ("DE", "ES"): 1}


def test_only_articles_of_these_days_are_read_and_older_ones_are_let_go():
    write("DE", "France votes", minutes_ago=60 * 24 * 8)
    assert not About.objects.exists()
    write("DE", "Spain votes")

    assert forget_old(timezone.now() + KEPT + timedelta(hours=1)) == 2
    assert not About.objects.exists()


def test_a_cell_is_as_dark_as_its_share_and_not_where_a_country_writes_of_itself():
    assert [Cell("DE", "FR", n, 100).level for n in (0, 1, 2, 5, 10, 20)] == [0, 1, 2, 3, 4, 5]
    assert Cell("DE", "DE", 90, 100).level == 0


def test_the_page_shows_the_numbers_and_each_leads_to_its_articles(client):
    write("DE", "France votes", "Paris votes", "Rain", "Snow", "Hail")
    write("GB", "Berlin votes", "Rain", "Snow", "Hail", "Fog", category="business")

    page = client.get("/stories/matrix/").content.decode()

    assert "Germany on France: 2 of 5 articles, 40%" in page
    assert "United Kingdom on Germany: 1 of 5 articles, 20%" in page
    assert 'data-about="France"' in page and 'data-about="Germany"' in page, "a phone lists whom a country writes about"
    listed = client.get("/stories/matrix/de/fr/")
    assert sorted(article.title for article in listed.context["articles"]) == ["France votes", "Paris votes"]
    assert "United Kingdom" not in client.get("/stories/matrix/?category=politics").content.decode().split("<table")[1]


def test_one_country_has_whom_it_writes_about_and_who_writes_about_it(client):
    write("DE", "France votes", "Berlin votes", "Rain", "Snow", "Hail")
    write("GB", "Berlin votes", "Berlin waits", "Snow", "Hail", "Fog")

    sides = client.get("/stories/matrix/?country=de").context["sides"]

    assert [(cell.subject, cell.count) for cell in sides.abroad] == [("FR", 1)]
    assert [(cell.teller, cell.count, cell.share) for cell in sides.about] == [("GB", 2, 0.4)]
    assert (sides.own.count, sides.of) == (1, 5)


def test_keywords_leave_the_numbers_and_take_the_articles_out_of_the_list(client, monkeypatch):
    write("DE", "France football", "France votes", "Rain", "Snow", "Hail")
    monkeypatch.setattr("aggregator.matrix.preferences_for_list", lambda request: Preferences(blocked="'football'"))

    assert "Germany on France: 2 of 5 articles" in client.get("/stories/matrix/").content.decode()
    page = client.get("/stories/matrix/de/fr/")
    assert [article.title for article in page.context["articles"]] == ["France votes"]
    assert page.context["listing"].hidden == 1


def test_the_articles_of_a_number_are_paged_without_gap_or_double(client, django_assert_num_queries):
    source = make_source(country="DE")
    for number in range(65):
        make_article(source=source, title=f"France {number}", minutes_ago=10 + number)
    catch_up(timezone.now(), budget_seconds=60)
    seen, after = [], ""
    while True:
        with django_assert_num_queries(4):
            page = client.get("/stories/matrix/de/fr/", {"after": after} if after else {})
        seen += [article.title for article in page.context["articles"]]
        after = page.context["listing"].page.next
        if not after:
            break

    assert seen == [f"France {number}" for number in range(65)]
    assert client.get("/stories/matrix/de/fr/?after=x").status_code == 400


def test_a_country_there_is_not_has_no_page(client):
    assert client.get("/stories/matrix/?country=qq").status_code == 404
    assert client.get("/stories/matrix/de/qqq/").status_code == 404
    assert "Nothing counted yet" in client.get("/stories/matrix/").content.decode()


@pytest.mark.parametrize("code", ["GBfoo", "gb-", "x" * 500])
def test_what_only_begins_like_a_country_is_none_and_fills_no_cache(client, code):
    assert client.get(reverse("matrix"), {"country": code}).status_code == 404
    assert client.get(reverse("matrix_cell", args=["gb", code])).status_code == 404
    assert client.get(reverse("matrix_cell", args=[code, "gb"])).status_code == 404
