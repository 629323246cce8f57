"""Searching: what is found, in which order, folded by story, narrowed, counted, and never what a reader ruled out."""

from contextlib import nullcontext
from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import BadRequest
from django.db import connection, transaction
from django.utils import timezone

from accounts.keywords import parse_keyword
from accounts.preferences import Preferences
from aggregator.models import Article
from aggregator.search import Results, documents, finding, ordering, parse, read_filters, search, searching
from tests.factories import make_article, make_source, make_story

pytestmark = pytest.mark.django_db

UTC_READER = Preferences()


def made(**fields) -> Article:
    """An article that search knows."""
    article = make_article(**fields)
    documents.renew([article])
    return article


def ask(typed: str, *, after: str = "", preferences: Preferences = UTC_READER, **filters: str) -> Results:
    read, notes = read_filters(filters, ZoneInfo("UTC"))
    assert not notes
    return search(parse(typed), read, preferences, after, now=timezone.now())


def titles(results: Results) -> list[str]:
    return [found.article.title for found in results.found]


def test_words_are_found_in_title_description_and_text():
    made(title="Flood in Oxford", minutes_ago=1)
    made(title="Second", description="After the flood", minutes_ago=2)
    made(title="Third", text="Nobody expected a flood here.", minutes_ago=3)
    made(title="Dry")

    assert titles(ask("flood")) == ["Flood in Oxford", "Second", "Third"]


def test_a_headline_comes_before_a_newer_mention_and_a_new_mention_before_an_old_headline():
    made(title="Flood in Oxford", minutes_ago=60)
    made(title="Mentions it", text="the flood", minutes_ago=1)
    made(title="Flood of 1947", minutes_ago=60 * 24 * 60)

    assert titles(ask("flood")) == ["Flood in Oxford", "Mentions it", "Flood of 1947"]
    assert titles(ask("flood", sort="date")) == ["Mentions it", "Flood in Oxford", "Flood of 1947"]


def test_nothing_to_look_for_finds_nothing():
    made(title="Flood")

    assert ask("-rain") == Results() and ask("") == Results()


def test_a_story_is_one_result_and_says_how_many_others_were_found():
    told = tuple(made(title=f"Flood {number}", minutes_ago=number) for number in range(1, 5))
    make_story(told_by=told)
    made(title="Another flood", minutes_ago=30)

    for sort in ("relevance", "date"):
        results = ask("flood", sort=sort)
        assert titles(results) == ["Flood 1", "Another flood"]
        assert [found.others for found in results.found] == [3, 0]
        assert results.total == 5


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_pages_follow_each_other_without_gap_or_repetition(sort):
    source = make_source()
    story = [made(source=source, title=f"Told flood {number}", minutes_ago=number * 20 + 1) for number in range(4)]
    make_story(told_by=tuple(story))
    for number in range(65):
        made(source=source, title=f"Flood {number:02}", minutes_ago=number + 2)

    seen, after = [], ""
    for page in count():
        results = ask("flood", sort=sort, after=after)
        seen += titles(results)
        after = results.next
        if not after:
            assert page == 3
            break

    assert sorted(seen) == sorted(["Told flood 0", *(f"Flood {number:02}" for number in range(65))])


def test_articles_that_come_in_meanwhile_move_nothing_on_the_next_page():
    for number in range(25):
        made(title=f"Flood {number:02}", minutes_ago=number + 1)
    first = ask("flood")
    made(title="Flood now", published_at=timezone.now())

    assert titles(ask("flood", after=first.next)) == [f"Flood {number}" for number in range(20, 25)]


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "2026-01-01",
        "2026-01-01T00:00:00+00:00~x~1",
        "~~",
        "9999~1~1",
        "0001-01-01T00:00:00+00:00~1~1",
        "0001-01-01T00:00:00+00:00~1",
        "9999-12-31T23:59:59.999999+00:00~1~1",
        "9999-12-31T23:59:59.999999+00:00~1",
    ],
)
def test_a_position_that_is_none_of_ours_is_refused(after):
    for sort in ("relevance", "date"):
        with pytest.raises(BadRequest):
            ask("flood", after=after, sort=sort)


def test_each_filter_narrows():
    made(title="Flood ours", source=make_source(slug="ours", country="FR", language="fr"), category="science")
    made(title="Flood theirs", source=make_source(slug="theirs", country="DE", language="de"), category="world")

    for name, value in {"source": "ours", "country": "fr", "category": "science", "language": "fr"}.items():
        assert titles(ask("flood", **{name: value})) == ["Flood ours"], name
    assert titles(ask("flood", country="de", category="science")) == []


def test_days_narrow_and_include_both_ends():
    now = timezone.now()
    for days in range(4):
        noon = (now - timedelta(days=days + 1)).replace(hour=12, minute=0)
        made(title=f"Flood {days + 1}", published_at=noon)
    day = (now - timedelta(days=2)).date().isoformat()

    assert titles(ask("flood", **{"from": day, "sort": "date"})) == ["Flood 1", "Flood 2"]
    assert titles(ask("flood", **{"to": day, "sort": "date"})) == ["Flood 2", "Flood 3", "Flood 4"]
    assert titles(ask("flood", **{"from": day, "to": day})) == ["Flood 2"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "none"},
        {"country": "XX"},
        {"country": "France"},
        {"category": "x"},
        {"from": "x"},
        {"to": "0001-01-01"},
    ],
)
def test_a_filter_that_means_nothing_is_ignored_and_said(wrong):
    filters, notes = read_filters(wrong, ZoneInfo("UTC"))

    assert not filters.has_any and len(notes) == 1


