"""What headers say, as plain values, whatever bytes stand in them."""

from datetime import UTC, datetime

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from feeds.net.headers import LONGEST_FRESH_SECONDS, MAX_LINKS, fresh_seconds, links_of

NOW = datetime(2026, 11, 14, 10, 0, tzinfo=UTC)
BASE = "https://paper.example/rss/all"


def headers(*pairs: tuple[str, str]) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict(pairs))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ([], None),
        ([("Cache-Control", "max-age=300")], 300),
        ([("Cache-Control", 'public, MAX-AGE="300"'), ("Age", "100")], 200),
        ([("Cache-Control", "max-age=300"), ("Age", "900")], 0),
        ([("Cache-Control", "no-cache, max-age=300")], None),
        ([("Cache-Control", "no-store")], None),
        ([("Cache-Control", "s-maxage=900")], None),
        ([("Cache-Control", "max-age=99999999999999")], LONGEST_FRESH_SECONDS),
        ([("Cache-Control", "max-age=-5")], None),
        ([("Expires", "Sat, 14 Nov 2026 10:10:00 GMT")], 600),
        ([("Expires", "Sat, 14 Nov 2026 10:10:00 GMT"), ("Date", "Sat, 14 Nov 2026 10:05:00 GMT")], 300),
        ([("Expires", "Sat, 14 Nov 2020 10:10:00 GMT")], 0),
        ([("Expires", "0")], None),
        ([("Expires", "Fri, 99 Foo 2026 25:61:00 GMT"), ("Date", "\udcff")], None),
        ([("Cache-Control", "max-age=60"), ("Expires", "Sat, 14 Nov 2026 10:10:00 GMT")], 60),
    ],
)
def test_how_long_an_answer_stays_fresh_is_read_as_rfc_9111_says(said, seconds):
    assert fresh_seconds(headers(*said), now=NOW) == seconds


def test_links_are_absolute_and_each_comes_with_its_relation():
    said = headers(
        ("Link", '<https://hub.example/>; rel="hub", </rss/all>; rel=self; type="text/xml"'),
        ("link", '<../other>;title="a, b";REL="alternate next"'),
    )
    assert links_of(said, BASE) == (
        ("hub", "https://hub.example/"),
        ("self", "https://paper.example/rss/all"),
        ("alternate", "https://paper.example/other"),
        ("next", "https://paper.example/other"),
    )


@pytest.mark.parametrize(
    "said",
    ["<javascript:alert(1)>; rel=hub", "<https://[>; rel=hub", "<https://hub.example/>", "hub", "<" * 50_000, ""],
)
def test_what_is_no_link_to_the_web_is_left_out(said):
    assert links_of(headers(("Link", said)), BASE) == ()


def test_a_server_that_sends_links_without_end_is_read_to_a_bound():
    said = headers(*(("Link", f"<https://hub.example/{n}>; rel=hub") for n in range(1000)))
    assert len(links_of(said, BASE)) == MAX_LINKS
