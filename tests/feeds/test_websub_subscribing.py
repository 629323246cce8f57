"""Asking hubs for pushes: discovery, verification of intent, renewal, refusal and farewell, against a real hub."""

from datetime import timedelta

import pytest

from feeds import ingestion
from feeds.clock import database_now
from feeds.models import Feed, Subscription
from feeds.websub import subscribing
from feeds.websub.words import push_condition
from tests.documents import item, rss
from tests.factories import make_feed, make_source
from tests.hub import HUB, ask
from tests.web import Answer

pytestmark = pytest.mark.django_db(transaction=True)

FEED = "https://paper.example/feed.xml"
TOPIC = "https://paper.example/topic.xml"
State = Subscription.State


@pytest.fixture
def feed(hub, site) -> Feed:
    return make_feed(url=FEED, hub_url=HUB, topic_url=TOPIC)


def tick(hub) -> Subscription | None:
    """Let a worker keep the subscriptions once, whatever their time; returns the only one there is."""
    Subscription.objects.update(next_try_at=database_now())
    subscribing.keep()
    hub.finish()
    return Subscription.objects.first()


def make_older(**by: float) -> None:
    """Let all subscriptions have begun, and have been promised, so much earlier."""
    for one in Subscription.objects.all():
        one.created_at -= timedelta(**by)
        one.expires_at = one.expires_at and one.expires_at - timedelta(**by)
        one.save()


def test_a_hub_that_a_feed_announces_is_asked_and_its_promise_noted(feed, hub, site):
    subscription = tick(hub)

    (form,) = hub.requests
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == TOPIC
    assert form["hub.callback"] == f"{site}/websub/{subscription.token}/"
    assert form["hub.secret"] == subscription.secret
    assert int(form["hub.lease_seconds"]) == 10 * 86400
    assert (subscription.state, subscription.attempts, subscription.last_error) == (State.ACTIVE, 0, "")
    assert subscription.feed == feed
    promised = subscription.expires_at - database_now()
    assert timedelta(days=9.99) < promised < timedelta(days=10)
    assert 0.79 < (subscription.next_try_at - database_now()) / promised < 0.91
    assert push_condition(feed).startswith("The hub pushes")


def test_tokens_and_secrets_are_long_and_different_for_each_subscription(feed, hub):
    make_feed(hub_url=HUB)
    subscribing.wanting.arrange(database_now())
    one, two = Subscription.objects.all()
    assert len({one.token, two.token, one.secret, two.secret}) == 4
    assert all(43 <= len(text) < 200 for text in (one.token, one.secret))


def test_a_hub_that_verifies_before_it_answers_finds_the_row_it_asks_about(feed, hub):
    hub.verifies = "at once"
    assert tick(hub).state == State.ACTIVE


def test_a_hub_in_the_headers_of_a_fetched_feed_is_found(web, hub, site):
    links = f'<{HUB}>; rel="hub", <{TOPIC}>; rel="self"'
    web[FEED] = Answer(body=rss(item()), headers={"Link": links, "Content-Type": "application/rss+xml"})
    make_feed(url=FEED)

    ingestion.refresh_due()

    assert tick(hub).topic_url == TOPIC


def test_a_hub_in_the_document_is_found_and_a_feed_without_a_name_of_its_own_is_its_address(web, hub, site):
    atom_link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{HUB}"/>'.encode()
    web[FEED] = rss(item()).replace(b"<item>", atom_link + b"<item>", 1)
    make_feed(url=FEED)

    ingestion.refresh_due()

    assert tick(hub).topic_url == FEED


@pytest.mark.parametrize("off", [{"is_paused": True}, {"hub_url": ""}])
def test_a_feed_that_is_paused_or_announces_no_hub_is_not_subscribed(hub, site, off):
    make_feed(**{"hub_url": HUB} | off)
    make_feed(source=make_source(is_paused=True), hub_url=HUB)
    assert tick(hub) is None
    assert not hub.requests


