"""What feeds say of their own polling."""

import csv
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import NotAFeed
from feeds.formats.hints import LONGEST_TTL_SECONDS, hints
from feeds.items import NO_HINTS
from feeds.parsing import parse_feed
from tests.factories import A_WEDNESDAY

URL = "https://paper.example/feed"


def hints_in(body: str):
    return parse_feed(body.encode(), url=URL, now=A_WEDNESDAY).hints


def channel(inside: str, items: str = "<item><title>One</title></item>") -> str:
    return (
        '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>P</title>'
        f"{inside}{items}</channel></rss>"
    )


def test_a_channel_says_how_long_it_may_be_kept_and_when_it_sleeps():
    found = hints_in(
        channel(
            "<ttl> 60 </ttl><skipHours><hour>0</hour><hour>23</hour><hour>24</hour><hour>1</hour></skipHours>"
            "<skipDays><day>Saturday</day><day>sunday</day><day>Someday</day></skipDays>"
        )
    )

    assert found.ttl_seconds == 3600
    assert found.skip_hours == (0, 1, 23)
    assert found.skip_days == (5, 6)


@pytest.mark.parametrize("ttl", ["", "0", "-5", "soon", "1.5", "٣٠", "1e9"])
def test_an_absurd_ttl_is_none(ttl):
    assert hints_in(channel(f"<ttl>{ttl}</ttl>")).ttl_seconds is None


def test_an_endless_ttl_is_a_week():
    assert hints_in(channel(f"<ttl>{'9' * 400}</ttl>")).ttl_seconds == LONGEST_TTL_SECONDS


def test_the_hub_and_the_feeds_own_address_are_found_in_rss_atom_and_json():
    in_rss = hints_in(channel('<a:link rel="hub" href="//hub.example/"/><a:link rel="self" href="/feed?all"/>'))
    in_atom = hints_in(
        '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="alternate" href="/"/>'
        '<link href="https://hub.example/" rel="HUB"/><link rel="self" href="https://paper.example/feed?all"/>'
        '<link rel="hub" href="https://second.example/"/><entry><title>One</title></entry></feed>'
    )
    in_json = hints_in(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "feed_url": "https://paper.example/feed?all",
                "hubs": [7, {"type": "rssCloud", "url": "https://cloud.example/"},
                         {"type": "WebSub", "url": "https://hub.example/"}],
                "items": [],
            }
        )
    )  # fmt: skip

    assert in_rss == in_atom == in_json
    assert (in_atom.hub_url, in_atom.topic_url) == ("https://hub.example/", "https://paper.example/feed?all")


def test_a_feed_that_is_not_well_formed_still_says_its_hub_and_ttl():
    found = hints_in(channel('<ttl>30</ttl><a:link rel="hub" href="https://hub.example/"/><b>&nope;</i>'))

    assert (found.ttl_seconds, found.hub_url) == (1800, "https://hub.example/")


def test_links_of_items_are_not_the_feeds_own():
    body = channel("", '<item><title>One</title><a:link rel="hub" href="https://evil.example/"/></item>')
    assert hints_in(body) == NO_HINTS


def test_addresses_that_lead_nowhere_we_go_are_left_out():
    for href in ("javascript:alert(1)", "ftp://hub.example/", "", "https://hub.example/" + "x" * 3000):
        assert hints_in(channel(f'<a:link rel="hub" href="{href}"/>')).hub_url == ""


@given(st.text(), st.lists(st.text()), st.lists(st.text()), st.lists(st.tuples(st.text(), st.text())))
def test_whatever_stands_there_the_hints_stay_within_their_bounds(ttl, hours, days, links):
    found = hints(ttl=ttl, skip_hours=hours, skip_days=days, links=links, base=URL)

    assert found.ttl_seconds is None or 0 < found.ttl_seconds <= LONGEST_TTL_SECONDS
    assert set(found.skip_hours) <= set(range(24))
    assert set(found.skip_days) <= set(range(7))
    assert all(len(address) <= 2000 for address in (found.hub_url, found.topic_url))


def test_the_recorded_feeds_hints_are_found(corpus):
    with (corpus / "feeds" / "docs.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    found = []
    for row in rows:
        try:
            body = gzip.decompress((corpus / "feeds" / row["file"]).read_bytes())
            found.append(parse_feed(body, url=row["feed_url"] or URL, now=A_WEDNESDAY).hints)
        except NotAFeed:
            continue

    assert sum(hint.ttl_seconds is not None for hint in found) >= 20
    assert sum(bool(hint.hub_url) for hint in found) >= 10
    assert sum(bool(hint.topic_url) for hint in found) >= 60
