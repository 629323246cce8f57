"""How far a search looks at first: by how common its words are, in spans of time that hold little else."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.models import DocumentFrequency
from aggregator.search import Filters, documents, finding, parse, shares
from aggregator.search.asked import Asked
from aggregator.search.lexemes import MOST_SPANS, spans_between
from aggregator.search.shares import share_of
from tests.factories import make_article

NEWEST = datetime(2026, 3, 14, 23, 40, tzinfo=UTC)


@pytest.fixture
def nothing_known(monkeypatch):
    """What Postgres sampled of other tests' articles is none of ours."""
    monkeypatch.setattr(shares.Known, "common", {})
    monkeypatch.setattr(shares.Known, "at", time.monotonic())


@pytest.mark.parametrize("hours", [0.1, 2, 9, 20, 30, 50, 100, 1000, 20_000])
@pytest.mark.parametrize("ago", [0, 1, 40, 4000])
def test_spans_hold_all_of_a_time_and_not_much_more(hours, ago):
    until = NEWEST - timedelta(hours=ago)
    since = until - timedelta(hours=hours)

    spans, begins = spans_between(since, until, NEWEST)

    assert 1 <= len(spans) <= MOST_SPANS and begins <= since
    assert until - begins <= max(timedelta(hours=6), 3 * (until - since))
    for minutes in range(0, int(hours * 60), max(1, int(hours))):
        moment = since + timedelta(minutes=minutes)
        own = {f"~t{length}:{int(moment.timestamp() // (3 * 3600 * 8**length))}" for length in range(5)}
        assert own & set(spans), moment


@pytest.mark.parametrize("days", [0.5, 2, 5, 7, 12, 30, 70])
def test_where_the_spans_of_a_time_hold_much_else_part_of_it_is_asked(days):
    stretch = timedelta(days=days)

    spans, begins = finding.spans_for(stretch, NEWEST, NEWEST, NEWEST)

    assert spans and 0.3 * stretch < NEWEST - begins < 1.5 * stretch


@pytest.mark.django_db
def test_the_share_of_a_word_is_what_was_counted_and_words_together_are_rarer(nothing_known):
    for term, count in {"": 1000, "flood": 100, "oxford": 10, "river": 125}.items():
        DocumentFrequency.objects.create(term=term, document_count=count)

    assert share_of(parse("flood"), Filters()) == pytest.approx(0.1)
    assert share_of(parse("oxford river"), Filters()) == pytest.approx(0.01 * 0.125 ** (1 / 3))
    assert share_of(parse("oxford turbot"), Filters()) == 0


@pytest.mark.django_db
def test_a_narrowed_search_finds_the_share_of_its_shelves(nothing_known, monkeypatch):
    monkeypatch.setattr(shares.Known, "common", {"flood": 0.5, "~cFR": 0.25})

    assert share_of(parse("flood"), Filters(country="FR")) == pytest.approx(0.125)
    assert share_of(parse("flood"), Filters(country="DE")) == 0


@pytest.mark.django_db
def test_what_postgres_sampled_is_read_once(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(shares.Known, "common", {})
    monkeypatch.setattr(shares.Known, "at", float("-inf"))

    with django_assert_num_queries(3):
        for _ in range(2):
            share_of(parse("zzturbot"), Filters())


@pytest.mark.django_db
@pytest.mark.parametrize("share", [0, 1e-9, 0.001, 1])
def test_a_wrong_share_changes_nothing_of_what_is_found(share, monkeypatch):
    monkeypatch.setattr(finding, "FIRST_LOOK", 3)
    for number in range(12):
        documents.renew([make_article(title="Flood", published_at=NEWEST - timedelta(hours=7 * number))])

    found = finding.newest(Asked(("'flood'",), NEWEST + timedelta(seconds=1), share=share), 10)

    assert [match.published_at for match in found.rows] == [NEWEST - timedelta(hours=7 * n) for n in range(10)]
    assert not found.is_all
