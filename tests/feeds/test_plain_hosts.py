"""One spelling of hosts: what Postgres reads of an address is what Python calls the server behind it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import Value

from feeds.catalogues.loading import Known
from feeds.clock import database_now
from feeds.departures import follow
from feeds.ingestion import refresh_due
from feeds.manners import hosts
from feeds.models import Entry, Feed, Host
from feeds.net.addresses import take_apart, with_plain_host
from feeds.net.holds import Hold
from tests.documents import item, rss
from tests.factories import make_entry, make_feed

SPELLINGS = [
    "https://münchen.example/Straße?q=1#oben",
    "https://MÜNCHEN.example/feed",
    "https://xn--mnchen-3ya.example/feed",
    "https://Paper.Example/Feed",
    "https://paper.example:443/feed",
    "http://paper.example:80/feed",
    "http://paper.example:443/feed",
    "https://paper.example:8443/feed",
    "https://paper.example./feed",
    "https://paper.example:443?q=1",
    "HTTPS://paper.example",
    "https://[2606:4700:0:0::1111]:443/feed",
]
mend = import_module("feeds.migrations.0021_plain_hosts").mend


@pytest.mark.django_db
@pytest.mark.parametrize("url", SPELLINGS)
def test_the_host_of_a_feed_and_of_an_entry_is_the_name_its_server_is_known_by(url, web):
    name = take_apart(url).authority
    feed = make_feed(url=url)
    web["https://lists.example/feed"] = rss(item("A headline", link=url, guid="1"))
    make_feed(url="https://lists.example/feed")

    Feed.objects.filter(pk=feed.pk).update(is_paused=True)
    refresh_due()

    assert Feed.objects.get(pk=feed.pk).host == name
    assert list(Entry.objects.values_list("host", flat=True)) == [name]


@pytest.mark.parametrize("url", ["https://münchen.example:443/Straße?Q=ä#oben", "https://PAPER.example/A%2fb?x=/:443"])
def test_what_follows_the_host_stays_letter_by_letter(url):
    rest = url.split("/", 3)[3]

    assert with_plain_host(url) == f"https://{take_apart(url).authority}/{rest}"
    assert with_plain_host(with_plain_host(url)) == with_plain_host(url)


@pytest.mark.parametrize("url", ["", "mailto:a@paper.example", "https://user@paper.example/", "https://a b/", "feed"])
def test_what_is_no_web_address_is_left_as_it_is(url):
    assert with_plain_host(url) == url


@pytest.mark.django_db
@pytest.mark.parametrize("url", SPELLINGS[:7])
def test_a_hold_reaches_the_feeds_and_pages_of_its_host_however_their_addresses_are_spelled(url):
    make_feed(url=url)
    make_entry(url=with_plain_host(url), feed=make_feed(url="https://lists.example/feed", is_paused=True))
    now = database_now()
    assert (Feed.objects.due(now).count(), Entry.objects.unread(now).count()) == (1, 1)

    hosts.hold(Hold(take_apart(url).authority, 600, "It asked for rest.", True), now)

    assert (Feed.objects.due(now).count(), Entry.objects.unread(now).count()) == (0, 0)


@pytest.mark.django_db
def test_a_feed_that_is_here_is_found_under_every_spelling_of_its_host():
    feed = make_feed(url="https://münchen.example/feed")

    for url in (
        "https://MÜNCHEN.example/feed",
        "https://xn--mnchen-3ya.example:443/feed",
        "http://münchen.example/feed",
    ):
        assert Known([url]).feed(url) == feed
    assert Feed.objects.get(url="https://münchen.example:443/feed") == feed


@pytest.mark.django_db
def test_a_feed_that_moves_takes_the_plain_spelling_with_it():
    feed = make_feed(url="https://paper.example/feed")
    feed.moved_to = "https://münchen.example:443/rss"

    follow(feed)

    assert Feed.objects.get().url == "https://xn--mnchen-3ya.example/rss"


@pytest.mark.django_db
def test_the_migration_mends_feeds_and_waiting_pages_and_leaves_one_alone_that_would_be_a_double():
    lonely, doubled = make_feed(), make_feed()
    make_feed(url="https://paper.example/feed")
    entry = make_entry(feed=lonely, seen_at=database_now() - timedelta(days=1))
    Feed.objects.filter(pk=lonely.pk).update(url=Value("https://münchen.example/feed"))
    Feed.objects.filter(pk=doubled.pk).update(url=Value("https://paper.example:443/feed"))
    Entry.objects.filter(pk=entry.pk).update(url="https://München.example:443/news/1")

    mend(apps, None)

    for row in (lonely, doubled, entry):
        row.refresh_from_db()
    assert (lonely.url, lonely.host) == ("https://xn--mnchen-3ya.example/feed", "xn--mnchen-3ya.example")
    assert doubled.url == "https://paper.example:443/feed"
    assert (entry.url, entry.host) == ("https://xn--mnchen-3ya.example/news/1", "xn--mnchen-3ya.example")
    assert not Host.objects.exists()
