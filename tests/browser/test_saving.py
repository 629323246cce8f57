"""Saving, being marked as read and the menu of a card, in a real browser on a phone."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from aggregator.models import Saved
from tests.browsers import arrived, assert_axe_is_content, go_by
from tests.factories import make_article, make_reader, make_source

pytestmark = pytest.mark.django_db(transaction=True)

A_PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
TITLES = ["Bridge opens", "Rain expected", "Election called"]


@pytest.fixture
def phone(browser: Browser, live_server, transactional_db) -> Iterator[Page]:
    """The page /latest/ with three articles on a user's phone."""
    for number, title in enumerate(TITLES):
        source = make_source(name=f"P{number}")
        make_article(title=title, text="A long text. " * 50, minutes_ago=number + 1, source=source)
    client = Client()
    client.force_login(make_reader())
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, user_agent=A_PHONE, has_touch=True, locale="en-GB", timezone_id="UTC"
    )
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/latest/")
    yield arrived(page)
    context.close()


def card(page: Page, title: str):
    return page.locator("[data-article]").filter(has_text=title)


def test_saving_from_a_card_is_said_and_taken_back_with_the_focus_where_it_was(phone: Page):
    one = card(phone, "Rain expected")
    dots = one.locator("summary")
    dots.click()
    button = one.get_by_role("button", name="Save", exact=True)
    expect(button).to_have_attribute("aria-pressed", "false")
    assert_axe_is_content(phone, "with an open menu")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    button.dblclick(delay=5)
    expect(phone.locator(".toast")).to_contain_text("Saved for later.")
    expect(dots).to_be_focused()
    expect(one.locator("[data-action=save]")).to_have_attribute("aria-pressed", "true")
    assert Saved.objects.get().article.title == "Rain expected"

    phone.get_by_role("button", name="Undo").click()
    expect(phone.locator(".toast")).to_contain_text("No longer saved.")
    expect(dots).to_be_focused()
    expect(one.locator("[data-action=save]")).to_have_attribute("aria-pressed", "false")
    assert not Saved.objects.exists()


def test_the_key_s_saves_the_chosen_article_and_nothing_where_none_is_chosen(phone: Page):
    phone.keyboard.press("s")
    phone.keyboard.press("j")
    phone.keyboard.press("j")
    phone.keyboard.press("s")
    expect(phone.locator(".toast")).to_contain_text("Saved for later.")
    assert [saved.article.title for saved in Saved.objects.all()] == ["Rain expected"]

    phone.keyboard.press("o")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Rain expected")
    save = arrived(phone).locator(".tools [data-action=save]")
    expect(save).to_have_attribute("aria-pressed", "true")
    phone.keyboard.press("s")
    expect(save).to_have_attribute("aria-pressed", "false")
    assert not Saved.objects.exists()


def test_what_was_opened_is_marked_on_the_way_back_and_on_another_device(phone: Page):
    go_by(phone.get_by_role("link", name="Bridge opens"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Bridge opens")
    phone.go_back()
    expect(card(phone, "Bridge opens").locator(".headline")).to_have_class("headline read")

    phone.reload()
    expect(card(phone, "Bridge opens").locator(".headline")).to_have_class("headline read")
    expect(card(phone, "Rain expected").locator(".headline")).to_have_class("headline")
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)
        assert_axe_is_content(phone, f"with a read article, {scheme}")


def test_hiding_a_source_takes_its_articles_away_and_undo_brings_them_back(phone: Page):
    one = card(phone, "Election called")
    one.locator("summary").click()
    one.get_by_role("button", name="Hide P2").click()
    expect(phone.locator(".toast")).to_contain_text("P2")
    expect(one).to_be_hidden()

    phone.get_by_role("button", name="Undo").click()
    expect(one).to_be_visible()


def test_a_saved_article_leaves_the_list_in_place_and_comes_back(phone: Page, live_server):
    phone.keyboard.press("j")
    phone.keyboard.press("s")
    expect(phone.locator(".toast")).to_contain_text("Saved for later.")
    phone.goto(f"{live_server.url}/saved/")
    assert_axe_is_content(phone, "saved")

    phone.get_by_role("button", name="Remove: Bridge opens").click()
    expect(card(phone, "Bridge opens")).to_be_hidden()
    phone.get_by_role("button", name="Undo").click()
    expect(card(phone, "Bridge opens")).to_be_visible()
    assert Saved.objects.count() == 1

    phone.goto(f"{live_server.url}/history/")
    assert_axe_is_content(phone, "history")


def test_without_a_script_the_menu_saves_too(browser: Browser, phone: Page):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    context.add_cookies(phone.context.cookies())
    plain = context.new_page()
    plain.goto(phone.url)
    one = card(plain, "Rain expected")
    one.locator("summary").click()
    go_by(one.get_by_role("button", name="Save", exact=True))

    expect(plain.get_by_text("Saved for later.")).to_be_visible()
    go_by(plain.get_by_role("button", name="Undo"))
    expect(plain.get_by_text("No longer saved.")).to_be_visible()
    context.close()
