"""When a feed is asked again."""

import pytest

from feeds.scheduling import DAY, HOUR, MINUTE, back_off, next_interval, spread


def test_a_feed_with_news_is_asked_sooner_and_one_without_later():
    assert next_interval(30 * MINUTE, has_news=True) < 30 * MINUTE < next_interval(30 * MINUTE, has_news=False)


@pytest.mark.parametrize(("has_news", "bound"), [(True, 5 * MINUTE), (False, 2 * HOUR)])
def test_the_interval_settles_within_five_minutes_and_two_hours(has_news, bound):
    interval = 30 * MINUTE
    for _ in range(50):
        interval = next_interval(interval, has_news=has_news)
    assert interval == bound


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day_and_never_stops():
    waits = [back_off(failures) for failures in (1, 2, 3, 4, 20, 10_000)]
    assert waits == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE, DAY, DAY]


def test_a_server_that_asks_for_more_time_gets_it_but_no_more_than_a_day():
    assert back_off(1, retry_after=HOUR) == HOUR
    assert back_off(1, retry_after=1) == 5 * MINUTE
    assert back_off(1, retry_after=30 * DAY) == DAY


def test_feeds_of_one_interval_are_spread_over_a_tenth_either_way():
    waits = {spread(HOUR, seed) for seed in range(200)}
    assert len(waits) > 150
    assert min(waits) >= 0.9 * HOUR
    assert max(waits) <= 1.1 * HOUR
    assert spread(HOUR, 7) == spread(HOUR, 7)
