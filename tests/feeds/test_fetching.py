import asyncio
import gzip
import resource
from datetime import UTC, datetime
from itertools import pairwise
from time import monotonic

import pytest

from feeds.errors import AddressRefused, FetchError, HostOnHold
from feeds.fetching import Document, Fetcher
from feeds.net.bounds import FEED_MAX_BYTES
from feeds.net.settings import FetchSettings
from tests.web import COMPRESSORS, Answer, Web, bomb

FEED = "https://paper.example/feed.xml"
RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Paper</title></channel></rss>"


def settings_for(web: Web, **more) -> FetchSettings:
    return FetchSettings.from_values(host_map=str(web.host_map), **more)


def fetch(web: Web, url: str = FEED, *, limits: dict | None = None, **how) -> Document:
    async def once() -> Document:
        async with Fetcher(settings_for(web), **(limits or {})) as fetcher:
            return await fetcher.fetch(url, **how)

    return asyncio.run(once())


def failure(web: Web, url: str = FEED, **how) -> FetchError:
    with pytest.raises(FetchError) as failed:
        fetch(web, url, **how)
    assert failed.value.url == url
    assert failed.value.reason.endswith((".", ".)"))
    return failed.value


def test_a_document_arrives_with_all_that_is_to_be_remembered(web):
    web[FEED] = Answer(
        body=RSS,
        headers={
            "Content-Type": "application/rss+xml; charset=utf-8",
            "ETag": '"v1"',
            "Last-Modified": "Sat, 14 Nov 2026 10:00:00 GMT",
        },
    )

    document = fetch(web)

    assert document.body == RSS
    assert (document.url, document.final_url, document.status) == (FEED, FEED, 200)
    assert document.content_type == "application/rss+xml; charset=utf-8"
    assert (document.etag, document.last_modified) == ('"v1"', "Sat, 14 Nov 2026 10:00:00 GMT")
    assert document.redirects == ()
    assert 0 < document.seconds < 5
    assert abs(datetime.now(UTC) - document.fetched_at).total_seconds() < 60
    assert not document.is_unchanged


def test_a_document_that_has_not_changed_is_not_sent_again(web):
    web[FEED] = RSS
    first = fetch(web)

    second = fetch(web, etag=first.etag)

    assert second.is_unchanged
    assert second.body == b""
    assert second.etag == first.etag


def test_validators_are_kept_where_a_304_does_not_repeat_them(web):
    web[FEED] = Answer(304)

    document = fetch(web, etag='"v1"', last_modified="yesterday")

    assert document.is_unchanged
    assert (document.etag, document.last_modified) == ('"v1"', "yesterday")
    assert web.requests[0].headers["if-none-match"] == '"v1"'
    assert web.requests[0].headers["if-modified-since"] == "yesterday"


def test_not_changed_is_an_error_where_we_did_not_ask(web):
    web[FEED] = Answer(304)

    assert failure(web).status == 304


@pytest.mark.parametrize("etag", ["one\r\nX-Injected: yes", "ümlaut", "\x00"])
def test_a_validator_that_cannot_be_sent_is_left_out(web, etag):
    web[FEED] = RSS

    assert fetch(web, etag=etag).body == RSS
    assert "if-none-match" not in web.requests[0].headers


def test_validators_of_odd_bytes_or_great_length_are_not_kept(web):
    web[FEED] = Answer(body=RSS, headers={"ETag": b'"\xff\xfe"', "Last-Modified": "x" * 5_000})

    document = fetch(web)

    assert (document.etag, document.last_modified) == ("", "")


def test_publishers_learn_who_asks_and_nothing_else(web):
    web[FEED] = RSS

    async def once():
        settings = settings_for(web, contact="https://zisnews.example/about\r\nX-Evil: 1")
        async with Fetcher(settings) as fetcher:
            await fetcher.fetch(FEED)

    asyncio.run(once())

    headers = web.requests[0].headers
    assert headers["user-agent"] == "ZisNews/0.1 (+https://zisnews.example/aboutX-Evil: 1)"
    assert "x-evil" not in headers
    assert headers["host"] == "paper.example"
    assert {"cookie", "authorization", "referer"}.isdisjoint(headers)


