"""AMP and print versions, and what a page says of its own address."""

from datetime import UTC, datetime

import pytest

from feeds.canonical import canonical_url, publishers_address
from feeds.extraction import extract
from feeds.models import Entry
from feeds.pages.versions import is_version_address
from feeds.parsing import parse_feed
from feeds.reading import read_due_pages
from feeds.sites import same_publisher
from tests.factories import make_entry

NOW = datetime(2026, 11, 21, tzinfo=UTC)
STORY = "https://www.paper.co.uk/news/2026/harbour-bridge-opens-again"
TEXT = " ".join(["The harbour bridge opened to traffic again on Saturday, eleven weeks after cracks were found."] * 8)


def page(canonical: str = "", *, text: str = TEXT, html: str = "<html>", head: str = "") -> bytes:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return f"<!doctype html>{html}<head>{link}{head}</head><body><article><h1>Bridge opens</h1><p>{text}</p>".encode()


def read(url: str, *args, **options):
    return extract(page(*args, **options), url=url, now=NOW)


@pytest.mark.parametrize(
    "url",
    [
        f"{STORY}/amp",
        f"{STORY}/amp/",
        f"{STORY}.amp.html",
        f"{STORY}?amp=1",
        f"{STORY}?outputType=amp",
        "https://amp.paper.co.uk/news/2026/harbour-bridge-opens-again",
        "https://www.paper.co.uk/amp/news/2026/harbour-bridge-opens-again",
        f"{STORY}?print=1",
        f"{STORY}/print/",
        "https://www.paper.co.uk/print/20261121",
    ],
)
def test_an_amp_or_print_version_is_known_under_the_whole_pages_address(url):
    assert is_version_address(url)
    found = read(url, STORY)
    assert (found.canonical_url, found.fuller_url) == (STORY, STORY)


@pytest.mark.parametrize("html", ["<html ⚡>", "<html amp>", "<html ⚡ lang=en>"])
def test_a_page_that_says_it_is_amp_is_one_whatever_its_address(html):
    assert read("https://www.paper.co.uk/m/1234567", STORY, html=html).fuller_url == STORY


@pytest.mark.parametrize(
    "url", [STORY, "https://www.paper.co.uk/news/the-end-of-print", "https://paper.co.uk/clamp", f"{STORY}?ref=print"]
)
def test_a_whole_page_is_no_version(url):
    assert not is_version_address(url)
    assert read(url, url).fuller_url == ""


def test_a_version_whose_whole_page_is_a_version_too_leads_nowhere():
    assert read(f"{STORY}/amp", f"{STORY}/print/").fuller_url == ""


@pytest.mark.parametrize(
    "canonical",
    [
        "https://www.paper.co.uk/",
        "https://www.paper.co.uk/news/",
        "https://www.paper.co.uk/world/europe",
        "https://www.other.co.uk/news/2026/harbour-bridge-opens-again",
        "https://agency.example/story/1",
        "https://co.uk/news/2026/harbour-bridge-opens-again",
        "javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("url", [STORY, f"{STORY}/amp"])
def test_a_canonical_address_that_can_not_be_the_articles_is_not_believed(canonical, url):
    assert read(url, canonical).canonical_url == url


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://www.paper.co.uk/article/123/harbour-bridge-opens-again", "https://www.paper.co.uk/article/123"),
        ("https://www.paper.co.uk/?p=123", "https://www.paper.co.uk/harbour-bridge"),
        ("https://edition.paper.co.uk/a/b-c-d-e", "https://sport.paper.co.uk/2026/b-c-d-e"),
        ("http://paper.co.uk/2026/11/21/bridge", "https://www.paper.co.uk/bridge"),
        (
            "https://www.paper.co.uk/cz/%C4%8Desko-otev%C5%99elo-most-v-p%C5%99%C3%ADstavu",
            "https://paper.co.uk/c/98765",
        ),
    ],
)
def test_a_canonical_address_of_the_same_publishers_is_believed(url, canonical):
    assert read(url, canonical).canonical_url == canonical


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("https://amp.paper.co.uk/a", "https://www.paper.co.uk/a", True),
        ("https://paper.co.uk/a", "https://paper.org.uk/a", False),
        ("https://one.blogspot.com/a", "https://two.blogspot.com/a", False),
        ("https://one.github.io/a", "https://github.io/a", False),
        ("https://m.paper.example/a", "https://www.paper.example/a", True),
        ("https://evilpaper.example/a", "https://paper.example/a", False),
        ("https://paper.com.evil.net/a", "https://paper.com/a", False),
        ("http://192.0.2.7/a", "http://192.0.2.8/a", False),
    ],
)
def test_two_addresses_are_one_publishers_by_the_registered_name(one, other, expected):
    assert same_publisher(one, other) is same_publisher(other, one) is expected


