"""Following: each thing once, within limits, and sources know how many follow them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import following
from accounts.following import (
    TooMuchFollowed,
    follow,
    follow_all,
    follow_exactly,
    followed_by,
    recount_followers,
    save_search,
    unfollow,
)
from accounts.models import Follow, SavedSearch
from feeds.models import Category, Country, Source
from tests.factories import make_reader, make_source

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def followers_of(source: Source) -> int:
    return Source.objects.values_list("follower_count", flat=True).get(pk=source.pk)


def test_what_is_followed_twice_is_followed_once_and_let_go_twice_not_at_all():
    reader, source = make_reader(), make_source()
    world = Category.objects.get(pk="world")

    for _ in range(2):
        for thing in (source, world, source.country):
            follow(reader, thing, NOW)
    assert Follow.objects.filter(user=reader).count() == 3 and followers_of(source) == 1
    assert followed_by(reader).sources == (source.pk,) and followed_by(reader).countries == ("GB",)

    for _ in range(2):
        for thing in (source, world, source.country):
            unfollow(reader, thing)
    assert not Follow.objects.exists() and followers_of(source) == 0


def test_a_row_is_of_one_thing_exactly():
    reader, source = make_reader(), make_source()
    for fields in ({}, {"source": source, "country": source.country}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Follow.objects.create(user=reader, **fields)


def test_nobody_follows_without_end(monkeypatch):
    monkeypatch.setattr(following, "MOST_FOLLOWED", 2)
    reader, sources = make_reader(), [make_source() for _ in range(3)]

    with pytest.raises(TooMuchFollowed):
        follow_all(reader, sources, NOW)
    assert not Follow.objects.exists() and followers_of(sources[0]) == 0

    follow_all(reader, sources[:2], NOW)
    follow(reader, sources[0], NOW)
    assert Follow.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_pressing_twice_at_once_and_many_readers_at_once_count_right():
    source, readers = make_source(), [make_reader() for _ in range(8)]

    def press(reader) -> None:
        try:
            follow(reader, source, NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(press, readers * 3))

    assert Follow.objects.count() == followers_of(source) == len(readers)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_do_not_pass_the_limit(monkeypatch):
    monkeypatch.setattr(following, "MOST_FOLLOWED", 3)
    reader, sources = make_reader(), [make_source() for _ in range(9)]

    def press(source) -> bool:
        try:
            follow(reader, source, NOW)
        except TooMuchFollowed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(9) as tabs:
        assert sum(tabs.map(press, sources)) == 3
    assert Follow.objects.count() == 3


def test_followers_are_counted_anew_after_a_reader_is_gone():
    source, other = make_source(), make_source(follower_count=4)
    reader, stays = make_reader(), make_reader()
    follow(reader, source, NOW)
    follow(stays, source, NOW)
    reader.delete()

    assert recount_followers() == 2 and recount_followers() == 0
    assert followers_of(source) == 1 and followers_of(other) == 0


def test_choosing_countries_replaces_countries_alone():
    reader, source = make_reader(), make_source(country="AM")
    for iso in ("FR", "DE"):
        Country.objects.get_or_create(iso=iso)
    follow(reader, source, NOW)
    follow_exactly(reader, "country", ["AM", "FR"], NOW)

    follow_exactly(reader, "country", ["FR", "DE", "XX"], NOW)

    assert set(followed_by(reader).countries) == {"FR", "DE"} and followed_by(reader).sources == (source.pk,)


def test_a_search_is_kept_once_under_its_last_name(monkeypatch):
    reader = make_reader()
    save_search(reader, "q=floods", NOW, name="Floods", is_followed=True)
    save_search(reader, "q=floods", NOW, name="Water")

    (kept,) = SavedSearch.objects.all()
    assert (kept.name, kept.is_followed) == ("Water", True)

    monkeypatch.setattr(following, "MOST_SEARCHES", 1)
    with pytest.raises(TooMuchFollowed):
        save_search(reader, "q=fires", NOW, name="Fires")
    save_search(make_reader(), "q=floods", NOW, name="Theirs")
    with pytest.raises(TooMuchFollowed):
        save_search(reader, "q=" + "a" * 3000, NOW, name="Long")


def test_more_followers_make_the_shortest_wait_shorter():
    from feeds.scheduling import shortest_interval  # noqa: PLC0415  the rule that reads the count

    source = make_source()
    before = shortest_interval(followers_of(source))
    for _ in range(3):
        follow(make_reader(), source, NOW)

    assert shortest_interval(followers_of(source)) < before