def test_without_a_public_address_nobody_is_asked(feed, hub, settings):
    settings.ZIS_WEBSUB = False
    assert tick(hub) is None
    assert not hub.requests


def test_a_promise_is_renewed_before_it_ends_at_the_same_address_with_the_same_secret(feed, hub):
    tick(hub)
    make_older(days=9)
    before = Subscription.objects.get()

    after = tick(hub)

    assert [form["hub.mode"] for form in hub.requests] == ["subscribe", "subscribe"]
    assert hub.requests[0] == hub.requests[1]
    assert (after.pk, after.state) == (before.pk, State.ACTIVE)
    assert after.expires_at > before.expires_at + timedelta(days=8)


def test_a_hub_that_does_not_renew_keeps_its_promise_until_it_ends_and_is_then_shown_as_asked(feed, hub):
    tick(hub)
    hub.verifies = "never"
    make_older(days=9)
    assert tick(hub).state == State.ACTIVE
    make_older(days=2)
    assert tick(hub).state == State.ASKED


def test_a_lease_of_a_second_does_not_make_us_ask_every_second(feed, hub):
    hub.lease = 1
    subscription = tick(hub)
    assert subscription.state == State.ACTIVE
    assert subscription.next_try_at > database_now() + timedelta(minutes=9)
    assert "only 1 second" in subscription.last_error


@pytest.mark.parametrize("lease", [-5, 10**12])
def test_a_lease_nobody_means_is_bounded(feed, hub, lease):
    hub.lease = lease
    subscription = tick(hub)
    assert subscription.expires_at < database_now() + timedelta(days=31)


def test_a_hub_that_never_verifies_is_asked_again_ever_more_seldom_and_curators_are_told(feed, hub):
    hub.verifies = "never"
    waits = []
    for _ in range(12):
        subscription = tick(hub)
        waits.append(subscription.next_try_at - database_now())
    assert subscription.state == State.ASKED
    assert "did not come back to confirm" in subscription.last_error
    assert waits[0] < timedelta(minutes=6)
    assert timedelta(days=6) < waits[-1] < timedelta(days=8)


@pytest.mark.parametrize(
    ("status", "words"), [(400, "400"), (404, "nothing at this address"), (500, "fault of its own"), (503, "503")]
)
def test_a_hub_that_refuses_is_quoted_to_curators_and_asked_later(feed, hub, status, words):
    hub.status = status
    subscription = tick(hub)
    assert subscription.state == State.FAILED
    assert words in subscription.last_error
    assert subscription.next_try_at > database_now() + timedelta(minutes=4)
    assert "does not push" in push_condition(feed)

    hub.status = 202
    assert tick(hub).state == State.ACTIVE


def test_a_denial_is_noted_with_its_reason_and_asked_again_in_a_day(feed, hub):
    hub.reason = "Not for\r\n aggregators\x1b[31m"
    subscription = tick(hub)
    assert subscription.state == State.FAILED
    assert "Not for aggregators" in subscription.last_error
    assert "\x1b" not in subscription.last_error
    assert subscription.next_try_at > database_now() + timedelta(hours=20)


@pytest.mark.parametrize("how", [{"reason": "Not for aggregators"}, {"status": 404}])
def test_a_hub_that_refuses_each_time_is_asked_again_ever_more_seldom_a_month_at_most(feed, hub, how):
    for name, value in how.items():
        setattr(hub, name, value)
    days = [round((tick(hub).next_try_at - database_now()) / timedelta(days=1)) for _ in range(7)]
    assert days == [1, 2, 4, 8, 16, 30, 30]

    hub.reason, hub.status = "", 202
    assert tick(hub).denied_count == 0


def test_a_refusal_told_twice_counts_once(feed, hub, site):
    subscription = tick(hub)
    for _ in range(3):
        ask(subscribing.callback_of(subscription), {"hub.mode": "denied", "hub.topic": TOPIC})
    assert Subscription.objects.get().denied_count == 1
    assert "again in a day" in Subscription.objects.get().last_error


