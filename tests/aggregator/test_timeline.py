"""Who published when, laid out on a line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from aggregator.timeline import LANES, MARGIN, MOST_TICKS, Report, timeline

BEGIN = datetime(2026, 1, 14, 18, 2, tzinfo=UTC)
COUNTRIES = ["GB", "FR", "IN", "JP", "DE", "PL", "KZ", "AM", "BR", "NG"]


def report(number: int, *, country: str = "GB", hours: float = 0) -> Report:
    return Report(number, "slug", f"Paper {number}", country, BEGIN + timedelta(hours=hours))


reports = st.lists(
    st.builds(
        report, st.integers(1, 99), country=st.sampled_from(COUNTRIES), hours=st.floats(0, 24 * 200, allow_nan=False)
    ),
    max_size=40,
)


@given(reports, st.sampled_from(["UTC", "Asia/Yerevan", "America/New_York", "Asia/Kathmandu"]), st.booleans())
def test_every_report_and_every_tick_stands_within_the_line(found: list[Report], zone: str, leftwards: bool):
    drawn = timeline(found, ZoneInfo(zone), leftwards=leftwards)
    if drawn is None:
        return

    marks = [mark for lane in drawn.lanes for mark in lane.marks]
    assert sorted(mark.report for mark in marks) == sorted(found)
    places = [mark.x for mark in marks] + [tick.x for tick in drawn.ticks]
    assert all(MARGIN <= x <= 100 - MARGIN for x in places)
    assert sum(mark.is_first for mark in marks) >= 1
    assert len(drawn.lanes) <= LANES and len(drawn.ticks) <= MOST_TICKS


@given(reports)
def test_later_stands_further_along_and_mirrored_where_text_runs_leftwards(found: list[Report]):
    rightwards, leftwards = timeline(found, UTC), timeline(found, UTC, leftwards=True)
    if rightwards is None or leftwards is None:
        return

    for lane, mirrored in zip(rightwards.lanes, leftwards.lanes, strict=True):
        places = [mark.x for mark in lane.marks]
        assert places == sorted(places)
        assert all(abs(mark.x + other.x - 100) < 0.02 for mark, other in zip(lane.marks, mirrored.marks, strict=True))


def test_the_country_that_told_first_stands_on_top():
    drawn = timeline([report(1, country="FR", hours=3), report(2, country="RU"), report(3, country="FR", hours=1)], UTC)

    assert [lane.country for lane in drawn.lanes] == ["RU", "FR"]
    assert [report.source for report in drawn.reports] == ["Paper 2", "Paper 3", "Paper 1"]
    assert [mark.is_first for lane in drawn.lanes for mark in lane.marks] == [True, False, False]


def test_countries_beyond_the_lanes_share_the_last_one():
    drawn = timeline([report(n, country=iso, hours=n) for n, iso in enumerate(COUNTRIES)], UTC)

    assert [lane.country for lane in drawn.lanes] == [*COUNTRIES[: LANES - 1], ""]
    assert len(drawn.lanes[-1].marks) == len(COUNTRIES) - LANES + 1


def test_there_is_no_line_for_one_report_or_for_one_moment():
    assert timeline([], UTC) is None
    assert timeline([report(1)], UTC) is None
    assert timeline([report(1), report(2)], UTC) is None


def test_ticks_are_round_hours_and_midnights_of_the_readers_zone():
    drawn = timeline([report(1), report(2, hours=30)], ZoneInfo("Asia/Kathmandu"))  # UTC+5:45; begins at 23:47

    assert [(f"{tick.at:%d %H:%M}", tick.is_day) for tick in drawn.ticks] == [
        ("15 00:00", True),
        ("15 12:00", False),
        ("16 00:00", True),
    ]


def test_ticks_are_a_day_apart_where_clocks_change():
    begin = datetime(2026, 3, 28, 6, tzinfo=UTC)
    found = [report(1)._replace(at=begin), report(2)._replace(at=begin + timedelta(days=3))]

    drawn = timeline(found, ZoneInfo("Europe/Berlin"))

    assert [f"{tick.at:%d %H:%M %z}" for tick in drawn.ticks] == ["29 00:00 +0100", "30 00:00 +0200", "31 00:00 +0200"]


def test_words_under_an_end_of_the_line_lean_inwards():
    minutes = (0, 61, 177)  # from 11:59 to 14:56: round hours stand at both ends and between them
    begin = datetime(2026, 1, 14, 11, 59, tzinfo=UTC)
    found = [Report(n, "", f"Paper {n}", "GB", begin + timedelta(minutes=minute)) for n, minute in enumerate(minutes)]

    drawn = timeline(found, UTC)

    assert drawn is not None
    assert [(f"{tick.at:%H:%M}", tick.anchor) for tick in drawn.ticks] == [
        ("12:00", "start"), ("13:00", "middle"), ("14:00", "middle"),
    ]  # fmt: skip
    later = timeline([*found, Report(9, "", "Paper 9", "GB", begin + timedelta(minutes=183))], UTC)
    assert later is not None and later.ticks[-1].anchor == "end"