def test_facets_count_what_was_found():
    french, german = make_source(country="FR", name="Le Fleuve"), make_source(country="DE")
    made(title="Flood", source=french, category="science", minutes_ago=1)
    made(title="Flood", source=french, category="world", minutes_ago=2)
    made(title="Flood", source=german, category="world", minutes_ago=60 * 24 * 3)

    facets = ask("flood").facets

    assert [(choice.value, choice.count) for choice in facets.countries] == [("fr", 2), ("de", 1)]
    assert (facets.sources[0].name, facets.sources[0].count) == ("Le Fleuve", 2)
    assert [(choice.value, choice.count) for choice in facets.categories] == [("world", 2), ("science", 1)]
    assert [(choice.name, choice.count) for choice in facets.days] == [("1", 2)]
    assert ask("flood", country="fr").facets.countries == []


def test_blocked_words_and_hidden_sources_are_not_found_and_counted():
    hidden = make_source()
    for number in range(3):
        made(title=f"Flood of war {number}")
    made(title="Flood of theirs", source=hidden)
    made(title="Flood of rain")
    preferences = Preferences(blocked=parse_keyword("war").query, hidden_sources=frozenset({hidden.pk}))

    for sort in ("relevance", "date"):
        results = ask("flood", preferences=preferences, sort=sort)
        assert titles(results) == ["Flood of rain"]
        assert (results.total, results.hidden) == (1, 4)
        assert results.facets.countries == []


def test_by_date_a_page_is_filled_although_a_reader_hides_most():
    for number in range(ordering.LOOKED_AT * 2):
        made(title=f"Flood of war {number}", minutes_ago=number + 1)
    made(title="Flood of rain", minutes_ago=500)

    assert titles(ask("flood", preferences=Preferences(blocked="'war':AB"), sort="date")) == ["Flood of rain"]


def test_more_than_are_counted_are_said_to_be_more(monkeypatch):
    monkeypatch.setattr(searching, "COUNTED", 5)
    for number in range(8):
        made(title="Mentions it", text="flood", minutes_ago=number + 1)
    made(title="Flood long ago", minutes_ago=60 * 24 * 20)

    results = ask("flood")

    assert (results.total, results.has_more) == (5, True)
    assert "Flood long ago" in titles(results)


def test_a_phrase_is_looked_for_in_some_of_what_has_its_words_and_in_all_headlines(monkeypatch):
    monkeypatch.setattr(finding, "LOOKED_THROUGH", 2)
    monkeypatch.setattr(finding, "FIRST_LOOK", 2)
    monkeypatch.setattr(finding, "ENOUGH_OF_PHRASE", 1)
    for number in range(6):
        made(title="Mentions it", text="water on the Oxford road, a flood", minutes_ago=number * 60)
    made(title="Third look", text="the Oxford flood", minutes_ago=1000)
    made(title="The Oxford flood", minutes_ago=60 * 24 * 300)

    far = ask('"oxford flood"')
    made(title="First look", text="the Oxford flood")
    near = ask('"oxford flood"')

    assert titles(far) == ["The Oxford flood"] and far.reached is not None
    assert titles(near) == ["First look", "The Oxford flood"] and near.reached is None and near.has_more


def test_old_articles_are_found_however_long_ago():
    made(title="Flood of old", minutes_ago=60 * 24 * 365 * 9)
    made(title="Flood of late")

    assert titles(ask("flood")) == ["Flood of late", "Flood of old"]


@pytest.mark.parametrize("typed", ["flo*", "서울"])
def test_words_asked_by_their_beginning_are_found_near_and_far(monkeypatch, typed):
    monkeypatch.setattr(finding, "WALKED", 2)
    for number in range(4):
        made(title=f"서울에서 floods {number}", minutes_ago=number * 60 * 24 + 1)
        made(title="Dry", minutes_ago=number * 60 * 24 + 2)

    assert ask(typed, sort="date").total == 4
    assert len(titles(ask(typed))) == 4


def test_what_takes_too_long_is_cut_short_and_said(monkeypatch):
    made(title="Flood")
    monkeypatch.setattr(finding, "TIME_LIMIT_MS", 30)
    monkeypatch.setattr(finding, "COLUMNS", f"pg_sleep(0.2)::text::int, {finding.COLUMNS}")

    assert ask("flood").reached is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_in_transaction", [False, True])
def test_a_question_ends_at_its_time_limit_and_leaves_no_setting_behind(monkeypatch, is_in_transaction):
    monkeypatch.setattr(finding, "TIME_LIMIT_MS", 50)

    with transaction.atomic() if is_in_transaction else nullcontext():
        with pytest.raises(finding.TookTooLong):
            finding.ask("SELECT pg_sleep(20)", [])
        assert finding.ask("SELECT current_setting('enable_seqscan')", []) == [("off",)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('enable_seqscan')")
            assert cursor.fetchone() == ("0", "on")
