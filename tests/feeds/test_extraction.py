import gzip
import json
import os
import re
from dataclasses import asdict
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import pytest

from feeds.errors import FeedsError, NotAPage
from feeds.extraction import MAX_HTML_BYTES, Page, extract
from feeds.markup.tree import text_of
from feeds.sandbox import Sandbox
from feeds.sanitising import sanitise
from tests.feeds.scoring import equal_title, same_title, shingle_f1

NOW = datetime(2026, 11, 21, tzinfo=UTC)
URL = "https://paper.example/news/2026/bridge.html"
PAGES = sorted((Path(__file__).parent.parent / "data" / "pages").glob("*.html"))

PARAGRAPHS = [
    "The harbour bridge opened to traffic again on Saturday, eleven weeks after engineers found cracks in two girders.",
    "About forty drivers were waiting at the barrier when it was raised at half past six in the morning.",
    "The work cost 8.4 million crowns, a third more than planned, and the council will decide who pays in April.",
]


def page_of(head: str = "", body: str = "", paragraphs=PARAGRAPHS) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{body}{text}</article></body></html>".encode()


def read(head: str = "", body: str = "<h1>Bridge reopens after repairs</h1>", **options):
    return extract(page_of(head, body), url=URL, now=NOW, **options)


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_a_page_yields_what_lies_beside_it(path):
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))

    page = extract(path.read_bytes(), url=expected.pop("url"), now=NOW)

    found = asdict(page) | {"published_at": page.published_at and page.published_at.isoformat(), "tags": [*page.tags]}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_text_and_html_say_the_same_and_the_html_is_clean(path):
    page = extract(path.read_bytes(), url=URL, now=NOW)
    assert page.text == text_of(page.html)
    assert sanitise(page.html) == page.html


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "empty"),
        (b"  \n ", "", "empty"),
        (b"%PDF-1.7 ...", "text/html", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "", "picture"),
        (b"\xff\xd8\xff\xe0", "text/html", "picture"),
        (b"PK\x03\x04", "", "archive"),
        (b"<html><body>x", "video/mp4", "video/mp4"),
        (b'{"error": "gone"}', "application/json", "JSON"),
        (b"[1, 2]", "", "JSON"),
        (b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "text/html", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "", "feed"),
        (b"Service unavailable", "text/plain", "plain text"),
        (b"<html><head></head><body></body></html>", "text/html", "no article"),
        (b"<html><body><script>start()</script><p>1</p></body></html>", "text/html", "no article"),
        (b"\x00" * 5000, "text/html", "empty|video|plain"),
    ],
)
def test_what_is_no_article_is_refused_with_a_sentence(body, content_type, reason):
    with pytest.raises(NotAPage, match=reason) as caught:
        extract(body, url=URL, content_type=content_type, now=NOW)
    assert str(caught.value).endswith(".")


def test_a_page_without_a_text_still_tells_its_title_and_picture():
    page = extract(
        b"<html><head><title>Watch: the bridge falls</title><meta property='og:image' content='/v.jpg'></head>"
        b"<body><h1>Watch: the bridge falls</h1><div id=player></div></body></html>",
        url=URL,
        now=NOW,
    )
    assert (page.title, page.text, page.html) == ("Watch: the bridge falls", "", "")
    assert page.image and page.image.url == "https://paper.example/v.jpg"


WESTERN = "Die Brücke über den Fluß wurde nach elf Wochen wieder geöffnet, sagte der Bürgermeister am Samstag früh."
CYRILLIC = "Мост через реку снова открыт после одиннадцати недель ремонта, сообщил в субботу утром мэр города."


