"""Taking leave of hubs: when the site moves to another address, and when pushes are switched off."""

from datetime import timedelta

import pytest

from feeds.clock import database_now
from feeds.models import Feed, Subscription
from feeds.websub import subscribing, trust
from tests.factories import make_feed
from tests.hub import HUB

pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = "https://paper.example/topic.xml"


@pytest.fixture
def feed(hub, site) -> Feed:
    return make_feed(url="https://paper.example/feed.xml", hub_url=HUB, topic_url=TOPIC)


def tick(hub) -> None:
    """Let a worker keep the subscriptions once, whatever their time."""
    Subscription.objects.update(next_try_at=database_now())
    subscribing.keep()
    hub.finish()


def asked(hub) -> list[tuple[str, str]]:
    return [(form["hub.mode"], form["hub.callback"].partition("/websub/")[0]) for form in hub.requests]


def test_a_site_that_moved_leaves_hubs_under_its_old_address_and_asks_them_under_the_new(feed, hub, site, settings):
    tick(hub)
    settings.SITE_URL = new = site.replace("localhost", "127.0.0.1")
    assert new != site

    tick(hub)

    assert sorted(asked(hub)) == sorted([("subscribe", site), ("unsubscribe", site), ("subscribe", new)])
    assert {callback.partition("/websub/")[0] for callback, _ in hub.subscribers} == {new}
    assert Subscription.objects.get().feed == feed


def test_pushes_that_are_switched_off_are_cancelled_at_the_hubs_and_their_feeds_polled_as_usual(
    feed, hub, site, settings
):
    tick(hub)
    trust.earn([feed.pk], database_now())
    settings.ZIS_WEBSUB = False

    tick(hub)

    assert asked(hub) == [("subscribe", site), ("unsubscribe", site)]
    assert not hub.subscribers
    assert not Subscription.objects.exists()
    assert Feed.objects.get().push_trusted_until is None


def test_switched_on_again_the_hubs_are_asked_anew(feed, hub, settings):
    tick(hub)
    settings.ZIS_WEBSUB = False
    tick(hub)
    settings.ZIS_WEBSUB = True

    tick(hub)

    assert [mode for mode, _ in asked(hub)] == ["subscribe", "unsubscribe", "subscribe"]
    assert len(hub.subscribers) == 1


@pytest.mark.parametrize("how", ["silent", "broken", "away"])
def test_a_hub_that_does_not_let_us_go_is_told_three_times_and_then_forgotten(feed, hub, web, settings, how):
    tick(hub)
    settings.ZIS_WEBSUB = False
    hub.verifies, hub.status = "never", 500 if how == "broken" else 202
    if how == "away":
        web.host_map.write_text("hub.example 127.0.0.1:1\n")

    for _ in range(5):
        tick(hub)

    assert not Subscription.objects.exists()
    assert len(hub.requests) == (1 if how == "away" else 4)


def test_many_subscriptions_are_cancelled_in_small_batches(hub, site, settings):
    for number in range(subscribing.AT_ONCE + 10):
        feed = make_feed(hub_url=HUB, topic_url=f"{TOPIC}?{number}")
        Subscription.objects.create(
            feed=feed, hub_url=HUB, topic_url=feed.topic_url, site_url=site, state=Subscription.State.ACTIVE,
            expires_at=database_now() + timedelta(days=5),
        )  # fmt: skip
    settings.ZIS_WEBSUB = False

    assert subscribing.keep() == subscribing.AT_ONCE
    assert subscribing.keep() == 10
    hub.finish()
    assert not Subscription.objects.exists()
