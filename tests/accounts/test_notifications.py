"""notify(): who is told of what, once, together with what belongs to it."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.excluding import Wanted, block
from accounts.models import Exclusions, Notification, User
from accounts.notifications import (
    Notice,
    forget_beyond,
    forget_old,
    mark_read,
    mark_unread,
    notify,
    notify_all,
    unread_count,
)
from tests.factories import make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def reader():
    return make_reader()


def answer(reader, now, number=1, *, kind="answer", key="answer:7", **more):
    url = f"/article/5/council/#comment-{number}"
    return notify(reader, kind, key=key, url=url, data={"title": "Council votes"}, now=now, **more)


def test_a_reader_is_told(reader, now):
    assert answer(reader, now)

    kept = Notification.objects.get()
    assert (kept.user, kept.kind, kept.count, kept.at, kept.read_at) == (reader, "answer", 1, now, None)
    assert kept.url == "/article/5/council/#comment-1" and kept.data == {"title": "Council votes"}


def test_what_belongs_together_stands_together_with_the_newest_first(reader, now):
    anna, boris = make_reader(), make_reader()
    answer(reader, now, 1, by=anna)
    answer(reader, now + timedelta(minutes=1), 2, by=boris)
    answer(reader, now + timedelta(minutes=2), 3, by=anna)

    kept = Notification.objects.get()
    assert kept.count == 3 and kept.people == [anna.pk, boris.pk]
    assert kept.url.endswith("#comment-3")
    assert kept.first_at == now and kept.at == now + timedelta(minutes=2)


def test_the_same_thing_told_twice_is_one(reader, now):
    assert answer(reader, now)
    assert not answer(reader, now + timedelta(seconds=3))

    assert Notification.objects.get().count == 1


def test_the_same_thing_told_again_after_it_was_read_stays_read(reader, now):
    answer(reader, now)
    mark_read(reader, now)

    assert not answer(reader, now)
    assert unread_count(reader) == 0 and Notification.objects.count() == 1


def test_a_new_thing_after_the_group_was_read_begins_a_new_one(reader, now):
    answer(reader, now, 1)
    mark_read(reader, now)
    answer(reader, now, 2)

    assert unread_count(reader) == 1
    assert Notification.objects.unread().get().count == 1


def test_a_muted_kind_is_not_told(reader, now):
    User.objects.filter(pk=reader.pk).update(muted_notices=["answer"])

    assert not answer(reader, now)
    assert answer(reader, now, kind="mention", key="mention:1")


def test_what_moderators_did_is_always_told_and_to_those_who_are_suspended_too(reader, now):
    User.objects.filter(pk=reader.pk).update(muted_notices=["moderation"], suspended_at=now)

    assert answer(reader, now, kind="moderation", key="comment:1")
    assert not answer(reader, now)


def test_nobody_who_is_gone_and_nobody_who_did_it_is_told(reader, now):
    assert not answer(make_reader(is_active=False), now)
    assert not answer(reader, now, by=reader)


@pytest.mark.parametrize("words", [{"title": "Tariff row"}, {"description": "About the TARIFF row."}])
def test_nobody_is_told_of_words_they_block(reader, now, words):
    block(reader, Wanted("tariff"), now)

    assert not answer(reader, now, **words)
    assert answer(reader, now, title="Council votes")


def test_a_keyword_that_ended_keeps_nothing_back(reader, now):
    block(reader, Wanted("tariff", until=now + timedelta(hours=1)), now)
    assert Exclusions.objects.get(user=reader).blocked

    assert answer(reader, now + timedelta(hours=2), title="Tariff row")


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_a_notice_leads_to_no_other_site(reader, now, url):
    with pytest.raises(ValueError, match="page of ours"):
        notify(reader, "answer", key="a", url=url, data={}, now=now)


def test_a_kind_nobody_knows_is_a_mistake_of_the_caller(reader, now):
    with pytest.raises(ValueError, match="no notices"):
        answer(reader, now, kind="gossip")


def test_many_readers_cost_no_more_queries_than_one(now, django_assert_max_num_queries):
    readers = [make_reader() for _ in range(30)]
    notices = [Notice(one.pk, "story", "story:1", "/story/1/a/", {"sources": 3}, title="Council") for one in readers]

    with django_assert_max_num_queries(12):
        assert len(notify_all(notices, now)) == 30


def test_a_reader_keeps_the_newest(reader, now):
    for number in range(12):
        answer(reader, now + timedelta(minutes=number), number, key=f"answer:{number}")

    forget_beyond(10, [reader.pk])

    assert set(Notification.objects.values_list("key", flat=True)) == {f"answer:{number}" for number in range(2, 12)}


def test_what_is_older_than_ninety_days_goes(reader, now):
    answer(reader, now - timedelta(days=91), 1, key="answer:1")
    answer(reader, now - timedelta(days=89), 2, key="answer:2")

    assert forget_old(now) == 1
    assert Notification.objects.get().key == "answer:2"


def test_all_are_read_up_to_what_was_shown_and_unread_again(reader, now):
    answer(reader, now, 1, key="answer:1")
    answer(reader, now + timedelta(minutes=1), 2, key="answer:2")
    read_at = now + timedelta(hours=1)

    assert mark_read(reader, read_at, until=now) == 1
    assert unread_count(reader) == 1
    assert mark_unread(reader, read_at=read_at) == 1
    assert unread_count(reader) == 2


def test_an_old_notice_stays_read_where_a_new_one_of_its_group_is_unread(reader, now):
    answer(reader, now, 1)
    old = Notification.objects.get()
    mark_read(reader, now)
    answer(reader, now, 2)

    assert mark_unread(reader, pk=old.pk) == 0
    assert unread_count(reader) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one_row_with_the_right_count(now):
    reader = make_reader()
    together = threading.Barrier(8)
    errors = []

    def tell(number):
        try:
            together.wait()
            answer(reader, now, number // 2)  # each event comes twice
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not errors
    assert Notification.objects.get().count == 4
