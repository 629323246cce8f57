"""The list of a country: its sources' articles in one order, whoever of them tells more."""

import pytest

from accounts.preferences import Preferences
from aggregator.country_lists import country_page
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db


def test_the_articles_of_all_its_sources_stand_in_one_order_and_each_once():
    sources = [make_source(country="FR") for _ in range(3)]
    told = [make_article(source=sources[n % 3], minutes_ago=n, title=str(n)) for n in range(75)]
    make_article(country="DE")
    seen, after = [], ""

    while True:
        page = country_page("FR", Preferences(), after)
        seen += [article.pk for article in page.rows]
        if not page.next:
            break
        after = page.next

    assert seen == [article.pk for article in told]


def test_articles_of_one_moment_are_parted_by_their_number():
    source = make_source(country="FR")
    moment = make_article(country="DE").published_at
    told = [make_article(source=source, published_at=moment) for _ in range(40)]

    first = country_page("FR", Preferences())
    second = country_page("FR", Preferences(), first.next)

    assert [*first.rows, *second.rows] == told[::-1]


def test_what_a_reader_rules_out_makes_no_page_shorter():
    chatty, other = make_source(country="FR"), make_source(country="FR")
    for n in range(40):
        make_article(source=chatty, title="Football", minutes_ago=n)
        make_article(source=other, title="Harvest", minutes_ago=100 + n)

    page = country_page("FR", Preferences(blocked="'football'"))

    assert len(page.rows) == 30 and {article.title for article in page.rows} == {"Harvest"}


def test_a_country_without_sources_has_an_empty_page():
    assert country_page("AQ", Preferences()).rows == []
