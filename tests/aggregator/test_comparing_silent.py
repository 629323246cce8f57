"""Who tells the story of those who were asked, and who might be expected to and does not."""

import pytest

from aggregator.comparing.silent import Coverage, Voice, chance_of_none, silent, voices
from tests.aggregator.comparing_stories import hours, telling

STORY = [telling(country="GB", source="one"), telling(country="GB", source="one"), telling(country="GB", source="two")]
BURSTS = [3, 9] * 15


def test_the_chance_of_nothing_is_as_worked_out_by_hand():
    # mean 6, variance 270/29 = 9.3103, size 36/3.3103 = 10.875: (1 + 6/10.875)^-10.875 = e^-4.778
    assert chance_of_none(BURSTS) == pytest.approx(0.00841, abs=0.00002)
    # no more variance than the mean: e^-6
    assert chance_of_none([6] * 30) == pytest.approx(0.00248, abs=0.00001)
    # never less than how often it came: 2 of 30
    assert chance_of_none([0, 0, *[40] * 28]) == pytest.approx(2 / 30, abs=0.0001)


def test_a_country_that_nearly_always_tells_such_stories_is_silent():
    [silence] = silent(STORY, [Coverage("IN", 14, BURSTS)], now=hours(25))

    assert (silence.country, silence.polled, silence.usually, silence.stories) == ("IN", 14, 6, 30)
    assert silence.probability == 0.00841


@pytest.mark.parametrize(
    ("coverage", "now"),
    [
        (Coverage("IN", 14, BURSTS), hours(23)),
        (Coverage("IN", 7, BURSTS), hours(25)),
        (Coverage("IN", 14, BURSTS[:29]), hours(25)),
        (Coverage("IN", 14, [1, 3] * 15), hours(25)),
        (Coverage("GB", 14, BURSTS), hours(25)),
    ],
    ids=["too young", "too few sources", "too few stories", "often has none", "tells it"],
)
def test_nothing_is_said_of_a_country_where_silence_means_nothing(coverage, now):
    assert silent(STORY, [coverage], now=now) == []


def test_one_date_wrong_by_years_makes_no_story_old():
    assert silent([*STORY, telling(published_at=hours(-90_000))], [Coverage("IN", 14, BURSTS)], now=hours(2)) == []


def test_voices_are_distinct_sources_of_those_polled():
    assert voices(STORY, [Coverage("GB", 14, []), Coverage("IN", 9, [])]) == [Voice("GB", 2, 14)]
