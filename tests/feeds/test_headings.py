import pytest
from lxml.html import document_fromstring

from feeds.pages.headings import headings_of


def texts(markup: str) -> list[str]:
    return [heading.text for heading in headings_of(document_fromstring(f"<html><body>{markup}</body></html>"))]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<span class=art__kicker>On the coast</span> <span>Bridge reopens after repairs</span>", "Bridge reopens"),
        ("<span class='label blue'>News</span>Bridge reopens after repairs", "Bridge reopens"),
        ("<span>On the coast</span><i aria-hidden=true> – </i><span>Bridge reopens after repairs</span>", "Bridge"),
        ("<span class=kicker>On the coast:</span> Bridge reopens after repairs", "On the coast: Bridge"),
        ("<span class=kicker>On the coast</span><i>: </i>Bridge reopens after repairs", "On the coast: Bridge"),
        ("<em>On the coast</em> a bridge reopens after repairs", "On the coast a bridge"),
        ("<span class=kicker>Bridge reopens after repairs</span>", "Bridge reopens after repairs"),
    ],
)
def test_a_kicker_is_no_part_of_a_headline_unless_a_colon_makes_it_one(markup, text):
    (found,) = texts(f"<h1>{markup}</h1>")
    assert found.startswith(text)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<nav><ol><li><h1>Coast</h1></ol></nav>",
        "<aside><h1>Coast</h1></aside>",
        "<div class=page-breadcrumbs><span><h1>Coast</h1></span></div>",
        "<h1 class=topbar__logo>Coast</h1>",
        "<div class=login-modal><h1>Coast</h1></div>",
    ],
)
def test_a_heading_beside_the_article_is_no_headline(elsewhere):
    assert texts(f"{elsewhere}<h1>Bridge reopens</h1>") == ["Bridge reopens"]
    assert texts(f"{elsewhere}<article><h2>Bridge reopens</h2></article>") == ["Bridge reopens"]


def test_a_form_around_the_whole_page_hides_no_headline():
    assert texts("<form><h1>Bridge reopens</h1></form>") == ["Bridge reopens"]


@pytest.mark.parametrize(
    ("markup", "is_sure"),
    [
        ("<h1 itemprop=headline>Open again</h1><h1>More of this</h1>", True),
        ("<article><header><h1>Open again</h1></header></article><h1>More of this</h1>", True),
        ("<main><h1 class=news__hero__title>Open again</h1></main>", True),
        ("<h1>The bridge is open again</h1>", True),
        ("<h1>Open again</h1>", False),
        ("<h1>The bridge is open again</h1><h1>More of this</h1>", False),
        ("<main><h2>The bridge is open again</h2></main>", False),
    ],
)
def test_a_heading_is_sure_where_the_markup_tells_that_it_is_the_headline(markup, is_sure):
    assert headings_of(document_fromstring(markup))[0].is_sure == is_sure


def test_a_heading_that_leads_home_is_the_sites_name():
    found = headings_of(document_fromstring("<h1><a href='/'>Paper</a></h1><h1><a href='/2026/bridge'>Bridge</a></h1>"))
    assert [heading.is_site for heading in found] == [True, False]
