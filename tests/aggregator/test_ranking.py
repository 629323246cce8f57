"""The order of stories: what raises one, what lowers it, and that nothing else does."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aggregator.ranking import RUSH, SLOT, Facts, fastest, in_order, parted, slot_of, standing

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

counts = st.integers(0, 10_000)
moments = st.timedeltas(timedelta(0), timedelta(days=30)).map(lambda age: NOW - age)
facts = st.builds(
    Facts,
    country_count=st.integers(1, 200),
    source_count=st.integers(1, 2000),
    first_at=moments,
    newest_at=moments,
    rush=st.integers(1, 2000),
    view_count=st.integers(0, 10**9),
    like_count=counts,
    dislike_count=counts,
    comment_count=counts,
)
GROWING = ["country_count", "source_count", "rush", "view_count", "like_count", "dislike_count", "comment_count"]


def weight(story: Facts, now: datetime = NOW) -> float:
    return standing(story, now).weight


@given(facts, st.sampled_from(GROWING), st.integers(1, 1000))
def test_more_of_anything_never_lowers_a_story(story: Facts, what: str, more: int):
    assert weight(replace(story, **{what: getattr(story, what) + more})) >= weight(story)


@given(facts, st.sampled_from(["country_count", "source_count", "rush"]))
def test_one_more_country_source_or_quick_follower_raises_a_story(story: Facts, what: str):
    assume(weight(story) > 1e-6)
    assert weight(replace(story, **{what: getattr(story, what) + 1})) > weight(story)


@given(facts, st.sampled_from(["first_at", "newest_at"]), st.timedeltas(timedelta(seconds=1), timedelta(days=9)))
def test_an_older_story_never_stands_higher_than_its_like(story: Facts, what: str, older: timedelta):
    assert weight(replace(story, **{what: getattr(story, what) - older})) <= weight(story)


@given(facts, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_story_only_sinks_with_time(story: Facts, passed: timedelta):
    assert weight(story, NOW + passed) <= weight(story)


@given(facts)
def test_no_crowd_is_worth_more_than_three_countries(story: Facts):
    alone = replace(story, view_count=0, like_count=0, dislike_count=0, comment_count=0)
    told_in_three = standing(replace(story, country_count=3), NOW).voices
    told_in_none = standing(replace(story, country_count=0), NOW).voices

    gained = standing(story, NOW).reactions - standing(alone, NOW).reactions

    assert gained <= told_in_three - told_in_none


@given(facts, counts, counts)
def test_a_dislike_counts_as_a_like_does(story: Facts, likes: int, dislikes: int):
    there = replace(story, like_count=likes, dislike_count=dislikes)
    turned = replace(story, like_count=dislikes, dislike_count=likes)

    assert weight(there) == weight(turned)


def test_a_story_from_the_future_counts_as_new():
    story = Facts(2, 2, first_at=NOW + timedelta(hours=3), newest_at=NOW + timedelta(hours=3))

    assert standing(story, NOW).freshness == 1


def test_freshness_halves_in_nine_quiet_hours_and_in_thirty_six_hours_of_being_told():
    assert standing(Facts(1, 1, first_at=NOW, newest_at=NOW - timedelta(hours=9)), NOW).freshness == 0.5
    assert standing(Facts(1, 1, first_at=NOW - timedelta(hours=36), newest_at=NOW), NOW).freshness == 0.5


@given(st.dictionaries(st.integers(1, 99), facts, max_size=12), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_stories_come_in(stories: dict[int, Facts], chance):
    shuffled = list(stories.items())
    chance.shuffle(shuffled)

    def order(items):
        return in_order({pk: standing(story, NOW) for pk, story in items})

    assert order(shuffled) == order(stories.items())


def test_of_two_stories_that_weigh_the_same_the_older_id_stands_first():
    same = standing(Facts(2, 3, first_at=NOW, newest_at=NOW), NOW)

    assert in_order({9: same, 4: same, 7: same}) == [4, 7, 9]


@given(st.lists(moments, max_size=30), moments)
def test_one_more_source_never_makes_uptake_slower(joined: list[datetime], one_more: datetime):
    assert fastest([*joined, one_more]) >= fastest(joined)


def test_uptake_counts_the_sources_of_the_fastest_three_hours():
    joined = [NOW + timedelta(hours=hours) for hours in (0, 5, 6, 7.5, 8, 20)]

    assert fastest(joined) == 4
    assert fastest([]) == 0
    assert fastest([NOW, NOW + RUSH]) == 2


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_ranking_goes_by_a_clock_of_five_minutes(now: datetime):
    slot = slot_of(now)

    assert slot <= now < slot + SLOT
    assert slot.minute % 5 == slot.second == slot.microsecond == 0


@given(st.lists(st.integers(1, 4), max_size=12), st.one_of(st.none(), st.integers(1, 4)))
def test_no_source_stands_twice_in_a_row_where_that_can_be(sources: list[int], after: int | None):
    order = parted(list(enumerate(sources)), lambda item: item[1], after=after)
    stands = [source for _, source in order]

    assert sorted(order) == list(enumerate(sources))
    most = max(Counter(sources).values(), default=0)
    if 2 * most <= len(sources):
        assert all(one != other for one, other in pairwise(stands))
        assert not stands or stands[0] != after


@given(st.lists(st.integers(1, 3), max_size=12))
def test_what_repeats_nothing_keeps_its_order(sources: list[int]):
    assume(all(one != other for one, other in pairwise(sources)))
    assume(2 * max(Counter(sources).values(), default=0) <= len(sources))

    order = parted(list(enumerate(sources)), lambda item: item[1])

    assert order == list(enumerate(sources)) or 2 * max(Counter(sources[1:]).values(), default=0) > len(sources) - 1


@pytest.mark.parametrize(
    ("given_", "expected"), [("AAB", "ABA"), ("BAA", "ABA"), ("AAAB", "ABAA"), ("AAA", "AAA"), ("", "")]
)
def test_sources_are_parted_to_the_end_if_they_can_be(given_: str, expected: str):
    assert "".join(parted(given_, key=str)) == expected