def test_a_hub_may_end_a_subscription_it_had_confirmed(feed, hub, site):
    subscription = tick(hub)
    callback = subscribing.callback_of(subscription)
    assert ask(callback, {"hub.mode": "denied", "hub.topic": TOPIC}).status == 200
    assert Subscription.objects.get().state == State.FAILED


def test_a_hub_that_hangs_up_costs_an_error_and_nothing_else(feed, hub, web):
    web.host_map.write_text("hub.example 127.0.0.1:1\n")
    subscription = tick(hub)
    assert subscription.state == State.FAILED
    assert "did not take our connection" in subscription.last_error


@pytest.mark.parametrize("status", [307, 308])
def test_a_hub_that_moved_is_followed_with_the_form(feed, hub, status):
    hub.redirect = (status, f"{HUB}new")
    assert tick(hub).state == State.ACTIVE
    assert hub.requests[0]["hub.topic"] == TOPIC


def test_a_hub_that_can_be_overheard_is_given_no_secret(hub, site):
    make_feed(hub_url="http://hub.example/")
    subscription = tick(hub)
    assert subscription.state == State.ACTIVE
    assert "hub.secret" not in hub.requests[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda feed: feed.delete(),
        lambda feed: Feed.objects.update(is_paused=True),
        lambda feed: type(feed.source).objects.update(is_paused=True),
        lambda feed: Feed.objects.update(hub_url=""),
    ],
)
def test_a_hub_is_told_when_nobody_wants_its_pushes_any_more(feed, hub, change):
    tick(hub)
    make_older(hours=2)
    change(feed)

    assert tick(hub) is None
    assert [form["hub.mode"] for form in hub.requests] == ["subscribe", "unsubscribe"]
    assert hub.requests[0]["hub.callback"] == hub.requests[1]["hub.callback"]
    assert not hub.subscribers


def test_a_feed_that_announces_another_topic_leaves_the_old_one_and_asks_for_the_new(feed, hub):
    tick(hub)
    make_older(hours=2)
    Feed.objects.update(topic_url=f"{TOPIC}?new")

    tick(hub)

    assert {topic for _, topic in hub.subscribers} == {f"{TOPIC}?new"}
    assert Subscription.objects.get().feed == feed


def test_a_feed_that_announces_another_hub_at_every_look_does_not_make_us_run(feed, hub):
    tick(hub)
    for number in range(5):
        Feed.objects.update(hub_url=f"{HUB}{number}")
        tick(hub)
    assert {form["hub.mode"] for form in hub.requests} == {"subscribe"}
    assert Subscription.objects.get().hub_url == HUB


def test_a_hub_that_never_confirmed_is_left_without_a_word(feed, hub):
    hub.verifies = "never"
    tick(hub)
    feed.delete()
    assert tick(hub) is None
    assert len(hub.requests) == 1


def test_a_hub_deaf_to_our_farewell_is_given_up(feed, hub):
    tick(hub)
    hub.verifies = "never"
    feed.delete()
    for _ in range(5):
        tick(hub)
    assert not Subscription.objects.exists()
    assert [form["hub.mode"] for form in hub.requests] == ["subscribe"] + ["unsubscribe"] * 3


def test_two_workers_ask_a_hub_once(feed, hub):
    hub.verifies = "never"
    subscribing.wanting.arrange(database_now())
    now = database_now()
    assert len(subscribing.take_due(50, now)) == 1
    assert len(subscribing.take_due(50, now)) == 0


def test_a_worker_that_died_in_the_middle_of_asking_costs_one_wait(feed, hub):
    subscribing.wanting.arrange(database_now())
    subscribing.take_due(50, database_now())  # and then it was killed
    subscription = Subscription.objects.get()
    assert subscription.state == State.ASKED
    assert subscription.next_try_at < database_now() + timedelta(minutes=6)
    assert tick(hub).state == State.ACTIVE
