"""Blocking words, hiding sources and languages: each change holds for the next page, whoever makes it how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import excluding
from accounts.excluding import AlreadyBlocked, Wanted, block, block_all, change, hide_languages, hide_source, unblock
from accounts.keywords import KeywordError, Where
from accounts.models import BlockedKeyword, Exclusions
from tests.factories import make_article, make_reader, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def headlines(client) -> set[str]:
    return {article.title for article in client.get("/latest/").context["articles"]}


def test_a_blocked_word_is_gone_from_the_next_page_and_back_when_it_is_taken_away(client, reader, now):
    for title in ("Football final", "Harvest"):
        make_article(title=title)
    keyword = block(reader, Wanted("football"), now)
    without = headlines(client)

    unblock(reader, [keyword.pk], now)

    assert without == {"Harvest"} and headlines(client) == {"Football final", "Harvest"}


def test_a_keyword_blocks_for_its_own_reader_alone(client, reader, now):
    make_article(title="Football final")
    block(make_reader(), Wanted("football"), now)

    assert headlines(client) == {"Football final"}


def test_a_keyword_ends_when_its_time_has_come(client, reader, now, time_machine):
    make_article(title="Football final")
    block(reader, Wanted("football", until=now + timedelta(hours=1)), now)
    block(reader, Wanted("rugby"), now)
    before = headlines(client)

    time_machine.move_to(now + timedelta(hours=1, seconds=1))
    client.force_login(reader)

    assert before == set() and headlines(client) == {"Football final"}
    assert Exclusions.objects.get(user=reader).good_until is None


def test_a_paused_keyword_hides_nothing_until_it_goes_on(client, reader, now):
    make_article(title="Football final")
    keyword = block(reader, Wanted("football"), now)

    change(keyword, now, is_paused=True)
    paused = headlines(client)
    change(keyword, now, is_paused=False)

    assert paused == {"Football final"} and headlines(client) == set()


def test_where_a_keyword_looks_can_be_changed(client, reader, now):
    make_article(title="Cup", description="All of the football")
    keyword = block(reader, Wanted("football"), now)
    change(keyword, now, where=Where.TITLE.value)

    assert headlines(client) == {"Cup"}


def test_a_keyword_that_asks_the_same_is_refused_kindly(reader, now):
    first = block(reader, Wanted("Expédition"), now)

    with pytest.raises(AlreadyBlocked, match="You block “Expédition” already") as refused:
        block(reader, Wanted("EXPEDITION"), now)

    assert refused.value.existing == first and BlockedKeyword.objects.count() == 1


def test_a_change_can_not_make_two_keywords_ask_the_same(reader, now):
    block(reader, Wanted("us"), now)
    acronym = block(reader, Wanted("US"), now)

    with pytest.raises(AlreadyBlocked):
        change(acronym, now, capitals_matter=False)

    acronym.refresh_from_db()
    assert acronym.capitals_matter


def test_a_time_that_is_over_is_refused(reader, now):
    with pytest.raises(KeywordError, match="still to come"):
        block(reader, Wanted("football", until=now), now)


def test_there_is_an_end_to_keywords(reader, now, monkeypatch):
    monkeypatch.setattr(excluding, "MOST_KEYWORDS", 2)

    report = block_all(reader, map(Wanted, ["rain", "snow", "hail"]), now)

    assert len(report.added) == 2
    assert report.refused == [("hail", "You have 2 keywords, and there is no room for more.")]


def test_an_imported_list_takes_what_it_can_and_says_why_not_the_rest(client, reader, now):
    make_article(title="Football final")

    report = block_all(reader, map(Wanted, ["football", "", "Football", "*x", "trump + tariff"]), now)

    assert len(report.added) == 2 and [text for text, _reason in report.refused] == ["", "Football", "*x"]
    assert headlines(client) == set()


def test_a_thousand_keywords_are_one_question(client, reader, now, django_assert_max_num_queries):
    make_article(title="Football final")
    make_article(title="Keyword999 is here")
    block_all(reader, [Wanted(f"keyword{number}") for number in range(1000)], now)

    with django_assert_max_num_queries(9):  # one of them for the card, which nobody asked for before
        assert headlines(client) == {"Football final"}


def test_a_hidden_source_and_a_hidden_language_are_gone(client, reader, now):
    tabloid = make_source(language="en")
    make_article(source=tabloid, title="Shock")
    make_article(source=make_source(language="de"), title="Ernte")
    make_article(title="Harvest")

    hide_source(reader, tabloid, now)
    hide_source(reader, tabloid, now)
    hide_languages(reader, ["de"], now)
    hidden = headlines(client)
    excluding.show_source(reader, tabloid, now)
    hide_languages(reader, [], now)

    assert hidden == {"Harvest"} and headlines(client) == {"Shock", "Ernte", "Harvest"}


def test_what_a_reader_hides_is_counted_and_shown_when_they_ask(client, reader, now):
    make_article(title="Football final")
    make_article(title="Harvest")
    block(reader, Wanted("football"), now)

    page = client.get("/latest/").content.decode()

    assert 'data-hidden="1"' in page and "Football final" not in page
    assert "Football final" in client.get("/latest/?hidden=show").content.decode()


def test_nobody_elses_keyword_can_be_taken_away(reader, now):
    other = make_reader()
    keyword = block(other, Wanted("football"), now)

    assert unblock(reader, [keyword.pk], now) == []
    assert BlockedKeyword.objects.filter(pk=keyword.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_many_tabs_at_once_leave_one_keyword_and_a_query_of_all(now):
    reader = make_reader()

    def add(number: int) -> None:
        try:
            block(reader, Wanted(f"word{number % 4}"), now)
        except AlreadyBlocked:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as tabs:
        list(tabs.map(add, range(16)))

    assert BlockedKeyword.objects.filter(user=reader).count() == 4
    assert all(f"'word{number}'" in Exclusions.objects.get(user=reader).blocked for number in range(4))
