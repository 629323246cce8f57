"""When to ask a feed again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rhythm import Rhythm, rhythm_of, steady
from feeds.scheduling import (
    DAY,
    HOUR,
    LONGEST_SECONDS,
    MINUTE,
    SHORTEST_SECONDS,
    back_off,
    next_interval,
    outside,
    shortest_interval,
    spread,
    stretched,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
rates = st.floats(0, 1_000)
rhythms = st.builds(Rhythm, st.lists(rates, min_size=24, max_size=24), rates, moments)
asked = st.none() | st.integers(0, 10**9)


def by_day(entries_an_hour: float, *, hours: range = range(6, 20)) -> Rhythm:
    """Somebody who publishes in these hours (UTC) only."""
    since = NOON - timedelta(hours=6)
    rhythm = Rhythm([entries_an_hour if hour in hours else 0 for hour in range(24)], 0, since)
    return rhythm.counting([since + timedelta(hours=number / entries_an_hour) for number in range(12)], NOON)


@given(rhythms, moments, st.integers(0, 10**9), asked)
def test_the_next_look_is_always_between_two_minutes_and_a_day_away(rhythm, now, followers, asked_seconds):
    interval = next_interval(rhythm, now, follower_count=followers, asked_seconds=asked_seconds)
    assert SHORTEST_SECONDS <= interval <= LONGEST_SECONDS
    assert interval <= stretched(interval) <= LONGEST_SECONDS


@pytest.mark.parametrize(
    ("entries_an_hour", "at_least", "at_most"),
    [
        (20, 2 * MINUTE, 5 * MINUTE),
        (4, 2 * MINUTE, 5 * MINUTE),
        (1, 5 * MINUTE, 10 * MINUTE),
        (1 / 24, 25 * MINUTE, HOUR),
        (1 / 168, HOUR, 3 * HOUR),
        (1 / 8760, 6 * HOUR, DAY),
        (0, DAY, DAY),
    ],
)
def test_the_busier_a_feed_the_sooner_it_is_asked(entries_an_hour, at_least, at_most):
    assert at_least <= next_interval(steady(entries_an_hour, NOON), NOON) <= at_most


def test_a_feed_four_times_as_busy_is_asked_twice_as_often():
    once, four_times = (next_interval(steady(rate, NOON), NOON) for rate in (0.1, 0.4))
    assert once / four_times == pytest.approx(2, rel=0.02)


def test_a_feed_that_sleeps_at_night_is_asked_seldom_then_and_in_time_in_the_morning():
    newsroom, noon, night = by_day(2), NOON, NOON.replace(hour=21)

    assert next_interval(newsroom, night) > 5 * next_interval(newsroom, noon)
    asked_at = []
    now = night
    while now < NOON.replace(hour=7) + timedelta(days=1):
        now += timedelta(seconds=next_interval(newsroom, now))
        asked_at.append(now)
    in_the_night = [moment for moment in asked_at if moment.hour >= 21 or moment.hour < 5]
    assert len(in_the_night) < 20
    assert min(moment for moment in asked_at if 6 <= moment.hour < 8).minute <= 20


def test_a_burst_brings_us_back_sooner_and_silence_later():
    usual = steady(1, NOON)
    after_burst = usual.counting([NOON] * 6, NOON)
    after_silence = Rhythm(usual.hourly, 0, NOON)

    assert next_interval(after_burst, NOON) < next_interval(usual, NOON) < next_interval(after_silence, NOON)


@given(rhythms, moments, st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_followers_never_make_us_later(rhythm, now, some, more):
    few, many = sorted((some, some + more))
    assert shortest_interval(many) <= shortest_interval(few)
    assert next_interval(rhythm, now, follower_count=many) <= next_interval(rhythm, now, follower_count=few)


def test_with_many_followers_a_busy_feed_is_asked_every_two_minutes():
    assert next_interval(steady(6, NOON), NOON, follower_count=500) == 2 * MINUTE
    assert next_interval(steady(6, NOON), NOON, follower_count=0) >= 4 * MINUTE


def test_a_feed_that_asks_for_patience_gets_it():
    quiet = steady(1 / 24, NOON)
    assert next_interval(quiet, NOON, asked_seconds=6 * HOUR) == 6 * HOUR
    assert next_interval(quiet, NOON, asked_seconds=30 * DAY) == DAY
    assert next_interval(steady(10, NOON), NOON, asked_seconds=30 * MINUTE) == 30 * MINUTE


def test_a_feed_that_publishes_more_often_than_it_says_is_asked_within_the_hour():
    assert next_interval(steady(2, NOON), NOON, asked_seconds=DAY) == HOUR
    assert next_interval(steady(2, NOON), NOON, asked_seconds=45 * MINUTE) == 45 * MINUTE


def test_no_patience_asked_for_makes_us_sooner():
    assert next_interval(steady(1 / 24, NOON), NOON, asked_seconds=1) == next_interval(steady(1 / 24, NOON), NOON)


def test_a_feed_whose_hub_pushes_is_asked_six_times_more_seldom_up_to_six_hours():
    assert stretched(10 * MINUTE) == HOUR
    assert stretched(2 * HOUR) == 6 * HOUR
    assert stretched(20 * HOUR) == 20 * HOUR


@given(moments, st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6)), st.integers(0, 10**9))
def test_a_feed_is_never_asked_while_it_says_it_sleeps_unless_it_always_does(due_at, hours, days, seed):
    asked_at = outside(due_at, hours, days, seed)

    assert asked_at >= due_at
    if len(hours) == 24 or len(days) == 7:
        assert asked_at == due_at
    else:
        assert asked_at.hour not in hours
        assert asked_at.weekday() not in days
        assert asked_at - due_at <= timedelta(days=8)


def test_feeds_that_wake_in_the_same_hour_are_not_asked_in_the_same_second():
    waking = {outside(NOON, range(12, 18), (), seed) for seed in range(100)}
    assert len(waking) == 100
    assert {moment.hour for moment in waking} == {18}


def test_failures_double_the_wait_up_to_a_day_and_never_for_ever():
    waits = [back_off(failures) for failures in (1, 2, 3, 4, 20, 10_000)]
    assert waits == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE, DAY, DAY]


def test_a_server_that_names_its_wait_gets_it_up_to_a_day():
    assert back_off(1, retry_after=HOUR) == HOUR
    assert back_off(1, retry_after=1) == 5 * MINUTE
    assert back_off(1, retry_after=30 * DAY) == DAY


def test_feeds_are_spread_and_never_before_the_wait_is_over():
    waits = {round(spread(HOUR, seed)) for seed in range(200)}
    assert len(waits) > 150
    assert HOUR <= min(waits) < 1.01 * HOUR
    assert 1.09 * HOUR < max(waits) <= 1.1 * HOUR
    assert spread(HOUR, 7) == spread(HOUR, 7)


def test_five_thousand_feeds_held_up_together_come_back_spread_over_minutes():
    """What is due at once after an outage is not due at once again."""
    due_at = sorted(spread(next_interval(steady(1, NOON), NOON), pk) for pk in range(5_000))
    busiest_second = max(sum(second <= due < second + 1 for due in due_at) for second in range(440, 520))
    assert busiest_second < 5_000 / 40


def test_a_new_blog_is_not_asked_every_few_minutes_and_a_new_agency_is():
    blog = rhythm_of([NOON - timedelta(days=9 * number + 2, hours=5 * number) for number in range(30)], NOON)
    agency = rhythm_of([NOON - timedelta(minutes=8 * number + 3) for number in range(30)], NOON)

    assert next_interval(blog, NOON) > 30 * MINUTE
    assert next_interval(agency, NOON) <= 5 * MINUTE
