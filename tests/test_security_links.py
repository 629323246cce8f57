"""What a publisher writes where an address belongs is a web address when it is stored, or nothing."""

import json

import pytest

from aggregator.models import Article
from aggregator.publishing import publish_ready
from feeds.clock import database_now
from feeds.ingestion import refresh_due
from feeds.models import Entry, Feed
from tests.factories import make_feed

pytestmark = pytest.mark.django_db
FEED = "https://paper.example/feed"
SCHEMES = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#10;script:alert(1)", " javascript:alert(1)",
    "&#1;javascript:alert(1)", "vbscript:x", "data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;", "file:///etc/passwd",
    "blob:https://paper.example/1", "ftp://paper.example/", "about:blank", "view-source:https://paper.example/",
    "intent://x#Intent;end", "https://user:secret@paper.example/", "http://[::1", "https:///x",
]  # fmt: skip


def rss(address: str) -> bytes:
    return f"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
    <channel><title>Paper</title><link>{address}</link><atom:link rel="hub" href="{address}"/>
    <atom:link rel="self" href="{address}"/><item><title>Bridge reopens</title><guid>{address}</guid>
    <link>{address}</link><description>The bridge opened.</description><enclosure url="{address}" type="image/png"/>
    <media:content url="{address}" medium="image"/></item></channel></rss>""".encode()


def json_feed(address: str) -> bytes:
    item = {"id": address, "url": address, "external_url": address, "image": address, "title": "Bridge reopens"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "home_page_url": address, "items": [item]}
    return json.dumps(feed | {"hubs": [{"type": "WebSub", "url": address}], "feed_url": FEED}).encode()


def is_safe(address: str) -> bool:
    return not address or (address.startswith(("http://", "https://")) and "@" not in address.split("/")[2])


@pytest.mark.parametrize("document", [rss, json_feed])
@pytest.mark.parametrize("address", SCHEMES)
def test_no_address_but_one_of_the_web_is_stored(web, document, address):
    web[FEED] = document(address)
    feed = make_feed(url=FEED)

    refresh_due()
    Entry.objects.update(state=Entry.State.READY, read_after=database_now())
    publish_ready()

    feed = Feed.objects.get(pk=feed.pk)
    for entry in Entry.objects.all():
        assert is_safe(entry.url)
        assert is_safe((entry.image or {}).get("url", ""))
    for article in Article.objects.all():
        assert is_safe(article.url)
        assert is_safe(article.picture_url)
    assert is_safe(feed.hub_url)
    assert is_safe(feed.topic_url)
