"""What a document names is not fetched while it is read, and what it makes grow stays small.

Read in this process, where the interpreter reports every connection; ingestion reads in limited children (sandbox.py).
"""

import inspect
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime
from time import process_time

import pytest

from feeds import sandbox
from feeds.catalogues.opml import read_opml
from feeds.errors import FeedsError
from feeds.extraction import extract
from feeds.fetching import MAX_REDIRECTS, Fetcher
from feeds.icons import icons_of, icons_of_manifest
from feeds.net.bounds import FEED_MAX_BYTES, PAGE_MAX_BYTES
from feeds.net.holds import LONGEST_RETRY_SECONDS
from feeds.parsing import parse_feed
from feeds.pictures import shrink
from feeds.sandbox_child import CPU_SECONDS_PER_JOB

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
URL = "https://paper.example/feed"
MIB = 1024 * 1024
FEED = """<rss version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"><channel><title>Paper</title>
<item><title>Bridge {0}</title><link>https://paper.example/1</link><description>{1}</description></item>
</channel></rss>"""
PROLOGUES = {
    "a DTD": '<!DOCTYPE rss SYSTEM "{inside}/x.dtd">',
    "a public DTD": '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "{inside}/x.dtd">',
    "an entity": '<!DOCTYPE rss [<!ENTITY x SYSTEM "{inside}/x">]>',
    "a file": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "a parameter entity": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "{inside}/p"> %p;]>',
    "a stylesheet": '<?xml-stylesheet type="text/xsl" href="{inside}/x.xsl"?>',
}
READERS = {
    "feed": lambda body: parse_feed(body, url=URL, now=NOW),
    "page": lambda body: extract(body, url=URL, now=NOW),
    "opml": read_opml,
    "icons": lambda body: icons_of(body, url=URL),
}


def read(kind: str, body: bytes) -> str:
    """What is made of a document, as text; "" where it is refused."""
    with suppress(FeedsError):
        return str(READERS[kind](body))
    return ""


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("what", PROLOGUES)
def test_nothing_a_document_includes_is_fetched_or_read(web, dialled, kind, what):
    prologue = PROLOGUES[what].format(inside=f"http://127.0.0.1:{web.port}")
    include = f'<xi:include href="http://127.0.0.1:{web.port}/i" parse="text"/>'

    said = read(kind, (prologue + FEED.format("&x;", f"&x; {include} reopens")).encode())

    assert dialled.addresses == []
    assert web.requests == []
    assert "root:" not in said


def test_a_feed_with_a_dtd_is_read_all_the_same():
    assert "Bridge" in read("feed", (PROLOGUES["a DTD"].format(inside="x:") + FEED.format("", "opens")).encode())


PAGE = """<html><head><base href="{0}/"><link rel="stylesheet" href="{0}/a"><link rel="preload" href="{0}/b">
<meta http-equiv="refresh" content="0;url={0}/c"><script src="{0}/d"></script><link rel="icon" href="{0}/e">
</head><body><iframe src="{0}/f"></iframe><object data="{0}/g"></object><img src="{0}/h"><video src="{0}/i"></video>
<article><h1>Bridge</h1><p>{1}</p></article></body></html>"""


@pytest.mark.parametrize("kind", ["page", "icons"])
def test_nothing_a_page_names_is_fetched_while_it_is_read(web, dialled, kind):
    inside = f"http://127.0.0.1:{web.port}"

    assert read(kind, PAGE.format(inside, "The bridge opened again this morning. " * 30).encode())

    assert (dialled.addresses, web.requests) == ([], [])


def test_pictures_and_manifests_fetch_nothing(web, dialled):
    inside = f"http://127.0.0.1:{web.port}/x"
    icons_of_manifest(f'{{"icons": [{{"src": "{inside}", "sizes": "96x96"}}]}}'.encode(), url=URL)
    with pytest.raises(FeedsError, match="SVG"):
        shrink(f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{inside}"/></svg>'.encode())

    assert (dialled.addresses, web.requests) == ([], [])


LAUGHS = "".join("<!ENTITY l{} '{}'>".format(n, f"&l{n - 1};" * 10) for n in range(1, 12))
GROWING = {
    "a billion laughs": f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>' + FEED.format("&l11;", "&l11;"),
    "one long entity": f'<!DOCTYPE rss [<!ENTITY l "{"x" * 100_000}">]>' + FEED.format("", "&l;" * 20_000),
    "an entity of itself": '<!DOCTYPE rss [<!ENTITY l "&l;">]>' + FEED.format("&l;", "&l;"),
    "depth": FEED.format("", "<b>" * 100_000),
    "attributes": FEED.format("", "<b " + " ".join(f"a{n}='1'" for n in range(40_000)) + "/>"),
}


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("what", GROWING)
def test_what_a_document_makes_grow_stays_small(kind, what):
    body = GROWING[what].encode()
    read(kind, b"<p>")  # what is loaded once is loaded
    tracemalloc.start()
    started = process_time()
    try:
        said = read(kind, body)
        assert tracemalloc.get_traced_memory()[1] < 60 * MIB
    finally:
        tracemalloc.stop()
    assert process_time() - started < 10
    assert len(said) < 4 * MIB


def test_the_limits_are_those_of_the_security_notes():
    """Connect 5 s, read 10 s, 30 s in all; 5 and 10 MiB; 512 MiB, 10 s of the processor, 15 s by the wall; a day."""
    limits = {name: each.default for name, each in inspect.signature(Fetcher).parameters.items()}
    of_child = {name: each.default for name, each in inspect.signature(sandbox.Sandbox).parameters.items()}

    assert (limits["connect_seconds"], limits["read_seconds"], limits["total_seconds"]) == (5, 10, 30)
    assert (FEED_MAX_BYTES, PAGE_MAX_BYTES, MAX_REDIRECTS) == (5 * MIB, 10 * MIB, 5)
    assert (of_child["memory_mb"], of_child["wall_seconds"], CPU_SECONDS_PER_JOB) == (512, 15, 10)
    assert LONGEST_RETRY_SECONDS == 24 * 3600
