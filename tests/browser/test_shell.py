"""The frame of every page in a real browser: theme, menus, toasts, older pages in place, and no network."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings as site_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browsers import arrived, assert_axe_is_content_in_both_themes, go_by
from tests.factories import make_article, make_reader, make_source
from zisnews.pagination import PAGE_SIZE
from zisnews.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

SHOWN = "document.querySelectorAll('ul.rows > li').length"
PAPER = "getComputedStyle(document.body).backgroundColor"
DARK = "rgb(20, 22, 26)"
# Where the list stands is remembered when scrolling has ended.
KEEPS_ITS_PLACE = """() => {
    const kept = history.state?.place;
    const row = kept && document.querySelector(`ul.rows [data-article="${kept.article}"]`);
    return scrollY > 0 && Boolean(row) && Math.abs(row.getBoundingClientRect().top - kept.offset) < 1;
}"""


@pytest.fixture
def long_list(live_server, transactional_db) -> str:
    """The address of a list of three pages."""
    source = make_source()
    for number in range(2 * PAGE_SIZE + 5):
        make_article(source=source, title=f"Vote {number}", text="Text. " * 80, minutes_ago=number + 1)
    return f"{live_server.url}/latest/"


def test_older_articles_are_put_below_spoken_and_focused(page: Page, long_list: str):
    page.goto(long_list)
    arrived(page).get_by_role("link", name="Older").click()

    expect(page.locator("ul.rows > li")).to_have_count(2 * PAGE_SIZE)
    expect(page.get_by_role("link", name=f"Vote {PAGE_SIZE}", exact=True)).to_be_focused()
    expect(page.locator("#toasts")).to_contain_text("Older articles stand below now.")
    assert page.url == long_list
    page.get_by_role("link", name="Older").click()
    expect(page.locator("ul.rows > li")).to_have_count(2 * PAGE_SIZE + 5)
    expect(page.get_by_role("link", name="Older")).to_have_count(0)


@pytest.mark.parametrize("has_page_cache", [True, False], ids=["page kept", "page not kept"])
def test_the_way_back_finds_the_list_as_it_was_left(browser: Browser, long_list: str, has_page_cache: bool):
    context = browser.new_context(viewport={"width": 1000, "height": 700})
    page = context.new_page()
    if not has_page_cache:
        page.add_init_script("addEventListener('unload', () => {})")  # a page that listens to this is not kept
    page.goto(long_list)
    arrived(page).get_by_role("link", name="Older").click()
    expect(page.locator("ul.rows > li")).to_have_count(2 * PAGE_SIZE)
    wanted = page.get_by_role("link", name=f"Vote {PAGE_SIZE + 12}", exact=True)
    wanted.scroll_into_view_if_needed()
    assert wait_until(lambda: page.evaluate(KEEPS_ITS_PLACE), 30)
    before = wanted.bounding_box()
    wanted.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Vote {PAGE_SIZE + 12}")

    page.go_back()

    expect(page.locator("ul.rows > li")).to_have_count(2 * PAGE_SIZE)
    expect(wanted).to_be_in_viewport()
    assert wait_until(lambda: abs(before["y"] - wanted.bounding_box()["y"]) < 3, 30)
    context.close()


def test_older_is_a_plain_link_without_javascript(browser: Browser, long_list: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(long_list)
    go_by(page.get_by_role("link", name="Older"))
    assert "after=" in page.url
    expect(page.get_by_role("link", name=f"Vote {PAGE_SIZE}", exact=True)).to_be_visible()
    context.close()


def test_older_leads_to_the_next_page_where_it_can_not_be_put_below(page: Page, long_list: str):
    page.goto(long_list)
    arrived(page).evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no network')); }")
    page.get_by_role("link", name="Older").click()
    expect(page).to_have_url(re.compile("after="))


@pytest.mark.parametrize("chosen", ["dark", "light"])
def test_a_chosen_theme_is_there_before_the_first_paint_and_without_scripts(browser: Browser, live_server, chosen: str):
    system = "light" if chosen == "dark" else "dark"
    context = browser.new_context(java_script_enabled=False, color_scheme=system)
    context.add_cookies([{"name": "theme", "value": chosen, "url": live_server.url}])
    page = context.new_page()
    for address in ("/about/", "/no/such/page/"):
        page.goto(live_server.url + address)
        assert (page.evaluate(PAPER) == DARK) is (chosen == "dark"), address
    context.close()


def test_a_toast_is_in_a_live_region_can_be_undone_and_leaves(page: Page, live_server):
    page.clock.install()
    page.goto(live_server.url + "/about/")
    region = page.get_by_role("status").last
    say = """([text, undoable]) => import(document.querySelector("script[src*='/zis.']").src.replace('zis.', 'toast.'))
        .then(({say}) => say(text, {undo: undoable ? () => { document.title = 'undone'; } : undefined}))"""
    assert page.locator("#toasts").get_attribute("role") == "status"

    page.evaluate(say, ["Link copied", False])
    expect(region).to_contain_text("Link copied")
    page.clock.fast_forward(7_000)
    expect(region).to_be_empty()

    page.evaluate(say, ["Saved", True])
    page.clock.fast_forward(7_000)  # there is more time where something can be taken back
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_title("undone")
    expect(region).to_be_empty()


def test_the_account_menu_opens_without_scripts_and_closes_by_escape(browser: Browser, live_server):
    for has_scripts in (True, False):
        with browser.new_context(java_script_enabled=has_scripts) as context:
            sign_in(context, live_server.url)
            page = context.new_page()
            page.goto(live_server.url + "/about/")
            log_out = page.get_by_role("banner").get_by_role("link", name="Log out")
            expect(log_out).to_be_hidden()
            page.locator(".menu summary").focus()
            page.keyboard.press("Enter")
            expect(log_out).to_be_visible()
            if has_scripts:
                page.keyboard.press("Tab")
                page.keyboard.press("Escape")
                expect(log_out).to_be_hidden()
                expect(page.locator(".menu summary")).to_be_focused()


def sign_in(context: BrowserContext, address: str) -> None:
    client = Client()
    client.force_login(make_reader())
    name = site_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


IN_SIGHT = """() => [...document.querySelectorAll(".nav li a, .nav summary")].filter((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return one.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}).map((one) => one.textContent.trim())"""


@pytest.mark.parametrize("language", [code for code, _name in site_settings.LANGUAGES])
def test_the_sections_stand_in_one_line_and_the_others_behind_more(
    browser: Browser, live_server, transactional_db, language: str
):
    """Without a script; whoever goes on with the Tab key sees where they are."""
    with browser.new_context() as context:
        context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + "/category/opinion/")
        count = arrived(page).locator(".nav li").count()
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.locator(".nav").bounding_box()["height"] < 50, (language, width)
            shown, more = page.evaluate(IN_SIGHT), page.locator(".nav summary")
            fits = len(shown) == count
            assert fits == (width == 1280 and language != "hy"), (language, width, shown)
            assert page.locator(".nav [aria-current]").inner_text() in shown
            if not fits:
                assert more.inner_text() in shown
                more.click()
                assert len(page.evaluate(IN_SIGHT)) == count + 1, (language, width)
                more.click()
        page.locator(".nav li a").last.focus()
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.textContent") in page.evaluate(IN_SIGHT)


def test_axe_finds_nothing_in_what_lies_over_the_page_nor_on_pages_of_trouble(browser: Browser, live_server, settings):
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        sign_in(context, live_server.url)
        page = context.new_page()
        page.goto(live_server.url + "/about/")
        page.locator(".menu summary").click()
        assert_axe_is_content_in_both_themes(page, "an open menu")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert_axe_is_content_in_both_themes(page, "an open dialog")
        for address in ("/no/such/page/", "/offline/", "/preferences/"):
            page.goto(live_server.url + address)
            assert_axe_is_content_in_both_themes(page, address)
        settings.DEBUG = True
        page.goto(live_server.url + "/styleguide/")
        assert_axe_is_content_in_both_themes(page, "each component in each state")


def test_typefaces_that_come_late_move_nothing(page: Page, long_list: str):
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => {"
        "  for (const shift of list.getEntries()) window.moved += shift.value;"
        "}).observe({type: 'layout-shift', buffered: true});"
    )
    held: list[Route] = []
    is_late = False

    def hold(route: Route) -> None:
        held.append(route) if not is_late else route.continue_()

    page.route("**/*.woff2", hold)
    page.goto(long_list, wait_until="domcontentloaded")
    expect(page.locator("ul.rows > li").first).to_be_visible()
    before = page.evaluate("document.fonts.check('16px \"Zis Serif\"')")
    is_late = True
    for route in held:
        route.continue_()
    assert wait_until(lambda: page.evaluate("document.fonts.check('16px \"Zis Serif\"')"), 30)
    page.wait_for_timeout(300)

    assert not before
    assert page.evaluate("window.moved") < 0.02


@pytest.fixture
def offline_ready(browser: Browser, live_server) -> Iterator[Page]:
    """A page whose service worker is in place."""
    with browser.new_context() as context:
        page = context.new_page()
        for _visit in range(4):  # a browser that could not fetch all that the worker keeps tries again at the next page
            page.goto(live_server.url + "/about/")
            if wait_until(lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"), 15):
                break
        else:
            pytest.fail("The service worker never came.")
        yield page


def test_without_network_a_page_of_ours_says_so_and_the_network_brings_the_page(offline_ready: Page, live_server):
    page = offline_ready
    page.context.set_offline(True)
    page.goto(live_server.url + "/latest/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not connected.")
    assert page.url == live_server.url + "/latest/"
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Latest")


def test_the_worker_keeps_no_page_but_the_one_for_no_network(offline_ready: Page, live_server):
    page = offline_ready
    for address in ("/latest/", "/accounts/login/", "/"):
        page.goto(live_server.url + address)
    kept = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys()))))"
        ".then(found => found.flat().map(request => new URL(request.url).pathname))"
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]
