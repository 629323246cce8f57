"""From what a hub sends to entries: signatures, limits, order, pings, and readers that die."""

import gzip
import hmac
from datetime import timedelta

import pytest
from django.db import transaction

from feeds import sandbox
from feeds.clock import database_now
from feeds.errors import SandboxError
from feeds.models import Entry, Feed, FetchRecord, Push, Subscription
from feeds.websub import pushes, receiving, subscribing
from feeds.websub.receiving import NOT_SIGNED
from tests.documents import item, rss
from tests.factories import make_feed
from tests.hub import HUB, deliver, send

pytestmark = pytest.mark.django_db(transaction=True)

FEED = "https://paper.example/feed.xml"


@pytest.fixture
def feed(hub, site) -> Feed:
    """A feed whose hub has confirmed that it pushes, and that is not due for hours."""
    feed = make_feed(url=FEED, hub_url=HUB, topic_url=FEED)
    subscribing.keep()
    hub.finish()
    Feed.objects.update(next_check_at=database_now() + timedelta(hours=3))
    return feed


def subscriber(hub):
    return hub.subscribers[next(iter(hub.subscribers))]


def read_all() -> None:
    while pushes.read_waiting():
        pass


def is_due(feed: Feed) -> bool:
    return Feed.objects.due(database_now() + timedelta(seconds=31)).filter(pk=feed.pk).exists()


def test_a_pushed_item_becomes_an_entry_of_its_feed(feed, hub):
    (reply,) = hub.distribute(FEED, rss(item("Pushed", guid="1")))
    assert reply.status == 202

    read_all()

    entry = Entry.objects.get()
    assert (entry.title, entry.feed, entry.state) == ("Pushed", feed, Entry.State.NEW)
    assert not Push.objects.exists()
    subscription = Subscription.objects.get()
    assert database_now() - subscription.pushed_at < timedelta(seconds=30)
    assert subscription.last_error == ""


def test_curators_see_a_push_among_the_looks_at_its_feed(feed, hub):
    body = rss(item(guid="1"))
    hub.distribute(FEED, body)
    read_all()
    record = FetchRecord.objects.get()
    assert (record.feed, record.is_push, record.entries_new, record.size) == (feed, True, 1, len(body))


def test_a_push_neither_moves_the_next_look_of_a_feed_nor_ends_a_lease_on_it(feed, hub):
    lease = database_now() + timedelta(minutes=3)
    Feed.objects.update(leased_until=lease)
    before = Feed.objects.get()
    hub.distribute(FEED, rss(item(guid="1")))
    read_all()
    after = Feed.objects.get()
    assert (after.leased_until, after.next_check_at) == (lease, before.next_check_at)
    assert Entry.objects.exists()


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_each_method_of_the_specification_signs(feed, hub, method):
    hub.distribute(FEED, rss(item()), method=method)
    read_all()
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another"},
        {"is_signed": False},
        {"is_signed": False, "headers": {"X-Hub-Signature": "sha256="}},
        {"is_signed": False, "headers": {"X-Hub-Signature": "md5=" + "0" * 40}},
        {"is_signed": False, "headers": {"X-Hub-Signature": "sha256=" + "0" * 64}},
        {"is_signed": False, "headers": {"X-Hub-Signature": "sha1=" + "é" * 40}},
    ],
)
def test_what_is_not_signed_as_agreed_is_ignored_without_telling_the_sender(feed, hub, how):
    good = hub.distribute(FEED, b"")[0]
    headers = {name: value.encode() for name, value in how.pop("headers", {}).items()}
    bad = deliver(subscriber(hub), rss(item()), headers=headers, **how)
    assert (bad.status, bad.body) == (good.status, good.body)
    assert Push.objects.count() == 1  # the good one
    assert Subscription.objects.get().last_error == NOT_SIGNED


def test_a_bare_ping_makes_us_look_at_once(feed, hub):
    hub.distribute(FEED, b"")
    read_all()
    assert is_due(feed)


@pytest.mark.parametrize("body", [b"  \n ", b"hub.mode=publish", b"<html><body>No feed</body></html>", b"\xff\x00{"])
def test_a_push_that_is_no_feed_makes_us_look_at_once(feed, hub, body):
    hub.distribute(FEED, body)
    read_all()
    assert is_due(feed)
    assert Feed.objects.get().failure_count == 0
    assert not Push.objects.exists()


def test_pings_make_us_look_twice_a_minute_at_most(feed, hub):
    Feed.objects.update(checked_at=database_now())
    hub.distribute(FEED, b"")
    read_all()
    assert Feed.objects.get().next_check_at > database_now() + timedelta(seconds=20)


def test_a_push_without_a_secret_agreed_proves_nothing_but_makes_us_look(hub, site):
    make_feed(url=FEED, hub_url="http://hub.example/", next_check_at=database_now() + timedelta(hours=3))
    subscribing.keep()
    hub.finish()
    (reply,) = hub.distribute(FEED, rss(item("Forged?")))
    read_all()
    assert reply.status == 202
    assert not Entry.objects.exists()
    assert is_due(Feed.objects.get())


def test_pushes_of_one_feed_are_read_in_the_order_they_came(feed, hub):
    for title in ("First", "Second", "Third"):
        hub.distribute(FEED, rss(item(title, guid="1")))
    later = database_now() + timedelta(minutes=10)
    (first,) = Push.objects.next_in_line(later)
    Push.objects.filter(pk=first.pk).update(leased_until=later + timedelta(minutes=1))
    assert not Push.objects.next_in_line(later).exists()  # another worker has the first: the others wait
    Push.objects.update(leased_until=None)

    read_all()

    assert Entry.objects.get().title == "Third"


