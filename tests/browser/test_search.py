"""The search page in a real browser: wide, narrow, dark, right to left, without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from aggregator.search import documents
from feeds.models import CATEGORY_NAMES, Category
from tests.browsers import arrived, assert_axe_is_content_in_both_themes, go_by
from tests.factories import give_picture, make_article, make_source, make_story

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESSES = [
    "/search/",
    "/search/?q=flood",
    "/search/?q=flood&sort=date&country=fr&from=2020-01-01",
    "/search/?q=flood+a*+%22open",
    "/search/?q=nothing&country=fr",
    "/search/?q=" + "w" * 90,
]


@pytest.fixture
def site(live_server, transactional_db) -> str:
    """A served site with articles of several countries and scripts that all tell of a flood."""
    for position, slug in enumerate(CATEGORY_NAMES):
        Category.objects.get_or_create(slug=slug, defaults={"position": position})
    told = []
    for number, (iso, language) in enumerate({"FR": "fr", "AE": "ar", "JP": "ja", "GB": "en"}.items()):
        source = make_source(country=iso, language=language, name=f"Flood and {'Long' * 12} Name {number}")
        text = "The committee met for the third day. " * 20 + "Then the flood — سيول, 洪水 — came. " + "After. " * 40
        told.append(make_article(source=source, title=f"Flood {number} سيول 洪水 in the valley", text=text))
    make_story(told_by=tuple(told[:2]))
    give_picture(told[2])
    for number in range(30):
        told.append(make_article(title=f"Flood of the {'very ' * (number % 9)}night {number}", minutes_ago=number + 9))
    documents.renew(told)
    return live_server.url


def test_nothing_sticks_out(page: Page, site: str):
    for address in ADDRESSES:
        page.goto(site + address)
        arrived(page).eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        for width in (1280, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            for direction in ("rtl", "ltr"):
                page.evaluate(f"document.documentElement.dir = '{direction}'")
                where = f"{address} at {width}, {direction}"
                assert page.evaluate("document.documentElement.scrollWidth") <= width, where


def test_axe_finds_nothing(page: Page, site: str):
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ADDRESSES[:5]:  # the last one is only long
        page.goto(site + address)
        arrived(page).eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        assert_axe_is_content_in_both_themes(page)


def test_a_search_is_narrowed_and_widened_without_javascript(browser: Browser, site: str):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site + "/search/")

    page.get_by_role("searchbox").fill('flood "the valley"')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main mark").first).to_be_visible()
    page.locator("summary", has_text="Filters").click()
    page.get_by_label("Country").select_option("jp")
    go_by(page.get_by_role("button", name="Apply"))
    expect(page.locator("[data-article]")).to_have_count(1)
    go_by(page.get_by_role("link", name="Japan (remove this filter)"))
    expect(page.locator("[data-article]")).to_have_count(3)
    page.context.close()


def test_more_results_come_in_place(page: Page, site: str):
    page.goto(site + "/search/?q=flood")
    assert 0 < arrived(page).locator("[data-article]").count() < 33

    page.get_by_role("link", name="More results").click()

    expect(page.locator("[data-article]")).to_have_count(33)
    assert len(set(page.locator("[data-article]").evaluate_all("all => all.map(one => one.dataset.article)"))) == 33
