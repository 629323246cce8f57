"""Which of the pictures a page tells of leads its article."""

from datetime import UTC, datetime

import pytest

from feeds.candidates import MAX_CANDIDATES, in_order, size_of
from feeds.extraction import extract
from feeds.items import Picture

NOW = datetime(2026, 11, 21, tzinfo=UTC)
URL = "https://paper.example/news/bridge"
TEXT = "".join(f"<p>Sentence {n} of the article tells how the harbour bridge was mended.</p>" for n in range(9))


def pictures(head: str = "", body: str = "") -> list[str]:
    """The paths of the lead picture and those in reserve."""
    html = f"<html><head>{head}</head><body><article><h1>Bridge</h1>{body}{TEXT}</article></body></html>"
    page = extract(html.encode(), url=URL, now=NOW)
    return [one.url.removeprefix("https://paper.example") for one in (page.image, *page.spare_images) if one]


def og(path: str, width: int | None = None) -> str:
    size = f'<meta property="og:image:width" content="{width}">' if width else ""
    return f'<meta property="og:image" content="{path}">{size}'


def figure(path: str, attributes: str = "", caption: str = "The lock at dawn") -> str:
    return f'<figure><img src="{path}" {attributes}><figcaption>{caption}</figcaption></figure>'


def test_the_picture_told_for_sharing_leads_and_the_figures_stand_in_reserve():
    assert pictures(og("/i/shared-01.jpg"), figure("/i/inside-02.jpg")) == ["/i/shared-01.jpg", "/i/inside-02.jpg"]


def test_a_large_figure_beats_a_small_shared_picture():
    found = pictures(og("/i/small-001.jpg", 240), figure("/i/large-002.jpg", 'width="1200" height="800"'))
    assert found == ["/i/large-002.jpg", "/i/small-001.jpg"]


def test_of_two_large_ones_the_nearer_to_the_top_wins_not_the_larger():
    first, second = figure("/i/first-001.jpg", "width=900"), figure("/i/second-02.jpg", "width=2400")
    assert pictures("", first + second) == ["/i/first-001.jpg", "/i/second-02.jpg"]


@pytest.mark.parametrize(
    "path",
    [
        "/i/logo.png",
        "/static/og-default.jpg",
        "/i/placeholder-wide.jpg",
        "/img/no-image.png",
        "/images/default_share.jpg",
        "/i/mark.svg",
        "/i/bridge-100x75.jpg",
        "/i/banner-1456x180.jpg",
    ],
)
def test_logos_stand_ins_icons_and_strips_do_not_lead(path):
    assert pictures(og(path), figure("/i/the-bridge.jpg")) == ["/i/the-bridge.jpg"]


def test_words_that_only_look_like_a_logos_do_not_cost_a_picture():
    assert pictures(og("/i/blogger-on-the-bridge.jpg")) == ["/i/blogger-on-the-bridge.jpg"]
    assert pictures(og("/i/defaulting-banks.jpg")) == ["/i/defaulting-banks.jpg"]


def test_a_picture_shared_small_is_taken_in_the_size_the_page_shows():
    sizes = ("320x200", "1280x800", "4096x2560")
    offered = ", ".join(f"/i/harbour-bridge-{size}.jpg {size.partition('x')[0]}w" for size in sizes)
    found = pictures(
        og("/i/harbour-bridge-320x200.jpg"), figure("/i/harbour-bridge-320x200.jpg", f'srcset="{offered}"')
    )
    assert found == ["/i/harbour-bridge-1280x800.jpg"]


def test_a_shared_picture_that_is_large_enough_is_not_changed_for_a_larger():
    found = pictures(og("/i/harbour-bridge.jpg", 1200), figure("/i/harbour-bridge-2400x1600.jpg"))
    assert found == ["/i/harbour-bridge.jpg"]


def test_without_a_told_picture_the_first_large_one_in_the_text_leads():
    body = '<p><img src="/i/bridge-in-rain.jpg" width="980" height="600"></p>'
    assert pictures("", body) == ["/i/bridge-in-rain.jpg"]


@pytest.mark.parametrize(
    "body",
    [
        '<p><img src="/i/bridge-in-rain.jpg"></p>',
        '<a href="/other-story"><img src="/i/other-story-teaser.jpg" width="980"></a>',
        '<aside><img src="/i/advertisement.jpg" width="980"></aside>',
    ],
)
def test_teasers_and_pictures_of_no_told_size_do_not_lead(body):
    assert pictures("", body) == []


def test_the_picture_element_offers_its_sources():
    body = (
        '<picture><source srcset="/i/bridge-long-name-1200.webp 1200w"><img src="/i/bridge-long-name-300.jpg" '
        'width="300"></picture>'
    )
    assert pictures("", f"<figure>{body}<figcaption>The lock</figcaption></figure>") == [
        "/i/bridge-long-name-1200.webp"
    ]


def test_styles_and_labels_are_no_words_of_a_caption():
    caption = "<style>.css-1{color:red}</style>The lock <span class=credit>Credit</span>: <b>A. Lens</b>"
    html = (
        f"<html><body><article><h1>Bridge</h1>{figure('/i/bridge-01.jpg', '', caption)}{TEXT}</article></body></html>"
    )
    page = extract(html.encode(), url=URL, now=NOW)
    assert page.image
    assert "css-1" not in page.image.caption
    assert page.image.credit != "Credit"


@pytest.mark.parametrize(
    ("url", "size"),
    [
        ("https://p.example/a-1024x768.jpg", (1024, 768)),
        ("https://p.example/resizer/640x0/a.jpg", (640, None)),
        ("https://p.example/a.jpg?w=640&h=380", (640, None)),
        ("https://p.example/a.jpg?resize=900%2C600", (900, 600)),
        ("https://p.example/w_1280,c_limit/a.jpg", (1280, None)),
        ("https://p.example/2026/11/21/a.jpg", (None, None)),
        ("https://p.example/a.jpg?rect=3%2C577%2C5497%2C3090", (None, None)),
    ],
)
def test_an_address_may_tell_the_size(url, size):
    assert size_of(Picture(url)) == size


def test_the_smaller_of_a_told_and_a_hinted_size_counts():
    assert size_of(Picture("https://p.example/a.jpg?imwidth=680", width=2500, height=1500)) == (680, None)


def test_no_more_are_kept_in_reserve_than_are_worth_asking_for():
    told = [Picture(f"https://p.example/picture-number-{letter}.jpg") for letter in "abcdefghij"]
    assert in_order(told) == told[:MAX_CANDIDATES]


def test_one_picture_told_twice_has_the_words_of_both():
    one = Picture("https://p.example/harbour-bridge.jpg", credit="A. Lens", width=1200)
    other = Picture("https://p.example/harbour-bridge-640x400.jpg", caption="The lock")
    (found,) = in_order([one, other])
    assert (found.url, found.caption, found.credit) == (one.url, "The lock", "A. Lens")
