"""Every feature that asks the outside, led to a machine of our own network: by its address, and by a redirect.

127.0.0.2 stands for the internet, and is all that these tests allow; what stands on 127.0.0.1 is inside.
"""

from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import ValidationError

from aggregator.pictures import fetch_due_pictures
from feeds import previewing, previews
from feeds.clock import database_now
from feeds.discovery import find_feeds
from feeds.finding.moves import search_lost_feeds
from feeds.finding.suggestions import use_suggestion
from feeds.ingestion import refresh_due
from feeds.manners import permission
from feeds.marks import find_due_marks
from feeds.models import Entry, Feed, Host, Subscription
from feeds.reading import read_due_pages
from feeds.websub import subscribing
from tests.documents import item, rss
from tests.factories import A_WEDNESDAY, make_article, make_entry, make_feed, make_source
from tests.feeds.test_egress_addresses import OutsideWeb
from tests.feeds.test_moves import make_lost_feed
from tests.web import Answer, Web

pytestmark = pytest.mark.django_db
RSS = rss(item("Bridge reopens", link="https://paper.example/bridge"))


@pytest.fixture
def inside(web, settings, tmp_path) -> Web:
    """A server of our own network with everything an attacker may want, at every address; no host map leads there."""
    settings.ZIS_FETCH_HOST_MAP = ""
    settings.ZIS_FETCH_ALLOW_NETWORKS = [f"{OutsideWeb.ip}/32"]
    settings.ZIS_WEBSUB, settings.SITE_URL = True, "https://news.example"
    settings.MEDIA_ROOT = tmp_path / "media"
    for host in ("127.0.0.1", "localhost", "2130706433"):
        for path in ("", "feed", "robots.txt", "favicon.ico", ".well-known/tdmrep.json"):
            web[f"http://{host}:{web.port}/{path}"] = RSS
    return web


@pytest.fixture
def outside(tmp_path) -> Iterator[Web]:
    permission.book.clear()
    with OutsideWeb(tmp_path / "outside") as web:
        yield web


def refresh_feed(url: str) -> None:
    make_feed(url=url)
    refresh_due()


def read_page(url: str) -> None:
    make_entry(feed=make_feed(next_check_at=database_now()), url=url)
    read_due_pages()


def bring_picture(url: str) -> None:
    make_article(picture_url=url, picture_after=A_WEDNESDAY)
    fetch_due_pictures()


def find_mark(url: str) -> None:
    make_source(site_url=url)
    find_due_marks()


def search_lost(url: str) -> None:
    make_lost_feed(source=make_source(site_url=url))
    search_lost_feeds()


def preview_page(url: str) -> None:
    previews.keep("key", previews.Preview(make_source().pk, url, "p", "", database_now()))
    previewing.make("key")


def ask_hub(url: str) -> None:
    make_feed(url="https://paper.example/feed", hub_url=url)
    subscribing.keep()


DOORS: list[Callable[[str], object]] = [
    refresh_feed, read_page, bring_picture, find_mark, search_lost, preview_page, ask_hub, find_feeds
]  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "127.1", "0.0.0.0"])
def test_no_feature_asks_a_machine_of_our_own_network(inside, dialled, door, host):
    door(f"http://{host}:{inside.port}/feed")

    assert inside.requests == []
    assert dialled.addresses == []


@pytest.mark.parametrize("status", [301, 302, 307])
@pytest.mark.parametrize("door", DOORS)
def test_no_feature_is_sent_on_to_a_machine_of_our_own_network(inside, outside, dialled, door, status):
    url = f"http://{outside.ip}:{outside.port}/feed"
    outside[url] = Answer(status, headers={"Location": f"http://127.0.0.1:{inside.port}/feed"})

    door(url)

    assert outside.asked_for(url), "else this would prove nothing"
    assert inside.requests == []
    assert {ip for ip, _ in dialled.addresses} == {outside.ip}


