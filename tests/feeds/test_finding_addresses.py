"""What an address alone tells: the feeds of known sites, ordinary spellings, and whether it looks like a feed's."""

import csv

import pytest

from feeds.finding.addresses import addresses_of, feeds_by_pattern, site_of, without_feed_scheme
from feeds.finding.links import looks_like_feed, unwrapped


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        (
            "https://www.youtube.com/channel/UCNye-wNBqNL5ZzHSJj3l8Bg/videos",
            ["https://www.youtube.com/feeds/videos.xml?channel_id=UCNye-wNBqNL5ZzHSJj3l8Bg"],
        ),
        (
            "https://youtube.com/playlist?list=PLzGHKb8i9vTx",
            ["https://www.youtube.com/feeds/videos.xml?playlist_id=PLzGHKb8i9vTx"],
        ),
        ("https://www.youtube.com/user/AlJazeera", ["https://www.youtube.com/feeds/videos.xml?user=AlJazeera"]),
        ("https://www.youtube.com/@aljazeera", []),
        ("https://old.reddit.com/r/worldnews/top?t=day", ["https://www.reddit.com/r/worldnews/.rss"]),
        ("https://mastodon.example/@ada", ["https://mastodon.example/@ada.rss"]),
        ("https://medium.com/@ada", ["https://medium.com/feed/@ada"]),
        ("https://ada.medium.com/", ["https://ada.medium.com/feed"]),
        ("https://letters.substack.com/p/one", ["https://letters.substack.com/feed"]),
        ("https://ada.tumblr.com/", ["https://ada.tumblr.com/rss"]),
        ("https://ada.wordpress.com/", ["https://ada.wordpress.com/feed/"]),
        ("https://ada.blogspot.co.uk/2020/01/x.html", ["https://ada.blogspot.co.uk/feeds/posts/default"]),
        ("https://github.com/ada", ["https://github.com/ada.atom"]),
        (
            "https://github.com/ada/engine/issues",
            ["https://github.com/ada/engine/releases.atom", "https://github.com/ada/engine/commits.atom"],
        ),
        ("https://paper.example/news/", []),
    ],
)
def test_sites_whose_address_gives_their_feed(page, feeds):
    assert feeds_by_pattern(page) == feeds


def test_a_name_on_the_fediverse_is_an_address():
    assert addresses_of("@ada@mastodon.example") == ["https://mastodon.example/@ada"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("feed://paper.example/rss", "http://paper.example/rss"),
        ("feed:https://paper.example/rss", "https://paper.example/rss"),
        ("feed:paper.example/rss", "http://paper.example/rss"),
        (" https://paper.example/feed:x ", "https://paper.example/feed:x"),
    ],
)
def test_feed_addresses_become_ordinary_ones(url, expected):
    assert without_feed_scheme(url) == expected


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://paper.example/rss", True),
        ("https://paper.example/news-feed.php", True),
        ("https://paper.example/?feed=rss2", True),
        ("https://paper.example/list?format=feed&type=atom", True),
        ("https://paper.example/arc/outboundfeeds/rss/?outputType=xml", True),
        ("https://feeds.paper.example/x", True),
        ("https://paper.example/sport.rss", True),
        ("https://paper.example/rssFeed/14", True),
        ("https://paper.example/GenerateRssFeed.aspx?categoryId=153", True),
        ("https://paper.example/news?rss", True),
        ("https://paper.example/feedback", False),
        ("https://paper.example/press", False),
        ("https://paper.example/rss.png", False),
        ("https://www.facebook.com/feed", False),
        ("https://paper.example/subscriptions.opml", False),
    ],
)
def test_which_addresses_look_like_those_of_feeds(url, is_one):
    assert looks_like_feed(url) is is_one


def test_a_readers_button_carries_the_feed_inside():
    button = "https://feedly.com/i/subscription/feed%2Fhttps%3A%2F%2Fpaper.example%2Frss"
    assert unwrapped(button) == "https://paper.example/rss"
    assert unwrapped("https://feedly.com/home") == ""


def test_the_registered_name_of_a_host():
    assert site_of("https://news.paper.co.uk/x") == site_of("http://www.paper.co.uk") == "paper.co.uk"
    assert site_of("https://feeds.paper.example/") == "paper.example"


def test_the_addresses_of_real_feeds_look_like_feeds(corpus):
    """Those of the catalogue: so are links found in the text of a page."""
    with (corpus / "sources.csv").open(encoding="utf-8") as file:
        urls = [row["feed_url"] for row in csv.DictReader(file)]
    assert sum(map(looks_like_feed, urls)) > 0.97 * len(urls)
