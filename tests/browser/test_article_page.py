"""The page of an article in a real browser: tables, text size, hints, sharing, other scripts, print."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from aggregator.models import Article
from feeds.sanitising import sanitise
from tests.browsers import arrived, assert_axe_is_content_in_both_themes, go_by
from tests.factories import make_article, make_source, make_story
from zisnews.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ROW = "<tr>" + "".join(f"<td>Party of valley {number}</td>" for number in range(9)) + "</tr>"
EVERYTHING = f"""
<p>The committee met. It is H<sub>2</sub>O, with <code>inline code</code> and <a href="https://p.example/{"x" * 150}">
https://p.example/{"x" * 150}</a>.</p><h4>A heading</h4><ul><li>One<ol><li>a</li></ol></li></ul>
<blockquote><p>The longest night.</p><blockquote><p>An answer.</p></blockquote></blockquote>
<table><caption>Votes by party</caption>{ROW * 3}</table><pre>{"return sum(count) " * 20}</pre>
<dl><dt>Term</dt><dd>Meaning</dd></dl>
<figure><img src="https://p.example/a.jpg"><figcaption>A valley</figcaption></figure>
<p>{"Donaudampfschifffahrt" * 9}</p>"""
ARABIC = sanitise(
    "<p>BBC قالت اللجنة إنها اجتمعت.</p><ul><li>البند الأول</li></ul><blockquote><p>كانت ليلة.</p></blockquote>"
)


@pytest.fixture
def show(live_server, transactional_db, page: Page) -> Callable[..., Article]:
    """A function that makes an article with these fields, opens its page and returns it."""

    def show(**fields) -> Article:
        fields.setdefault("html", sanitise(EVERYTHING))
        article = make_article(text="Words.", author="Maria Keller", tags=["talks"], view_count=1234, **fields)
        page.goto(live_server.url + article.get_absolute_url())
        arrived(page)
        return article

    return show


def width_of(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("size", ["medium", "largest"])
def test_nothing_in_a_text_sticks_out_whatever_its_size(page: Page, show, live_server, size):
    page.context.add_cookies([{"name": "text", "value": size, "url": live_server.url}])

    show()

    for direction in ("ltr", "rtl"):
        page.evaluate(f"document.documentElement.dir = '{direction}'")
        for width in (1280, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert width_of(page) <= width, direction


def test_a_wide_table_is_scrolled_by_keyboard_in_a_box_named_by_its_caption(page: Page, show):
    page.set_viewport_size({"width": 390, "height": 800})
    show()
    box = page.get_by_role("region", name="Votes by party")

    box.focus()
    page.keyboard.press("ArrowRight")

    assert wait_until(lambda: box.evaluate("box => box.scrollWidth > box.clientWidth && box.scrollLeft > 0"), 30)


def test_lines_hold_about_66_characters(page: Page, show):
    page.set_viewport_size({"width": 1280, "height": 800})
    show()

    characters = page.eval_on_selector(
        ".body",
        "body => { const ruler = document.createElement('span'); ruler.textContent = '0'.repeat(66);"
        " body.firstElementChild.append(ruler); ruler.style.whiteSpace = 'nowrap';"
        " return 66 * body.clientWidth / ruler.getBoundingClientRect().width }",
    )
    assert 60 <= characters <= 67


def test_text_goes_through_five_sizes_and_says_which(page: Page, show):
    show()
    larger, smaller = page.get_by_role("button", name="Larger text"), page.get_by_role("button", name="Smaller text")

    for step in (3, 4, 5):
        larger.click()
        expect(page.get_by_role("status").filter(has_text=f"Text size {step} of 5")).to_be_visible()
    expect(larger).to_have_attribute("aria-disabled", "true")
    larger.click(force=True)  # it stays where it is, and so does the focus
    expect(larger).to_be_focused()
    page.reload()
    expect(arrived(page).locator("html")).to_have_attribute("data-text", "largest")
    for _ in range(5):
        smaller.click(force=True)
    expect(page.locator("html")).to_have_attribute("data-text", "small")


def test_text_grows_without_javascript(browser: Browser, live_server, transactional_db):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    address = live_server.url + make_article(text="Words.").get_absolute_url()
    page.goto(address)

    go_by(page.get_by_role("button", name="Larger text"))

    assert page.url == address
    expect(page.locator("html")).to_have_attribute("data-text", "large")
    context.close()


def test_the_sources_own_time_shows_on_focus_and_goes_with_escape(page: Page, show):
    show(source=make_source(country="JP"))
    hint = page.locator(".own-time")
    assert hint.bounding_box()["width"] <= 1

    page.locator(".posted").focus()
    assert wait_until(lambda: hint.bounding_box()["width"] > 100, 30)
    expect(hint).to_contain_text("JST, Tokyo")
    page.keyboard.press("Escape")
    assert wait_until(lambda: hint.bounding_box()["width"] <= 1, 30)


def test_the_copied_link_is_told_to_who_listens(browser: Browser, live_server, transactional_db):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(live_server.url + make_article(text="Words.").get_absolute_url())

    arrived(page).get_by_role("button", name="Copy link").click()

    expect(page.get_by_role("status").filter(has_text="The link is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    context.close()


def test_sharing_opens_plain_links_and_the_systems_sheet_where_there_is_one(page: Page, show):
    page.add_init_script(
        "if (location.hash !== '#sheet') Object.defineProperty(navigator, 'share', {value: undefined})"
    )
    article = show()
    page.locator("summary", has_text="Share").click()
    expect(page.get_by_role("link", name="Telegram")).to_be_visible()
    expect(page.get_by_role("link", name="Mail")).to_have_attribute("rel", "noopener noreferrer")

    page.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.resolve() }")
    page.goto(page.url + "#sheet")
    page.reload()
    arrived(page).get_by_role("button", name="Share").click()
    assert wait_until(lambda: page.evaluate("window.shared?.title") == article.title, 30)
    expect(page.get_by_role("link", name="Telegram")).to_be_hidden()


def test_an_arabic_text_runs_from_the_right_on_a_page_in_english(page: Page, show):
    show(html=ARABIC, language="ar", source=make_source(language="ar", country="EG"))

    assert page.evaluate("getComputedStyle(document.querySelector('.body')).direction") == "rtl"
    quote = page.locator(".body blockquote")
    assert quote.evaluate("quote => getComputedStyle(quote).borderRightWidth") == "3px"


def test_on_paper_there_are_source_address_and_text_and_no_buttons(page: Page, show):
    article = show()
    page.emulate_media(media="print")

    for kept in ("h1", ".byline", ".body", ".address"):
        expect(page.locator(kept)).to_be_visible()
    for gone in (".tools", ".nav", ".footer", ".tags", ".original .button"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".address")).to_contain_text(article.url.removeprefix("https://"))


@pytest.mark.parametrize("display", ["full_text", "excerpt", "headline"])
def test_axe_finds_nothing_on_any_kind_of_article(page: Page, show, display):
    source = make_source(country="JP")
    told = tuple(make_article(country=iso) for iso in ("FR", "IN"))
    article = show(source=source, page_display=display, page_display_reason="The page asks (noarchive).")
    make_article(source=source, minutes_ago=90)
    make_story(told_by=(article, *told))
    page.reload()
    expect(page.get_by_role("heading", name="How other countries tell it")).to_be_visible()

    for state in ("plain", "sharing"):
        if state == "sharing":
            page.locator("[data-share-links]").evaluate_all("menus => menus.forEach(menu => { menu.open = true })")
        assert_axe_is_content_in_both_themes(page, state)
