"""What a page allows to be shown of its article, and with what reason."""

import json
from datetime import UTC, datetime

import pytest

from feeds.extraction import Page, extract
from feeds.manners.reservations import Reservation
from feeds.pages.policy import rules_for_us
from tests.documents import PARAGRAPH, page

URL = "https://paper.example/news/1"
NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)


def read(head: str = "", *paragraphs: str, **options) -> Page:
    return extract(page("A headline", *paragraphs, head=head), url=URL, now=NOW, **options)


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


# Robots rules


@pytest.mark.parametrize(
    ("rules", "display", "max_snippet"),
    [
        ("", "full_text", None),
        ("all", "full_text", None),
        ("index, follow, max-snippet:-1, max-image-preview:large, max-video-preview:-1", "full_text", None),
        ("noarchive", "excerpt", None),
        ("nocache", "excerpt", None),
        ("max-snippet:160", "excerpt", 160),
        ("max-snippet : 160, max-snippet:50", "excerpt", 50),
        ("max-snippet:-1, max-snippet:50", "excerpt", 50),
        ("NOSNIPPET", "headline", None),
        ("max-snippet:0", "headline", 0),
        ("noarchive,nosnippet", "headline", None),
        ("unavailable_after: 2025-12-31", "headline", None),
        ("unavailable_after: 31 Dec 2025 15:00:00 GMT, noarchive", "headline", None),
        ("unavailable_after: Wed, 31 Dec 2025 15:00:00 GMT", "headline", None),
        ("unavailable_after: 2027-01-01", "full_text", None),
        ("unavailable_after: some day", "full_text", None),
    ],
)
def test_robots_rules_count_from_the_page_and_from_its_headers(rules, display, max_snippet):
    pages = [read(meta("robots", rules)), read(meta("ZisNews", rules)), read(robots=rules)]
    assert [(page.display, page.max_snippet) for page in pages] == [(display, max_snippet)] * 3
    for told in pages:
        assert told.display_reason.endswith(".") == (display != "full_text")


@pytest.mark.parametrize(
    ("header", "display"),
    [
        ("ZisNews: nosnippet", "headline"),
        ("zisnews: noarchive, nosnippet", "headline"),
        ("ZisNews/0.1: nosnippet", "headline"),
        ("*: nosnippet", "headline"),
        ("googlebot: nosnippet", "full_text"),
        ("googlebot: nosnippet, noarchive", "full_text"),
        ("googlebot: noindex, zisnews: noarchive", "excerpt"),
        ("otherbot: nosnippet\nnoarchive", "excerpt"),
        ("unavailable_after: 2025-12-31, nofollow", "headline"),
        ("googlebot: unavailable_after: 2025-12-31", "full_text"),
    ],
)
def test_rules_in_a_header_for_another_robot_are_none_of_ours(header, display):
    assert read(robots=header).display == display


@pytest.mark.parametrize("name", ["googlebot", "googlebot-news", "bingbot"])
def test_rules_in_a_page_for_another_robot_are_none_of_ours(name):
    assert read(meta(name, "nosnippet")).display == "full_text"


def test_a_hostile_header_is_cut():
    assert len(list(rules_for_us("a," * 1_000_000))) <= 1_000
    assert list(rules_for_us("max-snippet:" + "9" * 100)) == ["max-snippet:" + "9" * 100]
    assert read(robots="max-snippet:" + "9" * 100).display == "excerpt"


def test_sections_that_may_not_be_quoted_are_left_out():
    secret = "Only those who come to our site shall read this sentence about the harbour and its lock."
    told = read("", PARAGRAPH, f"<span data-nosnippet>{secret}</span> {PARAGRAPH}", PARAGRAPH)
    assert "harbour council" in told.text
    assert secret not in told.text
    assert secret not in told.html


# Marks of paywalls


def json_ld(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "A headline", **fields}
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


@pytest.mark.parametrize("said", [False, "False", "false", "https://schema.org/False", [False], "no"])
def test_an_article_that_is_not_free_is_shown_by_an_excerpt(said):
    told = read(json_ld(isAccessibleForFree=said))
    assert (told.display, "not free" in told.display_reason) == ("excerpt", True)


def test_an_article_of_which_a_part_is_not_free_is_shown_by_an_excerpt():
    part = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paywall"}
    for parts in (part, [part]):
        assert read(json_ld(isAccessibleForFree=True, hasPart=parts)).display == "excerpt"


@pytest.mark.parametrize("said", [True, "True", "true", "https://schema.org/True", None, {"a": 1}])
def test_an_article_that_is_free_is_shown_in_full(said):
    assert read(json_ld(isAccessibleForFree=said)).display == "full_text"


def test_another_article_that_is_listed_beside_it_and_is_not_free_takes_nothing_from_it():
    other = {
        "@type": "NewsArticle",
        "headline": "Elsewhere",
        "url": "https://paper.example/2",
        "isAccessibleForFree": False,
    }
    scripts = json_ld(url=URL) + f"<script type='application/ld+json'>{json.dumps(other)}</script>"
    assert read(scripts).display == "full_text"


@pytest.mark.parametrize(
    ("head", "display"),
    [
        ('<meta property="article:content_tier" content="locked">', "excerpt"),
        ('<meta property="article:content_tier" content="Metered">', "excerpt"),
        ('<meta property="article:content_tier" content="free">', "full_text"),
        ('<meta itemprop="isAccessibleForFree" content="False">', "excerpt"),
        ('<meta itemprop="isAccessibleForFree" content="true">', "full_text"),
        (meta("isPremium", "1"), "excerpt"),
        (meta("isPremium", "0"), "full_text"),
        (meta("paywall", "true"), "excerpt"),
    ],
)
def test_other_marks_of_paywalls_are_known(head, display):
    assert read(head).display == display


# Reservations of text and data mining

POLICY = "https://paper.example/terms.json"


@pytest.mark.parametrize(
    ("reserved", "head", "display"),
    [
        (Reservation(), "", "full_text"),
        (Reservation(True), "", "excerpt"),
        (Reservation(False), "", "full_text"),
        (Reservation(), meta("tdm-reservation", "1"), "excerpt"),
        (Reservation(False), meta("tdm-reservation", "1"), "excerpt"),
        (Reservation(True), meta("tdm-reservation", "0"), "full_text"),
        (Reservation(True), meta("tdm-reservation", "perhaps"), "excerpt"),
    ],
)
def test_what_is_reserved_is_shown_by_an_excerpt_and_the_page_itself_has_the_last_word(reserved, head, display):
    told = read(head, reserved=reserved)
    assert (told.display, "TDMRep" in told.display_reason) == (display, display == "excerpt")


def test_the_terms_of_a_reservation_are_shown_to_curators():
    assert POLICY in read(meta("tdm-reservation", "1") + meta("tdm-policy", POLICY)).display_reason
    assert POLICY in read(reserved=Reservation(True, POLICY)).display_reason


def test_of_several_wishes_the_strictest_counts_and_all_reasons_are_told_it_first():
    told = read(
        meta("robots", "noarchive, max-snippet:90") + json_ld(isAccessibleForFree=False),
        robots="nosnippet",
        reserved=Reservation(True),
    )
    assert (told.display, told.max_snippet) == ("headline", 90)
    assert told.display_reason.startswith("The page asks that no part of its text be shown (nosnippet).")
    for word in ("max-snippet:90", "noarchive", "isAccessibleForFree", "TDMRep"):
        assert told.display_reason.count(word) == 1