@pytest.mark.parametrize(
    ("text", "encoding", "head", "content_type"),
    [
        (WESTERN, "utf-8", "", ""),
        (WESTERN, "utf-8", "", "text/html; charset=iso-8859-1"),
        (WESTERN, "utf-8-sig", "<meta charset=windows-1251>", ""),
        (WESTERN, "latin-1", "", "text/html; charset=ISO-8859-1"),
        (WESTERN, "cp1252", "<meta charset=iso-8859-1>", ""),
        (WESTERN, "latin-1", "<meta charset=utf-8>", "text/html; charset=utf-8"),
        (WESTERN, "cp1252", "", ""),
        (CYRILLIC, "cp1251", "<meta http-equiv=content-type content='text/html; charset=windows-1251'>", ""),
        (CYRILLIC, "cp1251", "", "text/html; charset=windows-1251"),
        (CYRILLIC, "koi8-r", "<meta charset=koi8-r>", ""),
        (CYRILLIC, "cp1251", "", ""),
        (CYRILLIC, "utf-16", "", ""),
        (
            "橋の修理が終わり、土曜日の朝に通行が再開されたと市長が発表した。" * 4,
            "shift_jis",
            "<meta charset=Shift_JIS>",
            "",
        ),
        (
            "橋の修理が終わり、土曜日の朝に通行が再開されたと市長が発表した。" * 4,
            "iso2022_jp",
            "<meta charset=iso-2022-jp>",
            "",
        ),
        ("大桥周六清晨恢复通车，市长说维修历时十一个星期。" * 4, "gb18030", "<meta charset=gb2312>", ""),
        (
            "다리가 토요일 아침에 다시 열렸다고 시장이 말했다. 수리는 십일 주가 걸렸다." * 4,
            "cp949",
            "<meta charset=euc-kr>",
            "",
        ),
    ],
)
def test_a_page_is_read_in_the_encoding_it_is_in(text, encoding, head, content_type):
    body = page_of(head, "<h1>x</h1>", [text] * 3).decode().encode(encoding)
    assert text in extract(body, url=URL, content_type=content_type, now=NOW).text


def test_a_date_of_the_future_is_not_believed():
    page = read("<meta property=article:published_time content=2031-01-01T00:00:00Z>")
    assert page.published_at is None or page.published_at <= NOW


def test_of_two_times_told_for_one_day_the_earlier_is_believed():
    page = read(
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","datePublished":'
        '"2026-06-07T17:00:00-07:00"}</script><meta property=article:published_time content=2026-06-07T17:00:00Z>'
    )
    assert page.published_at == datetime(2026, 6, 7, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("canonical", "address"),
    [
        ("https://paper.example/news/bridge", "https://paper.example/news/bridge"),
        ("/news/bridge", "https://paper.example/news/bridge"),
        ("https://www.paper.example/news/bridge", "https://www.paper.example/news/bridge"),
        ("https://paper.example/", URL),
        ("https://evil.example/news/bridge", URL),
        ("https://notpaper.example/news/bridge", URL),
        ("javascript:alert(1)", URL),
        ("", URL),
    ],
)
def test_a_canonical_address_is_of_the_same_site_and_not_its_home(canonical, address):
    assert read(f'<link rel=canonical href="{canonical}">').canonical_url == address


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Bridge reopens after repairs | Paper", "Bridge reopens after repairs", "Bridge reopens after repairs"),
        ("Bridge reopens after repairs - News - Paper", "", "Bridge reopens after repairs"),
        (
            "Bridge reopens after winter repairs",
            "Local | Bridge reopens after winter repairs",
            "Bridge reopens after winter repairs",
        ),
        ("Bridge reopens after repairs", "Paper", "Bridge reopens after repairs"),
        ("Mayor&#039;s &amp;quot;bridge&amp;quot; reopens today", "", 'Mayor\'s "bridge" reopens today'),
    ],
)
def test_the_title_is_the_headline_without_the_site(title, heading, expected):
    head = f"<title>{title}</title><meta property=og:site_name content=Paper>"
    assert read(head, f"<h1>{heading}</h1>" if heading else "").title == expected


def test_the_title_of_a_drawing_is_not_the_pages():
    assert read("", "<svg><title>Logo</title></svg><h1>Bridge reopens after repairs</h1>").title.startswith("Bridge")


