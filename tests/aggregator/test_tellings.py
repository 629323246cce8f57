"""Who tells a story on a page, and what part of its sources each country has."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.ranks import Teller
from aggregator.tellings import SHARES, choose, choose_apart, shares
from aggregator.templatetags.perspectives import shares_bar

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def teller(article: int, *, country: str = "GB", language: str = "en", picture: bool = False, hours: int = 0) -> Teller:
    return Teller(article, article, country, language, picture, True, NOON - timedelta(hours=hours))


@given(st.dictionaries(st.sampled_from(["GB", "FR", "IN", "JP", "DE", "PL", "KZ"]), st.integers(1, 500), min_size=1))
def test_the_shares_of_a_bar_fill_it_without_a_gap_the_largest_first(voices: dict[str, int]):
    parts = shares(voices)

    assert len(parts) <= SHARES
    assert sum(part.sources for part in parts) == sum(voices.values())
    assert parts[0].begin == 0 and parts[-1].begin + parts[-1].width == pytest.approx(100, abs=0.02)
    assert all(one.begin + one.width == pytest.approx(next_.begin, abs=0.02) for one, next_ in pairwise(parts))
    named = [part.sources for part in parts if part.country]
    assert named == sorted(named, reverse=True)


def test_a_bar_says_aloud_what_it_draws():
    bar = shares_bar({"FR": 1, "GB": 3})

    assert 'aria-label="United Kingdom: 3 sources, France: 1 source"' in bar
    assert 'x="0.0%" width="75.0%"' in bar and 'x="75.0%" width="25.0%"' in bar
    assert shares_bar({}) == ""


def test_the_language_of_the_page_counts_before_a_picture_and_a_picture_before_the_hour():
    german = teller(1, country="DE", language="de", picture=True)
    plain, pictured = teller(2, hours=0), teller(3, country="IE", picture=True, hours=9)

    assert choose(7, [german, plain, pictured], language="en").teller == pictured
    assert choose(7, [german, plain], language="en").teller == plain
    assert choose(7, [german, plain], language="fr").teller == german


def test_each_further_country_tells_a_story_once_those_that_can_be_read_first():
    tellers = [teller(1), teller(2), teller(3, country="JP", language="ja", hours=5), teller(4, country="IE")]

    chosen = choose(7, tellers, language="en", others=5)

    assert [other.country for other in chosen.others] == ["IE", "JP"]


def test_a_source_that_stands_just_before_lets_another_speak():
    loud, quiet = teller(1, picture=True), teller(2)

    assert [one.teller for one in choose_apart([7], {7: [loud, quiet]}, language="en", after=1)] == [quiet]
    assert [one.teller for one in choose_apart([7], {7: [loud]}, language="en", after=1)] == [loud]
