"""What others may try with our address for hubs, and what a hub may try with us."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.cache import cache

from feeds.clock import database_now
from feeds.models import Entry, Feed, Push, SeenPush, Subscription
from feeds.models.websub import new_token
from feeds.websub import pushes, subscribing
from feeds.websub.receiving import REMEMBERED
from tests.documents import item, rss
from tests.factories import make_curator, make_feed
from tests.hub import HUB, Subscriber, ask, deliver
from zisnews.logs import hide_secrets

pytestmark = pytest.mark.django_db(transaction=True)

FEED = "https://paper.example/feed.xml"


@pytest.fixture
def callback(hub, site) -> str:
    """Our address for the hub of a feed, which has confirmed that it pushes."""
    make_feed(url=FEED, hub_url=HUB)
    subscribing.keep()
    hub.finish()
    Feed.objects.update(next_check_at=database_now() + timedelta(hours=3))
    return subscribing.callback_of(Subscription.objects.get())


def verification(**changes: str) -> dict[str, str]:
    said = {"mode": "subscribe", "topic": FEED, "challenge": "c", "lease_seconds": "60"} | changes
    return {f"hub.{name}": value for name, value in said.items()}


def state_of_all() -> list:
    return list(Subscription.objects.order_by("pk").values())


@pytest.mark.parametrize("token", ["x", "a" * 43, "../../admin", "%00" * 5, "a" * 5000, "é" * 43])
def test_a_guessed_address_gives_nothing(callback, site, token):
    before = state_of_all()
    assert ask(f"{site}/websub/{token}/".replace("é", "%C3%A9"), verification()).status in {400, 404}
    assert state_of_all() == before


def test_a_guessed_address_takes_no_push_and_reads_no_body(callback, site):
    stranger = Subscriber(f"{site}/websub/{new_token()}/", FEED, "secret", 1)
    assert deliver(stranger, b"x" * 3_000_000).status == 410
    assert not Push.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": "https://elsewhere.example/feed"},
        {"topic": ""},
        {"topic": FEED + "/"},
        {"challenge": ""},
        {"challenge": "c" * 5_000},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"mode": "denied", "topic": "https://elsewhere.example/feed"},
    ],
)
def test_what_we_never_asked_for_is_not_confirmed(callback, changes):
    before = state_of_all()
    assert ask(callback, verification(**changes)).status == 404
    assert state_of_all() == before


def test_nobody_can_subscribe_us_again_to_what_we_left(callback):
    Feed.objects.all().delete()
    assert ask(callback, verification()).status == 404
    Subscription.objects.all().leave(database_now())
    assert ask(callback, verification()).status == 404


def test_nothing_is_confirmed_while_pushes_are_switched_off(callback, settings):
    settings.ZIS_WEBSUB = False
    assert ask(callback, verification()).status == 404


def test_a_challenge_that_is_a_script_is_given_back_as_text_that_no_browser_runs(callback):
    script = "<script>alert(document.domain)</script>"
    reply = ask(callback, verification(challenge=script), Accept="text/html")
    assert (reply.status, reply.body) == (200, script.encode())
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "set-cookie" not in reply.headers


def test_another_hubs_signature_does_not_count(callback, hub):
    make_feed(url="https://other.example/feed", hub_url=HUB)
    subscribing.keep()
    hub.finish()
    ours, other = sorted(hub.subscribers.values(), key=lambda one: one.callback != callback)
    deliver(ours, rss(item()), secret=other.secret)
    assert not Push.objects.exists()


def test_a_push_that_says_it_is_another_feeds_is_not_stored_in_ours(callback, hub):
    (ours,) = hub.subscribers.values()
    reply = deliver(ours, rss(item()), headers={"Link": '<https://elsewhere.example/feed>; rel="self"'})
    assert reply.status == 202
    assert not Push.objects.exists()
    assert Feed.objects.get().next_check_at <= database_now() + timedelta(seconds=31)


def test_a_replayed_push_does_not_bring_an_old_text_back(callback, hub):
    old, new = rss(item("Old", guid="1")), rss(item("New", guid="1"))
    for body in (old, new, *[old] * 20):
        hub.distribute(FEED, body)
        while pushes.read_waiting():
            pass
    assert Entry.objects.get().title == "New"


def test_a_replayed_push_brings_no_old_text_back_though_redis_was_wiped(callback, hub):
    old, new = rss(item("Old", guid="1")), rss(item("New", guid="1"))
    for body in (old, new, old):
        cache.clear()
        hub.distribute(FEED, body)
        while pushes.read_waiting():
            pass

    assert Entry.objects.get().title == "New"
    assert SeenPush.objects.count() == 2


def test_what_was_pushed_long_ago_is_forgotten_in_the_end(callback, hub):
    hub.distribute(FEED, rss(item()))
    SeenPush.objects.update(at=database_now() - REMEMBERED * 1.01)

    subscribing.keep()

    assert not SeenPush.objects.exists()


def test_hundreds_of_pushes_leave_a_few_rows_and_a_poll(callback, client):
    path = f"/websub/{Subscription.objects.get().token}/"
    statuses = {client.post(path, b"%d" % n, content_type="text/xml").status_code for n in range(500)}
    assert statuses == {202, 429}
    assert Push.objects.count() <= 20
    assert Feed.objects.get().next_check_at <= database_now() + timedelta(seconds=31)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://127.0.0.1/hub", "this machine itself"),
        ("https://169.254.169.254/latest/meta-data", "link-local"),
        ("https://[::1]:8000/", "this machine itself"),
        ("https://127.1/", ""),
        ("https://10.0.0.1/", "private"),
        ("https://user:password@hub.example/", ""),
        ("https://hub.example:6379/", ""),
        ("file:///etc/passwd", ""),
        ("gopher://hub.example/", ""),
        ("https://hub.example\\@127.0.0.1/", ""),
    ],
)
def test_a_hub_at_an_address_where_we_do_not_go_is_not_asked(settings, address, words):
    settings.ZIS_WEBSUB, settings.SITE_URL = True, "https://news.example"
    make_feed(url=FEED, hub_url=address)
    subscribing.keep()
    subscription = Subscription.objects.get()
    assert subscription.state == Subscription.State.FAILED
    assert words in subscription.last_error
    assert subscription.next_try_at > database_now() + timedelta(hours=20)


@pytest.mark.parametrize("target", ["http://169.254.169.254/", "file:///etc/passwd", "https://user@hub.example/"])
def test_a_hub_cannot_send_our_request_on_to_where_we_do_not_go(hub, site, target):
    hub.redirect = (307, target)
    make_feed(url=FEED, hub_url=HUB)
    subscribing.keep()
    assert Subscription.objects.get().state == Subscription.State.FAILED


def test_a_secret_is_not_sent_on_to_where_it_can_be_overheard(hub, site):
    hub.redirect = (307, "http://hub.example/plain")
    make_feed(url=FEED, hub_url=HUB)
    subscribing.keep()
    assert not hub.requests


@pytest.mark.parametrize("topic", ["https://127.0.0.1/feed", "file:///etc/passwd", "javascript:alert(1)"])
def test_a_topic_where_we_do_not_go_is_not_asked_for(hub, site, topic):
    make_feed(url=FEED, hub_url=HUB, topic_url=topic)
    subscribing.keep()
    assert not hub.requests
    assert Subscription.objects.get().state == Subscription.State.FAILED


def test_our_address_for_a_hub_stands_in_no_log(callback, caplog, client):
    token = Subscription.objects.get().token
    with caplog.at_level(logging.DEBUG):
        client.get(f"/websub/{token}/", {"hub.mode": "subscribe"})
        Feed.objects.all().delete()
        client.post(f"/websub/{token}/")
        subscribing.keep()
    django_lines = [record.getMessage() for record in caplog.records if token in record.getMessage()]
    assert django_lines  # Django names the path of what it could not find: our filter must not let it through
    for line in django_lines:
        assert token not in json.dumps(hide_secrets(None, "warning", {"event": line}))


def test_curators_see_subscriptions_but_no_secret(callback, client):
    client.force_login(make_curator())
    subscription = Subscription.objects.get()
    subscription.last_error = "<script>alert(1)</script>"
    subscription.save()
    for address in ("/admin/feeds/subscription/", f"/admin/feeds/subscription/{subscription.pk}/change/"):
        page = client.get(address).content.decode()
        assert "hub.example" in page
        assert subscription.token not in page
        assert subscription.secret not in page
        assert "<script>alert(1)" not in page
