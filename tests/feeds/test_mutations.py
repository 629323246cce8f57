"""Whatever strangers send, cut anywhere and with any bytes changed: read in little time and memory, or refused kindly.

A part of what `./zis bench mutations` tries; ZIS_MUTATION_SEEDS=20 tries more of everything.
"""

import gzip
import io
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache

import pytest
from PIL import Image

from feeds.catalogues.csv_files import read_csv
from feeds.catalogues.opml import read_opml
from feeds.extraction import extract
from feeds.finding.previews import read_answer
from feeds.icons import draw_mark, icons_of, icons_of_manifest
from feeds.manners.reservations import Reservations, read_reservations
from feeds.manners.robots import Robots, our_lines
from feeds.pictures import shrink
from zisnews.bench.damage import MOST_MB, MOST_SECONDS, Damaged, MeasuredSandbox, cut, flipped
from zisnews.bench.mutations import Score, feed_documents, try_feed

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
URL = "https://paper.example/"
SEEDS = range(1, 1 + int(os.environ.get("ZIS_MUTATION_SEEDS", "1")))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[MeasuredSandbox]:
    with MeasuredSandbox() as sandbox:
        yield sandbox


@pytest.mark.django_db
def test_a_damaged_feed_stores_nothing_twice_and_changes_nothing_that_it_does_not_say(corpus, sandbox):
    documents = list(feed_documents(corpus))
    score = Score()

    for name, body in documents if len(SEEDS) > 1 else documents[::12]:
        for seed in SEEDS:
            try_feed(name, body, seed, sandbox, score, cuts=3)

    assert score.faults == []
    assert sum(count for what, count in score.outcomes.items() if what.startswith("cut")) > 40


ROBOTS = b"""\xef\xbb\xbfUser-agent: *
Disallow: /private/*.pdf$
Allow: /private/caf%C3%A9
Crawl-delay: 2.5

User-agent: ZisNews
User-agent: OtherBot
Disallow: /search?q=
Sitemap: https://paper.example/sitemap.xml
"""
RESERVATIONS = json.dumps(
    [{"location": f"/news/{n}/*$", "tdm-reservation": n % 2, "tdm-policy": f"{URL}policy"} for n in range(30)]
).encode()
OPML = """<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>Papers</title></head><body>
<outline text="Nachrichten &amp; Politik">
<outline type="rss" text="Süd" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
<outline text="x" xmlUrl="https://b.example/feed" language="de"/></outline></body></opml>""".encode()
CSV = "name,feed_url,site_url,country,language,category\nSüd,https://a.example/f,https://a.example/,DE,de,world\n" * 3
MANIFEST = json.dumps({"icons": [{"src": f"/{n}.png", "sizes": f"{n}x{n}", "purpose": "any"} for n in range(16, 99)]})


def picture(kind: str, side: int = 400) -> bytes:
    image = Image.effect_noise((side, side), 60).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@cache
def pages(folder) -> list[tuple[str, bytes]]:
    paths = sorted((folder / "pages").glob("*.html.gz"))[:: 1 if len(SEEDS) > 1 else 40]
    return [(path.stem, gzip.decompress(path.read_bytes())) for path in paths]


def rules_of(body: bytes) -> str:
    """What a host's robots.txt makes of an address, as permission.py asks it."""
    lines = our_lines(body)
    Robots(lines).allows(f"{URL}private/caf%C3%A9.pdf")
    return lines


def reserved(body: bytes) -> str:
    return Reservations(read_reservations(body)).of(f"{URL}news/3/x").policy


def rows_of(body: bytes) -> int:
    return len(list(read_csv(body)))


KINDS: dict[str, tuple[Callable, bytes, dict]] = {
    "robots.txt": (rules_of, ROBOTS * 20, {}),
    "tdmrep.json": (reserved, RESERVATIONS, {}),
    "opml": (read_opml, OPML, {}),
    "csv": (rows_of, CSV.encode(), {}),
    "manifest": (icons_of_manifest, MANIFEST.encode(), {"url": URL}),
    **{f"picture {kind}": (shrink, picture(kind), {}) for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF")},
    **{f"icon {kind}": (draw_mark, picture(kind, 64), {}) for kind in ("PNG", "ICO", "GIF", "WEBP", "JPEG")},
}


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_rules_lists_and_pictures_are_read_or_refused_kindly(sandbox, kind):
    function, body, how = KINDS[kind]
    assert not sandbox.read(function, body, **how).error, "the whole one is read"

    for seed in SEEDS:
        for flips in (1, 3, 20):
            read_kindly(sandbox, function, flipped(f"{kind} {flips}", body, seed, flips), how)
        for damaged in cut(kind, body, seed):
            read_kindly(sandbox, function, damaged, how)


@pytest.mark.parametrize("function", [extract, icons_of, read_answer])
def test_damaged_pages_are_read_or_refused_kindly(corpus, sandbox, function):
    how = {"url": URL} if function is icons_of else {"url": URL, "now": NOW}
    how |= {"content_type": "text/html"} if function is read_answer else {}
    for (name, body), seed in ((page, seed) for page in pages(corpus) for seed in SEEDS):
        for damaged in [flipped(name, body, seed), flipped(name, body, seed, 200), *cut(name, body, seed, 3)]:
            read_kindly(sandbox, function, damaged, how)


def read_kindly(sandbox: MeasuredSandbox, function: Callable, damaged: Damaged, how: dict) -> None:
    reading = sandbox.read(function, damaged.body, **how)
    assert not reading.bug, f"{damaged.name}: {reading.bug}"
    assert reading.seconds < MOST_SECONDS, damaged.name
    assert reading.mb < MOST_MB, damaged.name


def test_what_is_tried_is_the_same_for_the_same_seed_and_another_for_another():
    body = bytes(range(256))
    assert flipped("a", body, 1) == flipped("a", body, 1)
    assert flipped("a", body, 1).body != flipped("a", body, 2).body
    assert [damaged.body for damaged in cut("a", body, 1)] == [damaged.body for damaged in cut("a", body, 1)]