@pytest.mark.parametrize(
    ("cached", "own"),
    [
        ("https://www-paper-co-uk.cdn.ampproject.org/c/s/www.paper.co.uk/a/1/amp", "https://www.paper.co.uk/a/1/amp"),
        ("https://cdn.ampproject.org/v/paper.example/a?amp_js_v=0.1&x=1", "http://paper.example/a?x=1"),
        ("https://www.google.com/amp/s/amp.paper.example/a", "https://amp.paper.example/a"),
        ("https://www.google.co.uk/amp/s/paper.example/a?b=c", "https://paper.example/a?b=c"),
        ("https://www.bing-amp.com/c/s/paper.example/a", "https://paper.example/a"),
        ("https://www.google.com/amp/", "https://www.google.com/amp/"),
        ("https://evil.example/?u=cdn.ampproject.org/c/s/a.example/", "https://evil.example/?u=cdn.ampproject.org/c/s/a.example/"),
        ("https://www.google.com/amp/s/user@paper.example/a", "https://www.google.com/amp/s/user@paper.example/a"),
    ],
)  # fmt: skip
def test_an_amp_caches_copy_is_led_back_to_its_publisher(cached, own):
    assert canonical_url(cached) == own
    assert canonical_url(publishers_address(cached)) == own


def test_a_feed_that_links_to_a_cache_makes_us_ask_the_publisher():
    link = "https://www-paper-example.cdn.ampproject.org/c/s/www.paper.example/a/1"
    feed = (
        f"<rss version='2.0'><channel><title>P</title><item><title>A</title><link>{link}</link></item></channel></rss>"
    )
    (item,) = parse_feed(feed.encode(), url="https://paper.example/feed", now=NOW).items
    assert item.url == "https://www.paper.example/a/1"


@pytest.mark.django_db
def test_where_an_amp_page_lacks_the_text_the_whole_page_is_read(web):
    story = "https://www.paper.example/news/harbour-bridge-opens-again"
    web[f"{story}/amp"] = page(story, text="The harbour bridge opened again. Read on.", html="<html amp>")
    web[story] = page(story)
    make_entry(url=f"{story}/amp")

    read_due_pages()

    entry = Entry.objects.get()
    assert (entry.state, entry.page["canonical_url"]) == ("ready", story)
    assert entry.page["text"].startswith("The harbour bridge opened to traffic")


@pytest.mark.django_db
def test_where_an_amp_page_has_the_text_the_whole_page_is_not_asked_for(web):
    story = "https://www.paper.example/news/harbour-bridge-opens-again"
    web[f"{story}/amp"] = page(story, html="<html amp>")
    make_entry(url=f"{story}/amp")
    read_due_pages()
    assert Entry.objects.get().page["canonical_url"] == story
    assert not web.asked_for(story)


@pytest.mark.django_db
def test_where_the_whole_page_can_not_be_had_its_version_does(web):
    story = "https://www.paper.example/news/harbour-bridge-opens-again"
    web[f"{story}?print=1"] = page(story, text="The harbour bridge opened again on Saturday. " * 3)
    make_entry(url=f"{story}?print=1")
    read_due_pages()
    entry = Entry.objects.get()
    assert (entry.state, entry.read_error) == ("ready", "")
    assert "Saturday" in entry.page["text"]
