"""Numbers to rectangles: what is drawn stands for what was counted."""

import pytest

from feeds.admin.charts import HEIGHT, MOST_SERIES, round_above, sparkline, spread_out, stacked_bars

NAMES = {"world": "World", "sports": "Sports"}


def test_bars_of_a_column_stand_on_each_other_and_are_as_high_as_their_counts():
    chart = stacked_bars([{"world": 30, "sports": 10}], ["12:00"], names=NAMES, others="others")
    lower, upper = chart.columns[0].bars
    assert chart.top == 40
    assert (lower.y + lower.height, upper.y + upper.height) == (HEIGHT, lower.y)
    assert (lower.height, upper.height) == (75, 25)
    assert [series.name for series in chart.series] == ["World", "Sports"]


def test_the_largest_series_has_the_same_colour_in_every_column():
    chart = stacked_bars([{"world": 1, "sports": 5}, {"world": 9}], ["1", "2"], names=NAMES, others="others")
    assert chart.series[0].name == "World"
    assert chart.columns[0].counts == [1, 5]
    assert [bar.series for bar in chart.columns[1].bars] == [0]


def test_more_series_than_eyes_tell_apart_are_drawn_as_one_and_none_is_lost():
    counts = {f"country-{number}": number + 1 for number in range(40)}
    chart = stacked_bars([counts], ["now"], names={}, others="all others")
    assert len(chart.series) == MOST_SERIES
    assert chart.series[-1].name == "all others"
    assert chart.total == sum(counts.values()) == chart.columns[0].total


def test_of_series_of_one_size_the_same_are_drawn_whatever_order_they_come_in():
    counts = {f"country-{number:02}": 1 for number in range(20)}
    there = stacked_bars([counts], ["now"], names={}, others="others")
    back = stacked_bars([dict(reversed(counts.items()))], ["now"], names={}, others="others")
    assert [one.name for one in there.series] == [one.name for one in back.series]


def test_hours_without_articles_have_no_bars_and_a_chart_without_any_says_so_by_its_total():
    chart = stacked_bars([{}, {"world": 2}, {}], ["1", "2", "3"], names=NAMES, others="others")
    assert [len(column.bars) for column in chart.columns] == [0, 1, 0]
    assert stacked_bars([{}, {}], ["1", "2"], names=NAMES, others="others").total == 0
    assert stacked_bars([], [], names=NAMES, others="others").total == 0


@pytest.mark.parametrize(("most", "top"), [(0, 2), (1, 2), (3, 4), (7, 8), (9, 10), (11, 20), (6_200, 8_000)])
def test_the_upper_edge_is_a_round_number_whose_half_is_whole(most, top):
    assert round_above(most) == top


def test_labels_below_are_few_with_the_first_and_the_last():
    labels = [str(number) for number in range(48)]
    assert spread_out(labels, 5) == ["0", "12", "24", "35", "47"]
    assert spread_out(["a"], 5) == ["a"]


def test_a_sparkline_shows_every_day_with_anything_and_says_the_numbers():
    line = sparkline([0, 1, 1_000])
    assert (line.total, line.most, line.days) == (1_001, 1_000, 3)
    assert len(line.bars) == 2
    assert line.bars[0].height >= 6
    assert line.bars[1].height == HEIGHT
    assert sparkline([0, 0]).bars == []
