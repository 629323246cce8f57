"""Ads in a real browser: closed by keyboard, nothing moves for them, nobody is kept out."""

import pytest
from playwright.sync_api import Browser, Page, expect

from feeds.models import CATEGORY_NAMES, Category
from tests.browsers import WCAG, arrived, assert_axe_is_content, assert_axe_is_content_in_both_themes, go_by
from tests.factories import make_ad, make_article, make_reader

pytestmark = pytest.mark.django_db(transaction=True)

SHIFTS = (
    "window.moved = 0; new PerformanceObserver(list => {"
    "  for (const shift of list.getEntries()) window.moved += shift.value;"
    "}).observe({type: 'layout-shift', buffered: true});"
)


@pytest.fixture
def site(live_server, transactional_db) -> str:
    for position, slug in enumerate(CATEGORY_NAMES):
        Category.objects.get_or_create(slug=slug, defaults={"position": position})
    for number in range(12):
        make_article(minutes_ago=number + 1, category="politics", description="What was said. " * 12)
    for slot in ("list", "sidebar", "overlay"):
        make_ad(slot, headline=f"Offer of the {slot}", text="What one gets for it. " * 8, advertiser="Corner Shop")
    return str(live_server.url)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_ads_move_nothing_stick_out_nowhere_and_keep_nobody_out(browser: Browser, site: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 720})
    context.add_init_script(SHIFTS)
    page = context.new_page()
    for address in ("/", "/latest/", "/country/"):
        page.goto(site + address, wait_until="networkidle")
        expect(page.locator("#over")).to_be_in_viewport()
        assert page.evaluate("window.moved") <= 0.001, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        if address == "/country/":  # the same slots once more
            continue
        if width == 1280:
            assert_axe_is_content(page, f"{address} at {width}", options={"runOnly": WCAG})
        elif width == 390:  # what is narrower is built alike
            assert_axe_is_content_in_both_themes(page, f"{address} at {width}", options={"runOnly": WCAG})
    context.close()


def test_the_overlay_is_closed_by_escape_and_by_its_button_and_stays_away(browser: Browser, site: str):
    for close in ("Escape", "Enter"):
        context = browser.new_context()
        page = context.new_page()
        page.goto(site + "/latest/")
        panel = arrived(page).locator("#over")
        expect(panel).to_be_visible()
        assert context.cookies() == [] or {cookie["name"] for cookie in context.cookies()} <= {"tz"}

        panel.get_by_role("button", name="Close the ad").focus()
        page.keyboard.press(close)

        expect(panel).to_have_count(0)
        expect(page.locator("#main")).to_be_focused()
        page.goto(site + "/")
        expect(page.get_by_text("Offer of the sidebar")).to_be_visible()
        expect(page.locator("#over")).to_have_count(0)
        context.close()


def test_what_the_tab_key_reaches_is_not_below_the_overlay(page: Page, site: str):
    page.set_viewport_size({"width": 390, "height": 720})
    page.goto(site + "/latest/")
    arrived(page)
    covered = """() => {
        const [focused, panel] = [document.activeElement, document.getElementById("over")];
        const [one, over] = [focused.getBoundingClientRect(), panel.getBoundingClientRect()];
        return !panel.contains(focused) && one.height > 0
            && one.top >= over.top && one.bottom <= over.bottom && one.left < over.right && one.right > over.left;
    }"""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert not page.evaluate(covered), page.evaluate("document.activeElement.outerHTML")


def test_without_javascript_the_overlay_stands_below_the_foot_and_can_be_closed(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/latest/")
    panel, foot = page.locator("#over").bounding_box(), page.locator(".footer").bounding_box()
    assert panel and foot and panel["y"] >= foot["y"] + foot["height"] - 1

    go_by(page.get_by_role("button", name="Close the ad"))

    assert page.url == site + "/latest/"
    expect(page.locator("#over")).to_have_count(0)
    context.close()


def test_who_is_logged_in_gets_a_page_without_any_trace_of_ads(browser: Browser, site: str, client):
    client.force_login(make_reader())
    context = browser.new_context()
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
    page = context.new_page()
    for address in ("/", "/latest/"):
        page.goto(site + address)
        expect(page.locator(".ad, .over, [rel*=sponsored]")).to_have_count(0)
    context.close()