def test_pushes_of_many_feeds_are_read_together(feed, hub):
    for number in range(5):
        make_feed(url=f"https://paper{number}.example/feed", hub_url=HUB)
    subscribing.keep()
    hub.finish()
    for one in hub.subscribers.values():
        deliver(one, rss(item(guid="1")))
    assert pushes.read_waiting() == 6
    assert Entry.objects.values("feed").distinct().count() == 6


def test_the_same_body_twice_is_read_once(feed, hub):
    old, new = rss(item("As first told", guid="1")), rss(item("As told now", guid="1"))
    for body in (old, new, old):
        hub.distribute(FEED, body)
        read_all()
    assert Entry.objects.get().title == "As told now"


def test_a_body_larger_than_we_read_is_refused_unread_and_looked_for_instead(feed, hub):
    (reply,) = hub.distribute(FEED, b"x" * (receiving.PUSH_MAX_BYTES + 1))
    assert reply.status == 413
    assert not Push.objects.exists()
    assert is_due(feed)


def test_a_packed_push_is_refused_with_what_we_take(feed, hub):
    (reply,) = hub.distribute(FEED, gzip.compress(rss(item())), headers={"Content-Encoding": "gzip"})
    assert (reply.status, reply.headers["accept-encoding"]) == (415, "identity")
    assert not Push.objects.exists()


def test_a_hub_that_pushes_without_end_is_slowed_down_and_keeps_no_more_than_a_few_waiting(feed, hub):
    statuses = [hub.distribute(FEED, rss(item(f"Number {n}", guid=str(n))))[0] for n in range(200)]
    assert [reply.status for reply in statuses[:20]] == [202] * 20
    assert statuses[-1].status == 429
    assert int(statuses[-1].headers["retry-after"]) > 0
    assert Push.objects.count() == 20
    assert is_due(feed)


def test_a_hub_whose_pushes_are_read_at_once_is_still_slowed_down(feed, hub):
    replies = []
    for n in range(70):
        replies += hub.distribute(FEED, b"%d" % n)
        Push.objects.all().delete()
    assert [reply.status for reply in replies].count(202) == receiving.MOST_PER_MINUTE


def test_a_push_for_a_feed_that_was_deleted_tells_the_hub_to_stop(feed, hub):
    feed.delete()
    (reply,) = hub.distribute(FEED, rss(item()))
    assert reply.status == 410


def test_what_was_pushed_before_a_feed_was_paused_is_dropped(feed, hub):
    hub.distribute(FEED, rss(item()))
    Feed.objects.update(is_paused=True)
    read_all()
    assert not Push.objects.exists()
    assert not Entry.objects.exists()


def test_a_push_that_kills_its_reader_is_tried_three_times_then_dropped_and_told(feed, hub, monkeypatch):
    async def killed(*_, **__):
        raise SandboxError("The program that reads it crashed (signal 9).")

    hub.distribute(FEED, rss(item()))
    monkeypatch.setattr(sandbox.sandbox(), "acall", killed)
    for attempt in (1, 2, 3):
        assert Push.objects.count() == 1, attempt
        pushes.read_waiting()
    assert not Push.objects.exists()
    assert "crashed" in Subscription.objects.get().last_error
    assert is_due(feed)


def test_a_push_whose_worker_dies_comes_back_when_its_lease_ends_and_three_times_at_most(feed, hub):
    hub.distribute(FEED, rss(item()))
    for _ in range(3):
        now = database_now()
        waiting = Push.objects.next_in_line(now)
        with transaction.atomic():
            assert len(waiting.lease(50, until=now + pushes.LEASE)) == 1  # and then its worker was killed
        assert pushes.read_waiting() == 0  # nobody else has it meanwhile
        Push.objects.update(leased_until=database_now() - timedelta(seconds=1))
    pushes.read_waiting()
    assert not Push.objects.exists()
    assert not Entry.objects.exists()
    assert "three times" in Subscription.objects.get().last_error
    assert is_due(feed)


def test_a_push_that_two_workers_read_is_stored_once(feed, hub):
    hub.distribute(FEED, rss(item()))
    (push,) = Push.objects.select_related("subscription__feed__source")
    read_all()
    pushes.store(pushes.Outcome(push))
    assert Entry.objects.count() == 1


def test_a_push_touches_no_session_and_sets_no_cookie(feed, hub, client, django_assert_num_queries):
    subscription = Subscription.objects.get()
    one = subscriber(hub)
    body = rss(item())
    signature = "sha256=" + hmac.new(one.secret.encode(), body, "sha256").hexdigest()
    with django_assert_num_queries(7):  # find it, count what waits, clock, note and insert in a transaction
        reply = client.post(
            f"/websub/{subscription.token}/", body, content_type="text/xml", headers={"X-Hub-Signature": signature}
        )
    assert reply.status_code == 202
    assert not reply.cookies
    assert "no-store" in reply["Cache-Control"]


def test_other_methods_are_refused(feed, hub, site):
    one = subscriber(hub)
    assert {send(method, one.callback).status for method in ("PUT", "DELETE", "HEAD", "PATCH")} == {405}