def test_no_cookie_is_ever_sent_back(web):
    web[FEED] = Answer(302, headers={"Location": "/two", "Set-Cookie": "id=1; Path=/"})
    web["https://paper.example/two"] = Answer(body=RSS, headers={"Set-Cookie": "id=2"})

    fetch(web)

    assert all("cookie" not in request.headers for request in web.requests)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_packed_body_is_unpacked(web, encoding):
    web[FEED] = Answer(body=RSS * 10_000, encoding=encoding)

    assert fetch(web).body == RSS * 10_000
    assert encoding in web.requests[0].headers["accept-encoding"]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_stops_at_the_limit(web, encoding):
    web[FEED] = bomb(encoding, megabytes=200)
    web.asked_for(FEED)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert "5 MiB" in failure(web).reason

    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 320 * 1024  # the loopback server itself holds the 200 MiB it packs


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_packed_body_cut_short_is_an_error_even_if_the_length_is_right(web, encoding):
    half = COMPRESSORS[encoding](RSS * 1_000)[:-20]
    web[FEED] = Answer(body=half, headers={"Content-Encoding": encoding})

    assert "ends in the middle" in failure(web).reason


def test_bytes_that_are_not_what_their_coding_says_are_an_error(web):
    web[FEED] = Answer(body=RSS, headers={"Content-Encoding": "gzip"})

    assert "does not unpack" in failure(web).reason


def test_codings_on_top_of_each_other_are_an_error(web):
    web[FEED] = Answer(body=gzip.compress(gzip.compress(RSS)), headers={"Content-Encoding": "gzip, gzip"})

    assert "did not ask for" in failure(web).reason


def test_a_body_that_says_it_is_too_large_is_not_read_at_all(web):
    web[FEED] = Answer(headers={"Content-Length": str(300 * 1024 * 1024)}, is_endless=True, body=b"x" * 65_536)
    started = monotonic()

    assert "5 MiB" in failure(web).reason
    assert monotonic() - started < 10


@pytest.mark.parametrize("is_chunked", [True, False])
def test_an_endless_body_is_read_up_to_the_limit(web, is_chunked):
    web[FEED] = Answer(body=b"<item/>" * 10_000, is_endless=True, is_chunked=is_chunked)

    assert "5 MiB" in failure(web).reason


def test_the_limit_can_be_another_and_a_body_may_just_reach_it(web):
    web[FEED] = Answer(body=b"x" * 1_000)

    assert len(fetch(web, max_bytes=1_000).body) == 1_000
    assert failure(web, max_bytes=999)
    assert FEED_MAX_BYTES == 5 * 1024 * 1024


@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_body_cut_short_is_an_error(web, is_chunked):
    web[FEED] = Answer(body=RSS * 100, cut=500, is_chunked=is_chunked)

    assert "before it had sent everything" in failure(web).reason


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 two hundred OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00" * 1_000,
        b"\r\n\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: y\r\n" * 5_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Nul: a\x00b\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_an_answer_against_the_rules_of_http_is_an_error_and_no_crash(web, raw):
    web[FEED] = Answer(raw=raw)

    assert not failure(web).permanent


def test_a_server_that_says_nothing_is_given_up(web):
    web[FEED] = Answer(is_silent=True)

    assert "fell silent" in failure(web, limits={"read_seconds": 0.2}).reason


def test_a_body_that_drips_is_given_up_in_the_end(web):
    web[FEED] = Answer(body=RSS, drip=(1, 0.5))
    started = monotonic()

    assert "took longer" in failure(web, limits={"total_seconds": 0.5}).reason
    assert monotonic() - started < 10