@pytest.mark.parametrize("path", ["/robots.txt", "/.well-known/tdmrep.json"])
@pytest.mark.parametrize("door", [read_page, preview_page])
def test_rules_of_a_host_are_not_fetched_from_a_machine_of_our_own_network(inside, outside, dialled, door, path):
    site = f"http://{outside.ip}:{outside.port}"
    outside[f"{site}/page"] = "<html><body><p>News</p></body></html>"
    outside[f"{site}{path}"] = Answer(302, headers={"Location": f"http://localhost:{inside.port}/robots.txt"})

    door(f"{site}/page")

    assert outside.asked_for(f"{site}{path}"), "else this would prove nothing"
    assert inside.requests == []
    assert {ip for ip, _ in dialled.addresses} == {outside.ip}


PAGE = """<html><head><title>Paper</title>
<link rel="alternate" type="application/rss+xml" href="{inside}/feed"><link rel="icon" href="{inside}/favicon.ico">
<link rel="apple-touch-icon" href="{inside}/"><link rel="manifest" href="{inside}/feed">
<link rel="amphtml" href="{inside}/feed"><link rel="canonical" href="{inside}/feed">
<meta property="og:image" content="{inside}/feed"><base href="{inside}/">
</head><body><article><h1>Bridge reopens</h1><p>{text}</p><img src="{inside}/feed" width=900 height=600>
<a href="{inside}/feed">RSS</a></article></body></html>"""


@pytest.mark.parametrize("door", [find_mark, search_lost, find_feeds, read_page, preview_page])
def test_what_a_page_names_is_not_fetched_from_a_machine_of_our_own_network(inside, outside, dialled, door):
    url = f"http://{outside.ip}:{outside.port}/feed"
    outside[url] = PAGE.format(inside=f"http://127.0.0.1:{inside.port}", text="The bridge opened again. " * 40)

    door(url)

    assert outside.asked_for(url), "else this would prove nothing"
    assert inside.requests == []
    assert {ip for ip, _ in dialled.addresses} == {outside.ip}


def test_what_a_feed_names_is_not_fetched_from_a_machine_of_our_own_network(inside, outside, dialled):
    url, own = f"http://{outside.ip}:{outside.port}/feed", f"http://127.0.0.1:{inside.port}/feed"
    outside[url] = Answer(
        body=f"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Paper</title>
        <link>{own}</link><atom:link rel="hub" href="{own}"/><atom:link rel="self" href="{own}"/>
        <item><title>Bridge reopens</title><link>{own}</link><enclosure url="{own}" type="image/png" length="1"/>
        </item></channel></rss>""".encode(),
        headers={"Link": f'<{own}>; rel="hub", <{own}>; rel="self"', "Content-Type": "text/xml"},
    )

    refresh_feed(url)
    read_due_pages()
    subscribing.keep()

    assert Entry.objects.exists()
    assert Subscription.objects.exists()
    assert inside.requests == []
    assert {ip for ip, _ in dialled.addresses} == {outside.ip}


def test_a_feed_is_not_moved_to_a_machine_of_our_own_network(inside, outside):
    url = f"http://{outside.ip}:{outside.port}/feed"
    outside[url] = Answer(301, headers={"Location": f"http://127.0.0.1:{inside.port}/feed"})
    make_feed(url=url)

    for _ in range(5):
        Feed.objects.active().check_now(database_now())
        refresh_due()

    feed = Feed.objects.get()
    assert (feed.url, feed.moved_to) == (url, "")
    assert "this machine itself" in feed.last_error


def test_an_offer_that_leads_inside_can_not_be_taken(inside):
    feed = make_lost_feed(suggested_url=f"http://127.0.0.1:{inside.port}/feed")

    with pytest.raises(ValidationError, match="this machine itself"):
        use_suggestion(feed)
    assert Feed.objects.get().url == feed.url


def test_a_host_is_not_put_on_hold_by_an_address_we_do_not_go_to(inside):
    refresh_feed(f"http://127.0.0.1:{inside.port}/feed")

    assert not Host.objects.exclude(held_until=None).exists()
