"""Our own hub: named in our feeds, and told when they have something new."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aggregator.syndication.announcing import announce
from tests.factories import make_article, make_source
from tests.hub import HUB

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def announced(hub, settings):
    settings.SITE_URL, settings.ZIS_WEBSUB_HUB = "https://news.example", HUB
    return hub.published


def test_a_hub_is_told_of_every_feed_that_a_new_article_stands_in(announced):
    make_article(source=make_source(country="FR", slug="le-quotidien"), category="science")

    announce(timezone.now())

    assert sorted(announced) == [
        f"https://news.example/feed/{path}"
        for path in ("", "category/science/", "country/fr/", "latest/", "source/le-quotidien/")
    ]


def test_a_hub_is_told_once(announced):
    make_article()
    announce(timezone.now())
    told = len(announced)

    announce(timezone.now() + timedelta(seconds=30))

    assert told and len(announced) == told


def test_a_hub_that_was_down_is_told_when_it_is_up(announced, hub):
    make_article()
    hub.status = 500
    announce(timezone.now())
    announced.clear()

    hub.status = 204
    announce(timezone.now() + timedelta(minutes=2))

    assert announced


def test_without_a_hub_nobody_is_told(announced, settings):
    settings.ZIS_WEBSUB_HUB = ""
    make_article()

    assert announce(timezone.now()) == 0 and not announced


def test_our_feeds_name_the_hub(announced, client):
    assert f'rel="hub" href="{HUB}"' in client.get("/feed/latest/").content.decode()