@pytest.mark.parametrize(
    "answer",
    [
        Answer(raw=b"HTTP/1.1 200 OK\r\nServer: slow\r\n\r\n", drip=(1, 0.05)),
        Answer(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 100, drip=(25, 0.05)),
        Answer(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000_000),
    ],
)
def test_a_head_that_drips_and_a_flood_of_continues_are_given_up_in_the_end(web, answer):
    web[FEED] = answer
    started = monotonic()

    assert failure(web, limits={"total_seconds": 0.5})
    assert monotonic() - started < 15


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, False), (401, False), (403, False), (404, True), (410, True), (429, False), (500, False), (503, False),
     (522, False), (204, False), (206, False), (300, False), (302, False), (418, False), (599, False), (999, False)],
)  # fmt: skip
def test_any_other_answer_is_an_error_that_says_what_the_server_said(web, status, permanent):
    web[FEED] = Answer(status, body=b"" if status == 204 else b"Sorry")

    error = failure(web)

    assert (error.status, error.permanent) == (status, permanent)
    assert str(status) in error.reason


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [("120", 120, 120), ("999999999999", 86_400, 86_400), ("Wed, 21 Oct 2015 07:28:00 GMT", 600, 600),
     ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400, 86_400)],
)  # fmt: skip
def test_how_long_to_stay_away_is_read_and_capped_at_a_day(web, value, low, high):
    web[FEED] = Answer(429, headers={"Retry-After": value})

    error = failure(web)

    assert isinstance(error, HostOnHold)
    assert low <= error.seconds <= high


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "Fri, 99 Foo 2026 25:61:00 GMT", b"\xff"])
def test_an_unreadable_retry_after_says_nothing(web, value):
    web[FEED] = Answer(503, headers={"Retry-After": value})

    assert failure(web).retry_after is None


def test_redirects_are_followed_and_remembered(web):
    web[FEED] = Answer(301, headers={"Location": "/new.xml"})
    web["https://paper.example/new.xml"] = Answer(302, headers={"Location": "https://cdn.example/feed?x=1#top"})
    web["https://cdn.example/feed?x=1"] = RSS

    document = fetch(web)

    assert document.body == RSS
    assert (document.url, document.final_url) == (FEED, "https://cdn.example/feed?x=1")
    assert document.redirects == (
        (301, "https://paper.example/new.xml"),
        (302, "https://cdn.example/feed?x=1"),
    )


def test_validators_go_along_on_the_same_host_and_not_to_another(web):
    web[FEED] = Answer(301, headers={"Location": "/new.xml"})
    web["https://paper.example/new.xml"] = Answer(302, headers={"Location": "https://cdn.example/feed"})
    web["https://cdn.example/feed"] = RSS

    fetch(web, etag='"v1"', last_modified="then")

    assert [request.headers.get("if-none-match") for request in web.requests] == ['"v1"', '"v1"', None]
    assert "if-modified-since" not in web.requests[2].headers


def test_five_redirects_are_followed_and_no_more(web):
    for number in range(10):
        web[f"https://paper.example/{number}"] = Answer(302, headers={"Location": f"/{number + 1}"})
    web["https://paper.example/5"] = RSS

    assert len(fetch(web, "https://paper.example/0").redirects) == 5

    web["https://paper.example/5"] = Answer(302, headers={"Location": "/6"})
    assert "without end" in failure(web, "https://paper.example/0").reason


