"""The welcome and following in a real browser: on a phone, with and without JavaScript, in both themes."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.excluding import exclusions_of
from accounts.following import followed_by
from accounts.models import BlockedKeyword, Follow, User
from feeds.clock import database_now
from feeds.models import CATEGORY_NAMES, Category
from tests.browsers import arrived, assert_axe_is_content, assert_axe_is_content_in_both_themes, go_by
from tests.factories import make_article, make_reader, make_source

pytestmark = pytest.mark.django_db(transaction=True)

PLACES = [("AM", "hy"), ("FR", "fr"), ("GB", "en"), ("DE", "de"), ("IN", "hi"), ("JP", "ja"), ("BR", "pt")]
PHONE = {"width": 390, "height": 844}
STICKS_OUT = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def reader(live_server, transactional_db) -> User:
    for position, slug in enumerate(CATEGORY_NAMES):
        Category.objects.get_or_create(slug=slug, defaults={"position": position})
    for iso, language in PLACES:
        source = make_source(country=iso, language=language, name=f"The {iso} Paper", slug=f"paper-{iso.lower()}")
        make_article(source=source, language=language, title=f"News of {iso}", category="science")
    return make_reader(time_zone="Asia/Yerevan")


def logged_in(browser: Browser, client, live_server, reader: User, **options) -> Page:
    client.force_login(reader)
    context = browser.new_context(viewport=PHONE, locale="en-GB", **options)
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    return context.new_page()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_welcome_leads_through_three_steps_to_a_list_of_ones_own(
    browser: Browser, client, live_server, reader, scripts
):
    page = logged_in(browser, client, live_server, reader, java_script_enabled=scripts)
    page.goto(f"{live_server.url}/welcome/")
    expect(page.get_by_text("1 of 3")).to_be_visible()
    expect(page.get_by_label("English")).to_be_checked()
    expect(page.get_by_label("Armenia", exact=True)).to_be_checked()
    expect(page.get_by_label("Armenian")).to_be_checked()  # none is hidden unasked
    page.get_by_label("French").uncheck()
    page.get_by_label("France").check()
    go_by(page.get_by_role("button", name="Next"))

    expect(page.get_by_text("2 of 3")).to_be_visible()
    page.get_by_label("Science").check()
    go_by(page.get_by_role("button", name="Next"))
    go_by(page.get_by_role("link", name="Back"))
    expect(page.get_by_label("Science")).to_be_checked()
    go_by(page.get_by_role("button", name="Skip"))

    expect(page.get_by_text("3 of 3")).to_be_visible()
    page.get_by_text("Horoscopes").click()
    page.get_by_role("checkbox", name="astrolog*").check()
    go_by(page.get_by_role("button", name="Done"))

    expect(page.get_by_role("link", name="News of AM")).to_be_visible()
    expect(page.get_by_text("News of FR")).to_have_count(0)  # they do not read French
    assert set(followed_by(reader).countries) == {"AM", "FR"} and followed_by(reader).categories == ("science",)
    assert exclusions_of(reader, database_now()).languages == ["fr"]
    assert BlockedKeyword.objects.get().text == "astrolog*"
    page.context.close()


def test_the_pages_fit_a_phone_and_axe_finds_nothing(browser: Browser, client, live_server, reader):
    page = logged_in(browser, client, live_server, reader)
    page.goto(f"{live_server.url}/source/paper-am/")
    arrived(page).get_by_role("button", name="Follow").click()
    expect(page.get_by_role("button", name="Following")).to_be_visible()
    page.goto(f"{live_server.url}/source/paper-fr/")
    go_by(page.get_by_role("button", name="Hide this source"))
    for address in [
        *(f"/welcome/?step={step}" for step in (1, 2, 3)),
        "/settings/following/",
        "/settings/following/?show=sources",
        "/?feed=mine",
        "/source/paper-fr/",
        "/source/paper-am/",
        "/search/?q=news",
    ]:
        page.goto(live_server.url + address)
        arrived(page).eval_on_selector_all("main details", "all => all.forEach(one => one.open = true)")
        page.set_viewport_size(PHONE)
        assert_axe_is_content_in_both_themes(page, address)
        for direction in ("rtl", "ltr"):
            page.evaluate(f"document.documentElement.dir = '{direction}'")
            for width in (320, 390, 1280):
                page.set_viewport_size({"width": width, "height": 844})
                assert page.evaluate(STICKS_OUT) <= 0, f"{address} at {width}, {direction}"
    page.context.close()


def test_following_changes_the_button_in_place_and_the_toast_takes_it_back(browser, client, live_server, reader):
    page = logged_in(browser, client, live_server, reader)
    page.goto(f"{live_server.url}/source/paper-am/")
    arrived(page).evaluate("window.isSame = true")
    page.get_by_role("button", name="Follow").click()

    pressed = page.get_by_role("button", name="Following")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status").filter(has_text="You follow “The AM Paper”.")).to_be_visible()
    assert Follow.objects.count() == 1

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Follow", exact=True)).to_have_attribute("aria-pressed", "false")
    assert not Follow.objects.exists() and page.evaluate("window.isSame")
    page.context.close()


def test_an_address_for_a_reader_program_is_made_shown_and_revoked_by_a_browser(browser, client, live_server, reader):
    page = logged_in(browser, client, live_server, reader)
    page.goto(f"{live_server.url}/settings/apps/")
    page.get_by_label("Where you will use it").fill("Phone")
    go_by(page.get_by_role("button", name="Make an address"))

    address = page.get_by_label("My feed", exact=True).input_value()
    assert page.request.get(address).status == 200
    assert_axe_is_content(page, "a new address")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate(STICKS_OUT) <= 0
    go_by(page.get_by_role("button", name="Revoke: Phone"))
    assert page.request.get(address).status == 404
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("can read your lists again")).to_be_visible()
    assert page.request.get(address).status == 200
    page.context.close()