@pytest.mark.parametrize(
    ("rules", "display"),
    [
        ("", "full_text"),
        ("index, follow, max-snippet:-1, max-image-preview:large", "full_text"),
        ("noarchive", "excerpt"),
        ("max-snippet: 160", "excerpt"),
        ("NOSNIPPET", "headline"),
        ("max-snippet:0", "headline"),
    ],
)
def test_what_a_page_allows_to_be_shown_is_told_with_a_reason(rules, display):
    for page in (read(f'<meta name="robots" content="{rules}">'), read(robots=rules)):
        assert page.display == display
        assert page.display_reason.endswith(".") == (display != "full_text")


def test_a_caption_is_parted_from_its_credit():
    page = read(
        "",
        "<h1>Bridge reopens after repairs</h1><figure><img src=/a.jpg><figcaption>The bridge at dawn. "
        "(Photo: Lena Marsh/Agency)</figcaption></figure>",
    )
    assert page.image
    assert (page.image.url, page.image.caption) == ("https://paper.example/a.jpg", "The bridge at dawn.")
    assert page.image.credit == "Lena Marsh/Agency"


def test_a_headline_repeated_in_the_text_is_shown_once():
    assert "Bridge reopens" not in read().text


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("ferry.html", "https://paper.example/news/2026/ferry.html"),
        ("../2025/cracks.html", "https://paper.example/news/2025/cracks.html"),
        ("/coast", "https://paper.example/coast"),
        ("?page=2", "https://paper.example/news/2026/bridge.html?page=2"),
    ],
)
def test_a_link_in_the_text_is_resolved_against_the_pages_address(href, address):
    linked = [PARAGRAPHS[0], f'{PARAGRAPHS[1]} More of it was <a href="{href}">told on Friday</a>.', PARAGRAPHS[2]]
    page = extract(page_of("", "<h1>Bridge reopens after repairs</h1>", linked), url=URL, now=NOW)
    assert f'href="{address}"' in page.html


def test_a_base_element_tells_what_links_are_relative_to():
    linked = [PARAGRAPHS[0], f'{PARAGRAPHS[1]} More of it was <a href="ferry.html">told on Friday</a>.', PARAGRAPHS[2]]
    for base, address in (("/archive/", "archive/ferry.html"), ("javascript:", "news/2026/ferry.html")):
        page = extract(page_of(f"<base href='{base}'>", "<h1>Bridge reopens</h1>", linked), url=URL, now=NOW)
        assert f'href="https://paper.example/{address}"' in page.html


def test_a_text_that_only_repeats_its_headline_costs_no_stack():
    body = page_of("", "<h1>Bridge</h1>", ["Bridge"] * 5_000)
    assert extract(body, url=URL, now=NOW).title == "Bridge"


