"""What came in by the hour: counted rightly, counted once, and counted anew where the cache was lost."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aggregator import throughput
from aggregator.models import Article
from aggregator.tasks import count_hours
from feeds.clock import database_now
from feeds.models import Source
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db
HOUR = throughput.HOUR


@pytest.fixture
def now() -> datetime:
    """Half past an hour, so that "ten minutes ago" is within it."""
    return database_now().replace(minute=30, second=0, microsecond=0)


@pytest.fixture
def old_source() -> Source:
    return made_old(make_source(country="FR"))


def made_old(source: Source) -> Source:
    Source.objects.filter(pk=source.pk).update(added_at=source.added_at - timedelta(days=400))
    return source


def added(moment: datetime, *, lag: float = 60, handling: float = 10, **fields) -> Article:
    """An article that reached its page at this moment: stamped `lag`, first seen `handling` seconds before."""
    published, seen = moment - timedelta(seconds=lag), moment - timedelta(seconds=handling)
    return make_article(published_at=published, seen_at=seen, added_at=moment, **fields)


def test_articles_are_counted_by_hour_category_and_country(now):
    added(now, category="sports", country="FR")
    added(now - timedelta(minutes=10), category="sports", country="AM")
    added(now - 3 * HOUR, category="world", country="AM")
    added(now - 60 * HOUR)

    hours = list(throughput.tallies(now).values())

    assert len(hours) == throughput.HOURS
    assert (hours[-1].categories, hours[-1].countries) == ({"sports": 2}, {"FR": 1, "AM": 1})
    assert (hours[-4].categories, hours[-4].countries) == ({"world": 1}, {"AM": 1})
    assert sum(hour.articles for hour in hours) == 3


def test_an_hour_that_is_over_is_counted_once_and_the_present_one_is_not_kept_long(now):
    added(now - 5 * HOUR)
    throughput.tallies(now)
    with CaptureQueriesContext(connection) as queries:
        assert throughput.tallies(now)
    assert len(queries) == 0

    cache.delete(throughput._key(throughput.hours_until(now)[-1]))  # as its time ends
    with CaptureQueriesContext(connection) as queries:
        throughput.tallies(now)
    (query,) = queries.captured_queries
    assert throughput.hours_until(now)[-1].isoformat() in query["sql"]


def test_an_hour_just_over_is_counted_again_until_the_last_transaction_has_ended(now):
    over = now.replace(minute=0) + timedelta(minutes=2)
    assert throughput.tallies(over)
    added(over - timedelta(minutes=3))
    cache.delete_many([throughput._key(hour) for hour in throughput.hours_until(over)[-2:]])
    assert list(throughput.tallies(over).values())[-2].articles == 1


def test_a_lost_cache_costs_a_count_and_nothing_else(now):
    added(now - 5 * HOUR)
    before = throughput.tallies(now)
    cache.clear()
    assert throughput.tallies(now) == before


def test_lags_of_a_day_are_right_to_a_twentieth(now, old_source):
    for seconds in range(10, 1010, 10):
        added(now - 2 * HOUR, lag=seconds, handling=seconds / 10, source=old_source)
    lags = throughput.lags_of(throughput.tallies(now).values())
    assert lags.publication["p50"] == pytest.approx(500, rel=0.06)
    assert lags.publication["p99"] == pytest.approx(990, rel=0.06)
    assert lags.handling["p90"] == pytest.approx(90, rel=0.06)


def test_lags_of_the_last_hour_are_exact(old_source):
    now = database_now()
    for seconds in (100, 200, 300):
        added(now - timedelta(minutes=10), lag=seconds, handling=20, source=old_source)
    lags = throughput.lags_of_last_hour(now)
    assert (lags.publication["p50"], lags.handling["p50"]) == (200, 20)


def test_what_a_source_had_published_before_we_asked_it_says_nothing_of_our_lag(now):
    added(now, lag=3000)  # of a source that is with us since this second
    added(now, lag=2 * 86_400, source=made_old(make_source()))  # stamped days before the feed showed it
    assert throughput.lags_of(throughput.tallies(now).values()).publication["p50"] is None
    assert throughput.lags_of_last_hour(now).publication["p50"] is None
    assert throughput.lags_of_last_hour(now).handling["p50"] == 10


def test_articles_shown_shorter_are_counted_by_reason(now):
    for reason in ("The page is behind a paywall.", "The page is behind a paywall.", "No snippet."):
        added(now, page_display="excerpt", page_display_reason=reason)
    added(now)
    assert throughput.shortened(list(throughput.tallies(now).values())) == [
        ("excerpt", "The page is behind a paywall.", 2),
        ("excerpt", "No snippet.", 1),
    ]


def test_reasons_of_one_hour_are_bounded_whatever_pages_say(now):
    for number in range(throughput.MOST_REASONS + 10):
        added(now, page_display="excerpt", page_display_reason=f"It says {number}.")
    assert len(throughput.shortened(list(throughput.tallies(now).values()))) == throughput.MOST_REASONS


def test_the_task_counts_the_hours_before_anybody_asks():
    count_hours()
    now = database_now()
    with CaptureQueriesContext(connection) as queries:
        throughput.tallies(now)
    assert len(queries) == 0


def test_counting_goes_by_the_index_over_when_articles_came(now):
    make_old_articles(now, 3_000)
    added(now)
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        throughput.tallies(now)
        throughput.lags_of_last_hour(now)
        asked = [query["sql"] for query in queries.captured_queries]
        cursor.execute("ANALYZE aggregator_article")  # a planner that knows nothing takes any index
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}")
            assert "article_added" in "\n".join(row[0] for row in cursor.fetchall())


def make_old_articles(now: datetime, count: int) -> None:
    """Articles of one source that came in the weeks before, a quarter of an hour apart."""
    source = make_source()
    moments = [now - timedelta(days=10, minutes=15 * n) for n in range(count)]
    Article.objects.bulk_create(
        Article(
            source=source, category_id="general", title=f"Old {n}", slug="old", url=f"https://old.example/{n}",
            published_at=moment, seen_at=moment, added_at=moment,
        )
        for n, moment in enumerate(moments)
    )  # fmt: skip
