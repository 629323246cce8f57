"""The ranking that all readers share: what it is made of, and how long it stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from aggregator.kept_ranking import WORTH_KEEPING, current_ranking, rank_ahead
from aggregator.models import Article, KeptRanking, Story
from aggregator.ranking import slot_of
from aggregator.ranks import TELLERS, rank
from tests.factories import make_article, make_source, make_story

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, 2, 30, tzinfo=UTC)


def tell(*countries: str, hours_ago: float = 1, apart_hours: float = 0, **fields) -> Story:
    """A story with an article of a source in each country, one after the other."""
    articles = tuple(
        make_article(country=iso, published_at=NOW - timedelta(hours=hours_ago - n * apart_hours), **fields)
        for n, iso in enumerate(countries)
    )
    return make_story(told_by=articles, category=fields.get("category", "world"))


def order(now: datetime = NOW) -> list[int]:
    return current_ranking(now).top


def test_more_countries_stand_above_as_many_sources_of_fewer():
    wide = tell("GB", "FR", "IN")
    narrow = tell("GB", "GB", "FR")

    assert order() == [wide.pk, narrow.pk]


def test_of_two_stories_alike_the_one_that_spread_at_once_stands_above():
    slow = tell("GB", "FR", "IN", "JP", hours_ago=20, apart_hours=6)
    Story.objects.filter(pk=slow.pk).update(newest_at=NOW - timedelta(hours=2))
    quick = tell("GB", "FR", "IN", "JP", hours_ago=2.2, apart_hours=0.05)
    Story.objects.update(first_at=NOW - timedelta(hours=20), newest_at=NOW - timedelta(hours=2))

    assert order() == [quick.pk, slow.pk]
    stories = current_ranking(NOW).stories
    assert (stories[quick.pk].facts.rush, stories[slow.pk].facts.rush) == (4, 1)


def test_what_readers_do_raises_a_story():
    quiet = tell("GB", "FR")
    discussed = tell("GB", "FR")
    Article.objects.filter(story=discussed).update(view_count=900, like_count=5, dislike_count=7, comment_count=9)

    assert order() == [discussed.pk, quiet.pk]
    assert current_ranking(NOW).stories[discussed.pk].facts.view_count == 1800


def test_stories_of_one_source_merged_ones_and_old_ones_are_not_ranked():
    kept = tell("GB", "FR")
    make_story(told_by=(make_article(published_at=NOW),))
    tell("GB", "FR", hours_ago=49)
    merged = tell("GB", "FR", "IN")
    Story.objects.filter(pk=merged.pk).update(merged_into=kept)

    assert order() == [kept.pk]


def test_a_category_has_an_order_of_its_own():
    tell("GB", "FR", "IN")
    sports = [tell("GB", "FR", "IN", category="sports"), tell("GB", "FR", category="sports")]

    assert current_ranking(NOW).shelves["sports"] == [story.pk for story in sports]


def test_stories_of_one_countrys_sources_are_kept_apart():
    one_sided = tell("KZ", "KZ", "KZ")
    tell("KZ", "KZ")
    tell("KZ", "RU", "PL")

    assert current_ranking(NOW).one_sided == [one_sided.pk]


def test_a_reload_shuffles_nothing_within_five_minutes():
    stories = [tell("GB", "FR", hours_ago=n / 7) for n in range(1, WORTH_KEEPING + 1)]
    before = order()
    late = tell("GB", "FR", "IN", "JP")
    Article.objects.filter(story=stories[-1]).update(view_count=10**6)

    assert order(slot_of(NOW) + timedelta(minutes=4, seconds=59)) == before
    assert order(slot_of(NOW) + timedelta(minutes=5))[0] == late.pk


def test_a_site_that_has_just_begun_shows_a_new_story_at_once():
    first = tell("GB", "FR")
    assert order() == [first.pk]

    second = tell("GB", "FR", "IN")

    assert order() == [second.pk, first.pk]


def test_without_the_cache_the_order_is_the_same_within_a_slot():
    for n in range(1, WORTH_KEEPING + 1):
        tell("GB", "FR", hours_ago=n / 3)
    before = order()
    cache.clear()

    assert order(slot_of(NOW) + timedelta(minutes=4)) == before


def test_each_source_tells_by_its_newest_article_and_each_country_before_a_second_of_one():
    story = tell(*["GB"] * 30, "FR", hours_ago=5)
    paper = make_source(country="IN", language="hi")
    Article.objects.filter(
        pk__in=[make_article(source=paper, published_at=NOW - timedelta(hours=n)).pk for n in (1, 2)]
    ).update(story=story)

    tellers = rank(NOW).stories[story.pk].tellers

    assert {teller.country for teller in tellers[:3]} == {"IN", "FR", "GB"}
    assert [teller.published_at for teller in tellers if teller.source == paper.pk] == [NOW - timedelta(hours=1)]
    assert len(tellers) <= TELLERS


def test_ranking_asks_three_queries_however_many_stories_there_are(django_assert_num_queries):
    for count in (1, 12):
        for _ in range(count):
            tell("GB", "FR", "IN")
        with django_assert_num_queries(3):
            rank(NOW)


def test_the_coming_five_minutes_are_ranked_before_a_reader_asks(django_assert_num_queries):
    stories = {tell("GB", "FR", hours_ago=n / 7).pk for n in range(1, WORTH_KEEPING + 1)}
    begins = slot_of(NOW) + timedelta(minutes=5)

    rank_ahead(begins - timedelta(minutes=1))

    cache.clear()
    with django_assert_num_queries(2):  # which one it is, and the ranking itself
        ranking = current_ranking(begins)
    with django_assert_num_queries(1):
        assert current_ranking(begins + timedelta(minutes=4)) is ranking
    assert (set(ranking.top), ranking.at) == (stories, begins)


def test_a_kept_ranking_says_what_was_ranked():
    for n in range(1, WORTH_KEEPING + 1):
        tell("GB", "GB", "GB", hours_ago=n / 7)
        tell("GB", "FR", hours_ago=n / 7)

    assert current_ranking(NOW) == rank(slot_of(NOW))


def test_what_is_ranked_is_not_ranked_again_and_old_rankings_go():
    for n in range(1, WORTH_KEEPING + 1):
        tell("GB", "FR", hours_ago=n / 7)
    rank_ahead(NOW)
    made = KeptRanking.objects.get()

    rank_ahead(NOW)
    assert KeptRanking.objects.get().name == made.name

    rank_ahead(NOW + timedelta(hours=2))
    assert KeptRanking.objects.get().slot == slot_of(NOW + timedelta(hours=2, seconds=90))


@pytest.mark.django_db(transaction=True)
def test_readers_of_a_slot_that_nobody_ranked_all_see_the_same():
    for n in range(1, WORTH_KEEPING + 1):
        tell("GB", "FR", hours_ago=n / 7)

    with ThreadPoolExecutor(4) as readers:
        names = set(readers.map(lambda _: seen_in_a_thread(), range(4)))

    assert len(names) == 1
    assert KeptRanking.objects.count() == 1


def seen_in_a_thread() -> tuple[int, ...]:
    try:
        return tuple(current_ranking(NOW).top)
    finally:
        connection.close()