HOSTILE = {
    "deep divisions": b"<html><body>" + b"<div>" * 600_000 + b"x",
    "deep tables": b"<html><body>" + b"<table><tr><td>" * 100_000 + b"x",
    "deep lists": b"<html><body><h1>T</h1>" + b"<ul><li>word " * 60_000,
    "many paragraphs": b"<html><body><h1>T</h1>" + b"<p>word word word" * 170_000,
    "many attributes": b"<html><body><p " + b" ".join(b"a%d=1" % i for i in range(300_000)) + b">word",
    "a huge table": b"<html><body><table>" + b"<tr><td>1<td>2<td>3" * 150_000,
    "many links": b"<html><body>" + b"<a href=/x>word</a> " * 150_000,
    "entities": b"<!DOCTYPE html [<!ENTITY a '"
    + b"x" * 1000
    + b"'><!ENTITY b '"
    + b"&a;" * 1000
    + b"'>]><p>"
    + b"&b;" * 1000,
    "nulls": b"<html><body><h1>T</h1><p>word\x00 \x00" * 100_000,
    "an endless comment": b"<html><body><!-- " + b"- " * 1_500_000,
    "an endless script": b"<html><head><script type='application/ld+json'>" + b'{"a":[' * 400_000,
    "many structured articles": b'<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script>'
    * 30_000,
    "many scopes": b"<div itemscope itemtype=https://schema.org/NewsArticle><p itemprop=headline>x" * 30_000,
    "many figures": b"<html><body><h1>T</h1>"
    + b"<figure><img src=/a.jpg><figcaption>word word</figcaption></figure>" * 40_000,
    "many times": b"<html><body><h1>T</h1>" + b"<time datetime=x>1 1 2020</time><span class=date>2 2</span>" * 40_000,
    "headings around everything": b"<html><body>"
    + b"<h1><div>" * 20
    + b"<span class=kicker>" * 30
    + b"word " * 550_000,
    "one long word": b"<html><body><h1>T</h1><p>" + b"x" * 2_900_000,
    "many breaks": b"<html><body><h1>T</h1>word" + b"<br>word " * 300_000,
    "open formatting": b"<html><body>" + b"".join(b"<b a=%d>" % i for i in range(50_000)) + b"<p>x" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_refused_within_its_limits(name, sandbox):
    body = HOSTILE[name]
    assert len(body) < MAX_HTML_BYTES * 2
    try:
        page = sandbox.call(extract, body, url=URL, now=NOW)
        assert len(page.text) <= MAX_HTML_BYTES
    except FeedsError as error:
        assert str(error).endswith(".")
    assert sandbox.call(extract, page_of("", "<h1>Bridge reopens after repairs</h1>"), url=URL, now=NOW).text


@pytest.fixture(scope="module")
def sandbox():
    sandbox = Sandbox(wall_seconds=15)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def corpus_pages(corpus):
    """Every fourth page with its gold (all of them with ZIS_CORPUS_ALL=1): (gold, page or None) pairs."""
    folder = corpus / "pages"
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    pairs: list[tuple[dict, Page | None]] = []
    for gold in rows[:: 1 if os.environ.get("ZIS_CORPUS_ALL") else 4]:
        file = folder / gold["file"]
        body = gzip.decompress((file if file.exists() else corpus / gold["file"]).read_bytes())
        try:
            pairs.append((gold, extract(body, url=gold["url"], now=NOW)))
        except NotAPage:
            pairs.append((gold, None))
    return pairs


def share(truths: list[bool]) -> float:
    return sum(truths) / len(truths)


def test_bodies_of_the_corpus_are_as_good_as_the_extractors_best_mode(corpus_pages):
    """All 491 pages with a gold body: 0.931; its best mode, favor_precision on plain text: 0.9246."""
    scores = [shingle_f1(page.text if page else "", gold["body"]) for gold, page in corpus_pages if gold.get("body")]
    assert sum(scores) / len(scores) >= 0.925


def test_titles_of_the_corpus_are_right(corpus_pages):
    """All 445 with a gold title: 0.969, and 0.951 letter by letter; 13 golds stand nowhere on their page."""
    pairs = [(page.title if page else "", gold["title"]) for gold, page in corpus_pages if gold.get("title")]
    assert share([same_title(title, gold) for title, gold in pairs]) >= 0.955
    assert share([equal_title(title, gold) for title, gold in pairs]) >= 0.94


def test_dates_of_the_corpus_are_right_to_the_day(corpus_pages):
    """All 407 with a gold date: 0.904 on the day as printed, 0.926 within a day of it.

    Golds without a zone give the day where the article was printed, and so do we. About 16 name another year or
    month than any date on their page.
    """
    apart = []
    for gold, page in corpus_pages:
        if gold.get("date"):
            told = date.fromisoformat(gold["date"][:10])
            moment = page.published_at.astimezone(zone_of(gold["date"])) if page and page.published_at else None
            apart.append(abs((moment.date() - told).days) if moment else 99_999)
    assert share([days == 0 for days in apart]) >= 0.9
    assert share([days <= 1 for days in apart]) >= 0.92


def zone_of(text: str) -> tzinfo:
    try:
        return datetime.fromisoformat(text).tzinfo or UTC
    except ValueError:
        return UTC


def test_what_must_not_be_in_a_body_is_seldom_in_it(corpus_pages):
    """All 92 pages with such segments: 0.906."""
    found = [
        " ".join(re.findall(r"\w+", segment)) not in " ".join(re.findall(r"\w+", page.text))
        for gold, page in corpus_pages
        if page
        for segment in gold.get("must_exclude") or []
    ]
    assert share(found) >= 0.78
