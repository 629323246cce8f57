import pytest

from feeds.pages.headings import Heading
from feeds.pages.titles import headline

BRIDGE = "Bridge reopens after repairs"


def seen(*texts: str, is_sure: bool = False) -> list[Heading]:
    return [Heading(text, is_sure=is_sure, is_site=False) for text in texts]


@pytest.mark.parametrize(
    ("title", "without_site"),
    [
        (f"{BRIDGE} | Paper", BRIDGE),
        (f"{BRIDGE} - Paper | Coast", BRIDGE),
        (f"{BRIDGE} - Coast - Paper", BRIDGE),
        (f"{BRIDGE} | paper.example", BRIDGE),
        (f"{BRIDGE} | Not of the paper", f"{BRIDGE} | Not of the paper"),
    ],
)
def test_a_sites_name_is_taken_off_with_the_section_beside_it(title, without_site):
    assert headline([], [], [title], site_names=["Paper", "paper.example"]) == without_site


def test_a_sites_name_may_stand_in_its_logo_only():
    logo = Heading("Paper - of the coast", is_sure=True, is_site=True)
    assert headline([logo], [], ["Bridge opens - Paper - of the coast"]) == "Bridge opens"


def test_a_heading_confirmed_by_another_title_wins():
    told = ["Why the bridge matters", f"{BRIDGE} | Paper"]
    assert headline(seen("More news of the day", BRIDGE), told[:1], told[1:], site_names=["Paper"]) == BRIDGE


def test_a_heading_that_begins_a_longer_title_is_the_headline():
    assert headline(seen("All bridges and ferries", BRIDGE), [], [f"{BRIDGE} - The great guide to the coast"]) == BRIDGE


def test_a_sure_heading_wins_over_titles_that_say_something_else():
    told = ["What a closed road did to a town on the coast"] * 2
    assert headline(seen(BRIDGE, is_sure=True), [], told) == BRIDGE
    assert headline(seen(BRIDGE, "More news", is_sure=False), [], told) == told[0]


def test_titles_that_are_unanimous_win_over_a_heading_if_json_ld_is_among_them():
    told = "Harbour bridge reopens after repairs"
    assert headline(seen(BRIDGE, is_sure=True), [told], [told, f"{told} | Coast"]) == told
    assert headline(seen(BRIDGE, is_sure=True), [], [told, told, told]) == BRIDGE


def test_titles_that_are_all_alike_win_over_a_heading_that_is_like_none_of_them():
    live = "Ferry stops; mayor asks for patience; first cars expected at noon"
    told = ["Bridge on the coast: news and background", "Bridge on the coast: all news and background"]
    assert headline(seen(live, is_sure=True), told[:1], [*told[1:], told[0]]) == told[0]
    assert headline(seen(live, is_sure=True), told[:1], [*told[1:], "What a closed road does to a town"]) == live


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([BRIDGE, BRIDGE], BRIDGE),
        ([BRIDGE, f"Coast: {BRIDGE}", f"Coast: {BRIDGE}"], f"Coast: {BRIDGE}"),
        ([BRIDGE, f"Coast - {BRIDGE}", f"Coast - {BRIDGE}"], f"Coast - {BRIDGE}"),
    ],
)
def test_a_kicker_stays_where_most_titles_have_it_and_is_parted_as_they_part_it(told, expected):
    assert headline(seen(f"Coast {BRIDGE}"), [], told) == expected


def test_the_kind_of_an_article_is_no_part_of_its_title():
    assert headline(seen(f"{BRIDGE} | Editorial"), [], [f"{BRIDGE} | Editorial"]) == BRIDGE
    long = f"{BRIDGE} | How to get there now"
    assert headline(seen(long), [], [long]) == long


def test_entities_and_soft_hyphens_are_read():
    assert headline([], ["Bridge&#039;s re\xadpairs &amp;amp; costs"], []) == "Bridge's repairs &amp; costs"
