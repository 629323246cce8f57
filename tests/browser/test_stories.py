"""The pages of stories in a real browser: columns turned by a swipe, the timeline on a small phone, nobody kept out."""

from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from feeds.models import CATEGORY_NAMES, Category
from tests.aggregator.demo_stories import told_in_the_demo
from tests.browsers import RULES_OF_A_WINDOW, WCAG, arrived, assert_axe_is_content
from tests.factories import give_picture, make_article, make_source, make_story
from zisnews.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

COUNTRIES = {
    "RU": ("en", "EU seeks figurehead for Russia talks amid isolation fears"),
    "FR": ("fr", "Paris et Rome plaident pour un canal direct avec Moscou"),
    "AE": ("ar", "العواصم الأوروبية تدرس تعيين مبعوث خاص للمحادثات مع روسيا"),
    "JP": ("ja", "欧州、ロシアとの対話に特使任命を検討"),
    "AM": ("hy", "Եվրոպական մայրաքաղաքները քննարկում են հատուկ բանագնացի նշանակումը"),
}


@pytest.fixture
def story(live_server, transactional_db) -> str:
    """The address of a story that five countries tell, in five scripts; beside it what only one country tells."""
    for position, slug in enumerate(CATEGORY_NAMES):
        Category.objects.get_or_create(slug=slug, defaults={"position": position})
    told = []
    for number, (iso, (language, title)) in enumerate(COUNTRIES.items()):
        source = make_source(country=iso, language=language, name=f"The {iso} Courier of Record and Commerce")
        for again in range(1 + number % 2):
            told.append(
                make_article(
                    source=source,
                    title=title,
                    category="politics",
                    description=f"{title}. " * 4,
                    minutes_ago=700 - 130 * number - 20 * again,
                )
            )
    give_picture(told[0])
    alone = [
        make_article(country="KZ", title=f"Dam repairs {n}", category="business", minutes_ago=30) for n in range(3)
    ]
    make_story(told_by=tuple(alone), category="business")
    return live_server.url + make_story(told_by=tuple(told), category="politics").get_absolute_url()


def test_on_a_phone_a_swipe_turns_to_the_next_country(page: Page, story: str):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(story)
    sides, columns = arrived(page).locator(".sides"), page.locator(".side")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert columns.count() == len(COUNTRIES)
    assert columns.nth(1).bounding_box()["x"] < 310, "the next column's edge shows that there is more"
    sides.scroll_into_view_if_needed()
    sides.evaluate("element => element.scrollBy({left: 200, behavior: 'instant'})")

    def begin(number: int) -> int:
        return round(columns.nth(number).bounding_box()["x"])

    assert wait_until(lambda: begin(1) == 16, 30), f"the second column stands at the page's edge, not at {begin(1)}"
    assert begin(0) < 0


def test_the_keyboard_reaches_every_column_of_a_phone(page: Page, story: str):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(story)

    last = arrived(page).locator(".side").last.locator("h4 a").last
    last.focus()

    expect(last).to_be_in_viewport()


def test_a_flag_jumps_to_its_column(page: Page, story: str):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(story)

    arrived(page).locator('.jumps a[href="#jp"]').click()

    expect(page.locator("#jp")).to_be_in_viewport(ratio=0.5)
    expect(page.locator("#jp-name")).to_be_in_viewport()


def test_the_timeline_is_legible_and_whole_on_a_small_phone(page: Page, story: str):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(story)
    drawn = arrived(page).locator(".timeline > svg")
    frame = drawn.bounding_box()

    for mark in [*drawn.locator("circle").all(), *drawn.locator("text").all()]:
        box = mark.bounding_box()
        assert frame["x"] - 12 <= box["x"] and box["x"] + box["width"] <= 320
        assert frame["y"] <= box["y"] + 1 and box["y"] + box["height"] <= frame["y"] + frame["height"] + 12
    boxes = sorted((text.bounding_box() for text in drawn.locator("text").all()), key=lambda box: box["x"])
    assert len(boxes) >= 2 and all(box["height"] >= 10 for box in boxes)
    assert all(one["x"] + one["width"] < other["x"] for one, other in pairwise(boxes))
    lanes = [
        box["y"] + box["height"] / 2 for box in (flag.bounding_box() for flag in page.locator(".lanes .flag").all())
    ]
    lines = [box["y"] for box in (line.bounding_box() for line in drawn.locator(".lane > line").all())]
    assert len(lanes) == len(COUNTRIES)
    assert all(abs(flag - line) <= 3 for flag, line in zip(lanes, lines, strict=True)), "flags stand beside their lanes"


def test_the_timelines_list_opens_without_javascript(browser: Browser, story: str):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(story)

    page.locator(".timeline summary").click()

    expect(page.locator(".timeline details li")).to_have_count(len(COUNTRIES))
    expect(page.locator(".timeline details li").first).to_be_visible()
    context.close()


def test_on_paper_the_columns_stand_under_each_other(page: Page, story: str):
    page.set_viewport_size({"width": 600, "height": 800})
    page.goto(story)
    arrived(page).emulate_media(media="print")

    def tops() -> list[float]:
        return [column.bounding_box()["y"] for column in page.locator(".side").all()]

    assert wait_until(lambda: tops() == sorted(set(tops())), 30), tops()
    assert page.evaluate("document.documentElement.scrollWidth") <= 600


def test_axe_finds_nothing_on_the_pages_of_stories(page: Page, story: str, live_server):
    lists = [f"{live_server.url}/stories/", f"{live_server.url}/stories/?side=one", f"{live_server.url}/"]
    for address in [f"{story}?why", f"{story}?tab=all", *lists]:
        page.goto(address)
        arrived(page)
        for width, theme, rules in ((320, "dark", RULES_OF_A_WINDOW), (1280, "light", WCAG)):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert_axe_is_content(page, f"{address} at {width}, {theme}", options={"runOnly": rules})


def test_what_sets_sides_apart_is_opened_by_keyboard_and_fits_a_small_phone_without_javascript(
    browser: Browser, live_server, transactional_db
):
    for position, slug in enumerate(CATEGORY_NAMES):
        Category.objects.get_or_create(slug=slug, defaults={"position": position})
    address = live_server.url + told_in_the_demo("accelerator-export-rule").get_absolute_url()
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(address)

    first = page.locator("#words .figure").first
    first.locator("summary").focus()
    page.keyboard.press("Enter")

    expect(first.locator(".sentences li").first).to_be_visible()
    context.close()
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page = context.new_page()
    for query in ("", "?a=US&b=CN"):
        page.goto(address + query)
        arrived(page).evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, query
        assert_axe_is_content(page, options={"runOnly": WCAG})
    names = page.locator(".whose")
    names.nth(4).scroll_into_view_if_needed()
    page.mouse.wheel(0, 200)
    expect(names.nth(4)).to_be_in_viewport()
    context.close()