def test_redirects_in_a_circle_are_noticed_at_once(web):
    web[FEED] = Answer(302, headers={"Location": "/two"})
    web["https://paper.example/two"] = Answer(302, headers={"Location": "/feed.xml"})

    assert "without end" in failure(web).reason
    assert len(web.requests) == 2


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/", "http://127.0.0.1:6379/", "//10.0.0.1/", "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0x7f000001/", "http://2130706433/", "http://127.1/",
        "file:///etc/passwd", "gopher://paper.example/", "ftp://paper.example/", "javascript:alert(1)", "data:,x",
        "https://user:secret@paper.example/", "http://paper.example\\@127.0.0.1/", "https:///", "http://[",
        "http://%31%32%37.0.0.1/", b"http://\xe2\x93\x9b\xe2\x93\x9e\xe2\x93\x92al/", b"http://pap\xe9r.example/",
        b"https://paper.example/\x7f", b"https://paper.example/a\tb",
    ],
)  # fmt: skip
def test_a_redirect_to_where_we_do_not_go_is_refused(web, location):
    web[FEED] = Answer(302, headers={"Location": location})

    with pytest.raises(AddressRefused) as refused:
        fetch(web)

    assert refused.value.url == FEED
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (b"/caf\xc3\xa9", "/caf%C3%A9"),
        (b"/caf\xe9", "/caf%E9"),
        (b"/two words", "/two%20words"),
        (b"?page=2", "/feed.xml?page=2"),
        (b"../up", "/up"),
        (b"/a|b", "/a|b"),
        (b"/100%", "/100%"),
    ],
)
def test_odd_bytes_in_a_redirect_are_read_as_browsers_do(web, location, path):
    web[FEED] = Answer(302, headers={"Location": location})
    web[f"https://paper.example{path}"] = RSS

    assert fetch(web).body == RSS


def test_a_redirect_without_a_location_is_an_error(web):
    web[FEED] = Answer(302)

    assert failure(web).status == 302


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost/", "file:///etc/passwd", "http://u@paper.example/", "", "x"]
)
def test_nothing_is_sent_to_where_we_do_not_go_though_a_host_map_would_lead_there(web, url):
    web["https://paper.example/"] = RSS

    with pytest.raises(AddressRefused):
        fetch(web, url)
    assert web.requests == []


def test_a_host_that_hangs_up_and_one_that_is_not_there_are_errors(web):
    assert "hung up" in failure(web, "https://nowhere.example/").reason

    web.host_map.write_text("* 127.0.0.1:1\n")
    assert "did not take our connection" in failure(web).reason


def test_one_host_is_asked_one_thing_at_a_time_and_others_meanwhile(web):
    hosts = ["one.example", "two.example", "three.example"]
    urls = [f"https://{host}/{number}" for host in hosts for number in range(3)]
    for url in urls:
        web[url] = Answer(body=RSS, delay=0.3)

    async def all_at_once() -> None:
        async with Fetcher(settings_for(web)) as fetcher:
            await asyncio.gather(*map(fetcher.fetch, urls))

    asyncio.run(all_at_once())

    asked = sorted(web.requests, key=lambda request: request.at)
    assert {request.host for request in asked[:3]} == set(hosts)
    for host in hosts:
        moments = [request.at for request in web.requests if request.host == host]
        assert all(later - earlier > 0.2 for earlier, later in pairwise(moments))


def test_waiting_for_our_turn_does_not_count_against_the_deadline(web):
    urls = [f"https://paper.example/{number}" for number in range(5)]
    for url in urls:
        web[url] = Answer(body=RSS, delay=0.4)

    async def all_at_once() -> list[Document]:
        async with Fetcher(settings_for(web), total_seconds=1.5) as fetcher:
            return await asyncio.gather(*map(fetcher.fetch, urls))

    assert len(asyncio.run(all_at_once())) == 5


def test_a_host_that_fails_costs_the_others_nothing(web):
    web["https://silent.example/"] = Answer(is_silent=True)
    web["https://bomb.example/"] = bomb("gzip", megabytes=20)
    web["https://well.example/"] = RSS

    async def all_at_once() -> list:
        async with Fetcher(settings_for(web), read_seconds=2) as fetcher:
            return await asyncio.gather(*map(fetcher.fetch, web), return_exceptions=True)

    silent, bombed, well = asyncio.run(all_at_once())

    assert isinstance(silent, FetchError)
    assert isinstance(bombed, FetchError)
    assert well.body == RSS
