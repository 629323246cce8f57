"""What is to be expected of a feed, hour by hour; and that asking by it is better, measured on recorded publishers."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import scheduling
from feeds.rhythm import UNKNOWN_PER_HOUR, rhythm_of, steady
from tests.feeds.polling import fixed, ours, poll, recorded, stepwise

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))


@given(st.lists(st.none() | moments, max_size=60), moments, st.lists(moments, max_size=60), moments)
def test_whatever_the_dates_and_however_the_clock_jumps_its_figures_are_sound(dates, now, news, later):
    rhythm = rhythm_of(dates, now).counting(news, later)

    assert len(rhythm.hourly) == 24
    assert all(math.isfinite(rate) and 0 <= rate <= 1_000 for rate in (*rhythm.hourly, rhythm.recent))
    expected = rhythm.expected(now)
    assert all(math.isfinite(expected.rate(hour, 3)) and expected.rate(hour, 3) >= 0 for hour in range(24))


def test_a_document_tells_how_many_entries_an_hour_brings():
    rhythm = rhythm_of([NOON - timedelta(minutes=20 * number) for number in range(30)], NOON)
    assert rhythm.per_hour == pytest.approx(3, rel=0.15)


def test_it_tells_day_from_night():
    by_day = [
        NOON.replace(hour=hour) - timedelta(days=day) for day in range(1, 8) for hour in range(8, 18) for _ in range(2)
    ]
    rhythm = rhythm_of(by_day, NOON)

    assert rhythm.hourly[13] > 8 * rhythm.hourly[2]


def test_an_item_pinned_for_weeks_does_not_make_a_busy_feed_look_quiet():
    dates = [NOON - timedelta(minutes=30 * number) for number in range(29)]
    rhythm = rhythm_of([*dates, NOON - timedelta(days=20)], NOON)
    assert rhythm.per_hour == pytest.approx(2, rel=0.2)


def test_without_any_date_something_is_expected_all_the_same():
    assert rhythm_of([], NOON).per_hour == rhythm_of([None], NOON).per_hour == UNKNOWN_PER_HOUR
    assert rhythm_of([NOON + timedelta(days=3)], NOON).per_hour == UNKNOWN_PER_HOUR


def test_a_feed_silent_for_years_is_expected_to_stay_so():
    assert rhythm_of([NOON - timedelta(days=900)], NOON).per_hour < 1 / (24 * 365)


def test_what_was_counted_fades_by_half_in_a_week():
    rate = [steady(1, NOON).expected(NOON + timedelta(days=days)).usual[12] for days in (0, 7, 14)]
    assert rate == pytest.approx([1, 0.5, 0.25])


def test_a_clock_set_back_fades_nothing():
    assert steady(1, NOON).expected(NOON - timedelta(days=1)).usual[12] == pytest.approx(1)


def test_counting_what_comes_every_day_leads_to_what_comes_every_day():
    rhythm, now = steady(UNKNOWN_PER_HOUR, NOON), NOON
    for _ in range(60):
        now += timedelta(days=1)
        rhythm = rhythm.counting([now - timedelta(minutes=number) for number in range(10)], now)
    assert rhythm.per_hour * 24 == pytest.approx(10, rel=0.1)


def test_a_burst_is_forgotten_within_hours():
    rhythm = steady(1, NOON).counting([NOON] * 10, NOON)
    busyness = [rhythm.expected(NOON + timedelta(hours=hours)).busyness for hours in (0, 3, 6, 12)]
    assert busyness[0] > 4
    assert busyness == sorted(busyness, reverse=True)
    assert rhythm.expected(NOON).rate(12, 8) < 1.5 * rhythm.expected(NOON).usual[12]


@pytest.mark.parametrize("series", ["2020-05", "2021-09"])
def test_for_the_same_requests_recorded_publishers_are_seen_sooner_than_by_fixed_or_stepwise_intervals(
    series, corpus, monkeypatch
):
    publishers = recorded(corpus, series)
    assert sum(len(publisher.published) for publisher in publishers) > 800
    measured = {
        "every 5 minutes": poll(publishers, fixed(300)),
        "every 15 minutes": poll(publishers, fixed(900)),
        "every 30 minutes": poll(publishers, fixed(1800)),
        "stepwise": (old := poll(publishers, stepwise())),
        "by rhythm": (ours_now := poll(publishers, ours())),
        "fixed, as often": (as_often := poll(publishers, fixed(86400 / ours_now.requests / 1.05))),
        "by rhythm, 100 followers": (followed := poll(publishers, ours(followers=100))),
    }
    monkeypatch.setattr(scheduling, "REQUEST_COST_SECONDS", 560)
    measured["by rhythm, as seldom as stepwise"] = as_seldom = poll(publishers, ours())
    for name, figures in measured.items():
        print(f"{series} {name:32} {figures}")  # noqa: T201 - shown with -s, and when it fails

    assert as_often.requests > 0.98 * ours_now.requests
    assert ours_now.median < 0.8 * as_often.median
    assert ours_now.mean < 0.9 * as_often.mean
    assert ours_now.p95 < 1.1 * as_often.p95
    assert followed.p95 < 4
    assert as_seldom.requests < 1.02 * old.requests
    assert as_seldom.mean < 0.9 * old.mean
    assert as_seldom.p95 < 0.65 * old.p95
