"""The main pages in a real browser: nothing sticks out, nothing is refused, nothing keeps anybody out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route, expect

from feeds.models import CATEGORY_NAMES, Category
from tests.browsers import RULES_OF_A_WINDOW, WCAG, arrived, assert_axe_is_content, go_by
from tests.factories import give_picture, make_article, make_source, make_story
from zisnews.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

STATIC = Path(settings.BASE_DIR) / "static"
# 640: a desktop whose reader zooms to 200 %.
SIZES = {
    "desktop": (1280, 900),
    "tablet": (768, 1024),
    "zoomed": (640, 450),
    "phone": (390, 844),
    "small phone": (320, 640),
}
SHIFTS = (
    "window.moved = 0; new PerformanceObserver(list => {"
    "  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;"
    "}).observe({type: 'layout-shift', buffered: true});"
)
ADDRESSES = [
    "/",
    "/latest/",
    "/category/politics/",
    "/category/politics/?tab=latest",
    "/country/",
    "/country/ru/",
    "/source/",
    "/source/rt/",
    "{article}",
    "{story}",
    "/stories/",
    "{story}?tab=all",
    "/search/",
    "/search/?q=talks",
    "/search/?q=zzqqxx",
    "/about/",
    "/terms/",
    "/app/",
    "/offline/",
    "/sources-policy/",
    "/privacy/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]


@pytest.fixture
def site(live_server, transactional_db, categories) -> "Site":
    """A served site with a story that four countries tell, in four scripts, with and without pictures."""
    headlines = {
        "RU": ("en", "EU seeks figurehead for Russia talks amid isolation fears"),
        "FR": ("fr", "Paris et Rome plaident pour un canal direct avec Moscou"),
        "AE": ("ar", "العواصم الأوروبية تدرس تعيين مبعوث خاص للمحادثات مع روسيا"),
        "JP": ("ja", "欧州、ロシアとの対話に特使任命を検討"),
    }
    told = []
    for iso, (language, title) in headlines.items():
        source = make_source(country=iso, slug="rt" if iso == "RU" else f"paper-{iso.lower()}", language=language)
        text = "The committee met for the third day in a row without agreeing on a date. " * 12
        told.append(
            make_article(
                source=source, title=title, category="politics", description=text[:200], text=text,
                html=f"<p>{text}</p><blockquote>{text[:80]}</blockquote><ul><li>{text[:40]}</li></ul>"
                f'<p><a href="https://paper.example/{"x" * 200}">https://paper.example/{"x" * 200}</a></p>',
                author="Maria Keller", tags=["talks", "Unabhängigkeitserklärungsdebatten" * 3],
                picture_caption="The valley", picture_credit="Agency",
            )
        )  # fmt: skip
    story = make_story(told_by=tuple(told), category="politics")
    for number in range(9):
        article = make_article(title=f"Vote {number} in the " + "very " * number + "long night", category="politics")
        if number % 2:
            give_picture(article, width=[1280, 640][number % 4 == 1], height=800)
    give_picture(told[0])
    return Site(live_server.url, told[0].get_absolute_url(), story.get_absolute_url())


class Site:
    """Where the pages are."""

    def __init__(self, url: str, article: str, story: str) -> None:
        self.url, self.article, self.story = url, article, story

    def __call__(self, address: str) -> str:
        return self.url + address.format(article=self.article, story=self.story)


@pytest.fixture
def categories(transactional_db) -> None:
    """The shelves of the first migration, which a test that empties tables takes away."""
    for position, slug in enumerate(CATEGORY_NAMES):
        Category.objects.get_or_create(slug=slug, defaults={"position": position})


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser's console says: errors of scripts, refused resources, violations of the policy."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard


def test_nothing_moves_when_pictures_and_typefaces_arrive_nothing_sticks_out_and_the_console_stays_silent(
    page: Page, site: Site, complaints: list[str]
):
    """Each page is loaded on a phone and on a desktop, then made as wide as every other window, in both directions."""
    page.add_init_script(SHIFTS)
    for width, height in (SIZES["phone"], SIZES["desktop"]):
        for address in ADDRESSES:
            page.set_viewport_size({"width": width, "height": height})
            answer = page.goto(site(address))
            assert answer and answer.status == 200, address
            page.evaluate("scrollTo(0, document.body.scrollHeight)")  # for the pictures that wait until they are near
            arrived(page).wait_for_load_state("networkidle")
            assert page.evaluate("window.moved") <= 0.02, f"{address} at {width}"
            assert complaints == [], address
            for other_width, other_height in SIZES.values() if width == SIZES["desktop"][0] else []:
                page.set_viewport_size({"width": other_width, "height": other_height})
                for direction in ("ltr", "rtl"):
                    page.evaluate("direction => { document.documentElement.dir = direction }", direction)
                    where = f"{address} is wider than {other_width}, {direction}"
                    assert page.evaluate("document.documentElement.scrollWidth") <= other_width, where


def test_a_page_asks_nobody_else_for_anything(page: Page, site: Site):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(site("{article}"), wait_until="networkidle")

    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []
    in_one_file = re.findall(r'@import "(.+?)"', (STATIC / "css" / "zis.css").read_text())  # once collected
    assert len([url for url in asked if not url.endswith(tuple(in_one_file))]) <= 25


def test_axe_finds_nothing_that_keeps_anybody_out(page: Page, site: Site):
    for address in ADDRESSES:
        page.goto(site(address))
        for size, theme, rules in (("phone", "dark", RULES_OF_A_WINDOW), ("desktop", "light", WCAG)):
            page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
            page.emulate_media(color_scheme=theme)
            # axe is put into the page by the debugger, which the policy on inline script does not concern
            assert_axe_is_content(page, f"{address} on a {size}, {theme}", options={"runOnly": rules})


def test_the_keyboard_reaches_the_content_first(page: Page, site: Site):
    page.goto(site("/"))

    arrived(page).keyboard.press("Tab")
    skip = page.locator(":focus")

    expect(skip).to_have_text("Skip to the content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


def test_targets_are_large_enough_for_a_finger(page: Page, site: Site):
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/", "{article}", "/accounts/login/"):
        page.goto(site(address))
        small = page.eval_on_selector_all(
            "button, select, .button, .nav a, .tabs a, .more, .footer nav a, input:not([type=hidden], [type=checkbox])",
            "found => found.filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.5)"
            ".map(one => one.outerHTML)",
        )
        assert small == [], address


def test_pages_read_well_without_javascript(browser: Browser, site: Site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(site("/"))
    expect(page.locator(".telling")).to_have_count(3)
    go_by(page.locator(".lead .headline a").first)
    expect(page.get_by_role("heading", name="How other countries tell it")).to_be_visible()
    expect(page.locator("[data-enhancement]:visible")).to_have_count(0)
    page.select_option("select[name=time_zone]", "Asia/Kolkata")
    go_by(page.get_by_role("button", name="Set the time zone"))
    expect(page.locator(".byline")).to_contain_text("IST")
    go_by(page.get_by_role("button", name="Dark", exact=True))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()


def test_the_devices_zone_becomes_the_pages_on_the_first_visit(browser: Browser, site: Site):
    context = browser.new_context(timezone_id="Asia/Kolkata")
    page = context.new_page()

    page.goto(site("{article}"))
    expect(page.locator(".byline")).to_contain_text("IST")

    assert {cookie["name"]: cookie["value"] for cookie in context.cookies()}["tz"] in {"Asia/Kolkata", "Asia/Calcutta"}
    page.goto(site("{article}"))
    expect(page.locator(".byline")).to_contain_text("IST")
    context.close()


def test_a_zone_chosen_in_the_footer_stands_though_the_device_says_another(browser: Browser, site: Site):
    context = browser.new_context(timezone_id="Asia/Kolkata")
    page = context.new_page()
    asked_anew: list[Route] = []

    def hold_what_is_asked_anew(route: Route) -> None:
        if route.request.headers.get("purpose") == "prefetch":
            asked_anew.append(route)
        else:
            route.continue_()

    page.route("**/*", hold_what_is_asked_anew)
    with page.expect_request(lambda request: request.headers.get("purpose") == "prefetch"):
        page.goto(site("/"))
    expect(page.locator("html")).to_have_attribute("data-zone", re.compile("Asia/"))

    page.select_option("select[name=time_zone]", "Europe/Paris")
    asked_anew[0].continue_()
    expect(page.locator("main time[title*=IST]").first).to_be_attached()
    go_by(page.get_by_role("button", name="Set the time zone"))
    page.goto(site("{article}"))

    expect(arrived(page).locator(".byline time").first).to_contain_text("CE")
    context.close()


def test_a_theme_is_taken_without_a_reload_and_kept(page: Page, site: Site):
    page.goto(site("/"))
    arrived(page).evaluate("window.notReloaded = true")

    page.get_by_role("button", name="Dark", exact=True).click()

    expect(page.locator("body")).to_have_css("background-color", "rgb(20, 22, 26)")
    assert page.evaluate("window.notReloaded")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_text_grows_and_stays_large(page: Page, site: Site):
    page.goto(site("{article}"))
    size = "parseFloat(getComputedStyle(document.querySelector('.body')).fontSize)"
    before = arrived(page).evaluate(size)

    page.get_by_role("button", name="Larger text").click()
    assert wait_until(lambda: page.evaluate(size) > before, 30)
    page.reload()
    assert page.evaluate(size) > before


def test_the_first_sheet_of_a_printed_front_page_holds_the_lead(page: Page, site: Site):
    page.set_viewport_size({"width": 640, "height": 900})
    page.goto(site("/"))
    page.emulate_media(media="print")

    lead = page.locator(".lead")

    expect(lead).to_have_css("display", "block")


def test_numbers_of_sources_keep_their_unit_on_a_phone(page: Page, site: Site):
    page.goto(site("/source/"))
    unit = page.locator(".directory .unit").first

    expect(unit).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(unit).to_be_visible()


@pytest.mark.parametrize("language", ["ar", "de", "hy", "ru"])
def test_no_language_makes_a_page_wider_than_a_small_phone(browser: Browser, site: Site, language: str):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    context.add_cookies([{"name": "language", "value": language, "url": site.url}])
    page = context.new_page()
    for address in ("/", "{article}", "{story}", "/search/?q=talks", "/source/", "/country/", "/accounts/signup/"):
        page.goto(site(address))
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert arrived(page).evaluate("document.documentElement.scrollWidth") <= 320, address
    context.close()


def test_no_point_between_facts_stays_behind_at_the_end_of_a_line(page: Page, site: Site):
    """A blank at the end of a line has no width; the point drawn on it goes with it."""
    behind = """() => [...document.querySelectorAll('.dot')].filter(dot => {
        const [point, next] = [dot.getBoundingClientRect(), dot.nextElementSibling?.getClientRects()[0]];
        return dot.checkVisibility() && point.width > 0 && next && next.top > point.bottom - 2;
    }).map(dot => dot.parentElement.textContent)"""
    points = 0
    for address in ("/", "/latest/", "{article}"):
        page.goto(site(address))
        arrived(page)
        for width in (390, 320, 280):
            page.set_viewport_size({"width": width, "height": 844})
            points += page.locator(".dot").count()
            assert page.evaluate(behind) == [], f"{address} at {width}"
    assert points
