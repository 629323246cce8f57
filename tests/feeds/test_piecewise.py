"""A feed that is not well-formed: its whole items are read as if nothing had happened."""

from datetime import UTC, datetime
from time import process_time

import pytest

from feeds.items import FeedItem
from feeds.parsing import parse_feed
from tests.documents import item, rss

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def read(body: bytes) -> list[FeedItem]:
    return parse_feed(body, url="https://paper.example/feed", now=NOW).items


def news(*numbers: int) -> bytes:
    media = "<media:content url='https://paper.example/%d.jpg' width='600'/><media:credit>Ada</media:credit>"
    return rss(*(item(f"It’s news {n}", link=f"https://paper.example/{n}", extra=media % n) for n in numbers))


def others(items: list[FeedItem], number: int) -> list[FeedItem]:
    return [each for each in items if f"/{number}" not in each.url and f"news {number}" not in each.title]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("news 4</title>", "news 4</tiele>"),
        ("<title>It’s news 4", "<ti<le>It’s news 4"),
        ("/4</link>", "/4</link"),
        ("/4</link></item><item>", "/4</link></item><-tem>"),
        ("/4</link></item>", "/4</link></-tem>"),
        ("/4.jpg' width", "/4.jpg width"),
    ],
)
def test_one_wrong_byte_changes_no_other_item(right, wrong):
    whole = news(*range(9))
    broken = whole.replace(right.encode(), wrong.encode())
    assert broken != whole

    touched = 5 if "<item>" in right else 4
    assert others(read(broken), touched) == others(read(whole), touched)
    assert len(others(read(whole), touched)) == 8


def test_one_byte_that_is_no_utf_8_changes_no_other_text():
    whole = news(*range(9))
    broken = whole.replace("It’s news 4".encode(), b"It\xe2\x80s news 4")

    assert broken != whole
    assert others(read(broken), 4) == others(read(whole), 4)


def test_what_arrived_of_a_list_is_read_as_all_of_it_would_be():
    whole = news(*range(9))
    upto = whole.index(b"<item>", whole.index(b"/4</link>"))

    for end in (upto, upto + 1, upto + 4):
        assert read(whole[:end]) == read(whole)[:5]


def test_a_headline_that_can_not_be_read_does_not_come_as_an_empty_one():
    broken = news(*range(9)).replace(
        "<title>It’s news 4</title><description>What happened.</description>".encode(), b"<tit"
    )

    assert all(each.title for each in read(broken))


@pytest.mark.parametrize("name", ["ITEM", "x:item", "entry"])
def test_what_is_only_named_like_an_item_does_not_stop_the_reading(name):
    body = news(1, 2).replace(b"<item>", f"<{name}><b></{name}><item>".encode(), 1)
    assert {"It’s news 1", "It’s news 2"} <= {each.title for each in read(body)}
    body = (
        news(1, 2, 3).replace(b"<item>", f"<{name}><b>x</b></{name}><item>".encode(), 1).replace(b"news 3</t", b"<t", 1)
    )
    assert {"It’s news 1", "It’s news 2"} <= {each.title for each in read(body)}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(b"</description>", b"</descr>"), (b"<link>", b"<link x>"), (b"<item>", b"<item><b>"), (b"</item>", b"")],
)
@pytest.mark.parametrize("count", [9, 300])
def test_a_feed_that_is_broken_throughout_gives_its_headlines(right, wrong, count):
    broken = news(*range(count)).replace(right, wrong, 200)
    titles = [each.title for each in read(broken)]
    if count == 9:
        assert titles == [f"It’s news {n}" for n in range(9)]
    assert titles[:1] == ["It’s news 0"]


def test_a_hostile_feed_of_broken_items_takes_little_time():
    channel = "".join(f"<category>{n}</category>" for n in range(50_000))
    broken = (
        news(*range(99))
        .replace(b"<item>", b"<item><b>")
        .replace(b"</title><link>", f"</title>{channel}<link>".encode(), 1)
    )
    began_at = process_time()  # of our own; busy neighbours make it half as long again
    assert len(read(broken)) == 99
    assert process_time() - began_at < 6
