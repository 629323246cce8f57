"""Feed documents we wrote, each beside what is to be read of it: formats, encodings, and what publishers do to them."""

import json
import random
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.errors import NotAFeed
from feeds.parsing import ParsedFeed, parse_feed

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
DOCUMENTS = Path(__file__).parent.parent / "data" / "feeds"
GOLDEN = sorted(path for path in DOCUMENTS.iterdir() if not path.name.endswith(".expected.json"))


def as_json(feed: ParsedFeed) -> dict:
    """Give what a golden file holds: dates as ISO 8601, of "listed" the length, hints there are, nothing derived."""
    values = asdict(feed) | {"listed": len(feed.listed)}
    values["items"] = [{name: item[name] for name in item if name not in {"page", "said"}} for item in values["items"]]
    values["hints"] = {name: value for name, value in values["hints"].items() if value}
    return json.loads(json.dumps(values, default=datetime.isoformat))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_document_gives_what_stands_beside_it(path: Path):
    golden = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
    given = {"url": "https://feeds.example/feed", "now": NOW} | golden["given"]

    if "error" in golden:
        with pytest.raises(NotAFeed) as raised:
            parse_feed(path.read_bytes(), **given)
        assert str(raised.value) == golden["error"]
    else:
        assert as_json(parse_feed(path.read_bytes(), **given)) == {"hints": {}} | golden["feed"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"\x1f\x8b\x08\0\0\0", "This is a gzip archive, not a feed."),
        (bytes(range(256)) * 9, "This is binary data (a picture, an archive, …), not a feed."),
        (b"Bad gateway", "This is plain text, not a feed."),
        (b"<script>location = '/'</script>", "This is a web page, not a feed."),
        (
            b"<html xmlns='http://www.w3.org/1999/xhtml'><body><item>x</item></body></html>",
            "This is a web page, not a feed.",
        ),
        (b"<?xml version='1.0'?>", "The document breaks off at its very beginning."),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "This is a sitemap, not a feed."),
        (b"<note>x</note>", "This is XML, but not a feed: its first element is <note>."),
        (
            b'{"version": "https://jsonfeed.org/version/1.1", "items": [',
            "This looks like JSON, but breaks off or is not valid in line 1.",
        ),
        (b"[" * 100_000, "This JSON is nested too deeply, or its numbers are too long, to be a feed."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_curator_is_told_what_it_is_instead(body: bytes, sentence: str):
    with pytest.raises(NotAFeed) as raised:
        parse_feed(body, url="https://paper.example/", now=NOW)

    assert str(raised.value) == sentence


def test_no_damage_to_a_document_makes_it_stumble():
    chance = random.Random(20260303)
    pieces = [
        b"<",
        b"&",
        b"]]>",
        b"<item>",
        b"</item>",
        b"&#x110000;",
        b"\xff\xfe",
        b"\0",
        b"</rss>",
        b'="http://[1"',
        b"<links>a</links>",
    ]
    for path in GOLDEN * 8:
        body = bytearray(path.read_bytes())
        for _ in range(chance.choice((1, 4, 16))):
            place = chance.randrange(len(body) + 1)
            body[place : place + chance.randrange(20)] = chance.choice(pieces)
        with suppress(NotAFeed):
            feed = parse_feed(bytes(body), url="https://paper.example/", now=NOW)
            assert len({item.identity for item in feed.items}) == len(feed.items)
            assert "\0" not in repr(as_json(feed))


def rss(items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def parsed(items: str) -> ParsedFeed:
    return parse_feed(rss(items), url="https://paper.example/feed", now=NOW)


def test_the_newest_thousand_of_ten_thousand_items_are_read():
    items = [
        f"<item><guid>{n}</guid><title>{n}</title><pubDate>{day:02} Feb 2026 00:00:{n % 60:02} GMT</pubDate></item>"
        for n in range(10_000)
        for day in [1 + n // 1000]
    ]

    feed = parsed("".join(items))

    assert [item.title for item in feed.items] == [str(n) for n in range(9_000, 10_000)]
    assert feed.problems == ["The feed lists 10,000 items; the newest 1,000 were read."]


def test_an_item_of_the_far_future_does_not_count_as_newest():
    items = "".join(f"<item><guid>{n}</guid><pubDate>01 Mar 2026 00:00:00 GMT</pubDate></item>" for n in range(1_000))

    feed = parsed("<item><guid>far</guid><pubDate>01 Mar 2099 00:00:00 GMT</pubDate></item>" + items)

    assert "far" not in {item.identity for item in feed.items}


def test_an_identity_does_not_change_when_the_feed_moves_on():
    items = [f"<item><title>{n}</title><link>https://paper.example/{n}</link></item>" for n in "abcdef"]

    early, late = parsed("".join(items[:4])), parsed("".join(items[2:]))

    assert [i.identity for i in early.items[2:]] == [i.identity for i in late.items[:2]]


def test_an_identity_is_never_longer_than_its_column():
    feed = parsed(f"<item><guid>{'x' * 501}</guid></item><item><guid>{'x' * 500}</guid></item>")

    assert [len(item.identity) <= 500 for item in feed.items] == [True, True]
    assert feed.items[1].identity == "x" * 500


def test_a_body_that_names_a_file_is_not_opened(tmp_path: Path):
    feed = tmp_path / "feed.xml"
    feed.write_bytes(rss("<item><title>read from disk</title></item>"))

    with pytest.raises(NotAFeed):
        parse_feed(str(feed).encode(), url="https://paper.example/", now=NOW)


@pytest.mark.parametrize(
    "hostile",
    [
        "<item><description>" + "&lt;!--" * 50_000 + "</description></item>",
        "<item><description>" + "&lt;script" * 50_000 + "</description></item>",
        "<item><description>" + "&lt;a &quot;" * 50_000 + "</description></item>",
        "<item><title>" + "&lt;" * 100_000 + "</title></item>",
        "<item><pubDate>" + "1 " * 100_000 + "</pubDate></item>",
        "<item>" + "<![CDATA[" * 50_000 + "</item>",
        "<item><title>" + "&" * 100_000 + "</title></item>",
        "<item>" * 20_000,
        "<item><b>" * 20_000,
    ],
    ids=lambda text: text[:24],
)
def test_hostile_text_takes_no_longer_than_honest_text(hostile: str):
    started = datetime.now(UTC)

    with suppress(NotAFeed):
        parsed(hostile)

    assert (datetime.now(UTC) - started).total_seconds() < 2


def test_nothing_that_postgres_refuses_comes_out():
    feed = parse_feed(
        b'<rss version="2.0"><channel><item><title>a\x00b&#0;c</title><guid>g&#xD800;</guid></item></channel></rss>',
        url="https://paper.example/",
        now=NOW,
    )

    assert (feed.items[0].title, feed.items[0].identity) == ("abc", "g")


def test_a_character_beyond_all_characters_is_left_out():
    for number in ("xFFFFFFFFFFFF", "1114112", "x110000", "9" * 5_000):
        assert parsed(f"<item><title>a&#{number};b<br></title></item>").items[0].title == "ab"


def test_json_may_not_smuggle_in_what_postgres_refuses():
    body = rb'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"a\u0000b","title":"x\ud800y\u0000"}]}'

    item = parse_feed(body, url="https://paper.example/", now=NOW).items[0]

    assert (item.identity, item.title) == ("ab", "xy")


@pytest.mark.parametrize(
    ("markup", "picture"),
    [
        ('<media:content medium="image" url="a.jpg"/><media:content medium="image" url="b.jpg" width="60"/>', "a.jpg"),
        ('<media:content medium="image" url="a.jpg"/><media:content medium="image" url="b.jpg" width="900"/>', "b.jpg"),
        ('<media:content type="video/mp4" url="a.mp4"/><media:thumbnail url="b.jpg"/>', "b.jpg"),
        ('<media:content type="video/mp4" url="a.mp4"><media:thumbnail url="b.jpg"/></media:content>', "b.jpg"),
        ('<media:content medium="image" url="//0.gravatar.com/avatar/1"/><enclosure type="image/png" url="b"/>', "b"),
        ('<enclosure type="audio/mpeg" url="a.mp3"/><itunes:image href="b.jpg"/>', "b.jpg"),
        ('<description>&lt;img src="data:x" data-src="b.jpg"&gt;</description>', "b.jpg"),
        ('<description>&lt;img class="wp-smiley" src="a.png"&gt;&lt;IMG SRC=b.jpg&gt;</description>', "b.jpg"),
        ('<media:content medium="image" url="javascript:alert(1)"/>', None),
    ],
)
def test_the_picture_of_the_news_is_found(markup: str, picture: str | None):
    names = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    body = f'<rss version="2.0" {names}><channel><item><title>T</title>{markup}</item></channel></rss>'.encode()

    image = parse_feed(body, url="https://paper.example/", now=NOW).items[0].image

    assert (image and image.url) == (picture and f"https://paper.example/{picture}")


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("ada@paper.example (Ada Quill)", "Ada Quill"),
        ("Ada Quill &lt;ada@paper.example&gt;", "Ada Quill"),
        ("Ada Quill", "Ada Quill"),
        ("ada@paper.example", ""),
    ],
)
def test_an_author_is_named_without_the_mail_address(author: str, name: str):
    assert parsed(f"<item><author>{author}</author></item>").items[0].author == name


def test_an_address_escaped_twice_or_without_its_scheme_is_mended():
    feed = parsed("<item><link>www.paper.example/a?b=1&amp;amp;c=2</link></item>")

    assert feed.items[0].url == "http://www.paper.example/a?b=1&c=2"


def test_numbers_of_a_content_system_are_no_categories():
    numbers = "<category>24e3d63d-a9c5-5950-81fe-521611c08e01</category><category>1138</category>"

    assert parsed(f"<item>{numbers}<category>Sport</category></item>").items[0].categories == ("Sport",)
