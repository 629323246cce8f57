"""The keys, in a real browser: they do what the dialog of "?" says, and nothing while somebody types."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browsers import arrived
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

TITLES = [f"Bridge number {number} opens" for number in range(6)]


@pytest.fixture
def latest(page: Page, live_server, transactional_db) -> Page:
    """The page /latest/ with six articles, the first title first."""
    for number, title in enumerate(TITLES):
        make_article(title=title, text="A long text. " * 50, minutes_ago=number + 1)
    page.goto(live_server.url + "/latest/")
    return arrived(page)


def chosen(page: Page) -> Locator:
    return page.locator(":focus")


def test_j_and_k_go_from_headline_to_headline_and_o_opens(latest: Page):
    for key, title in zip("jjjk", [TITLES[0], TITLES[1], TITLES[2], TITLES[1]], strict=True):
        latest.keyboard.press(key)
        expect(chosen(latest)).to_have_text(title)
    expect(chosen(latest)).to_be_in_viewport()
    latest.keyboard.press("o")
    expect(latest.get_by_role("heading", level=1)).to_have_text(TITLES[1])


def test_the_last_article_stays_chosen_and_is_brought_into_view(latest: Page):
    latest.set_viewport_size({"width": 390, "height": 500})
    for _ in range(len(TITLES) + 3):
        latest.keyboard.press("j")
    expect(chosen(latest)).to_have_text(TITLES[-1])
    expect(chosen(latest)).to_be_in_viewport()


def test_the_keys_work_where_the_keyboard_writes_another_script(latest: Page):
    latest.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))")
    expect(chosen(latest)).to_have_text(TITLES[0])


def test_g_and_a_letter_lead_to_a_section(latest: Page):
    latest.clock.install()
    latest.clock.pause_at(timezone.now() + timedelta(hours=1))  # no second passes between two keys, however busy we are
    latest.keyboard.press("g")
    latest.keyboard.press("c")
    latest.wait_for_url(re.compile("/country/$"))
    latest.keyboard.press("g")
    latest.keyboard.press("h")
    expect(latest).to_have_url(re.compile(r":\d+/$"))


def test_a_slash_leads_to_the_search_field_where_keys_mean_nothing(latest: Page):
    latest.keyboard.press("/")
    field = latest.locator("#masthead-search")
    expect(field).to_be_focused()
    latest.keyboard.type("jazz?gh")
    expect(field).to_have_value("jazz?gh")
    expect(latest.locator("#keys")).to_be_hidden()


def test_a_key_with_a_modifier_is_the_browsers(latest: Page):
    for key in ("Control+j", "Alt+j", "Meta+j"):
        latest.keyboard.press(key)
        assert latest.evaluate("document.activeElement === document.body")


def test_the_help_opens_closes_and_gives_the_focus_back(latest: Page):
    latest.keyboard.press("j")
    latest.keyboard.press("?")
    dialog = latest.get_by_role("dialog", name="By keyboard")
    expect(dialog).to_be_visible()
    latest.keyboard.press("j")  # behind the dialog nothing moves
    latest.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(chosen(latest)).to_have_text(TITLES[0])


def test_the_keys_can_be_switched_off_and_on_again(latest: Page):
    latest.get_by_role("button", name="Keyboard").click()
    latest.get_by_label("Use these keys on this device").uncheck()
    latest.reload()
    arrived(latest).keyboard.press("j")
    latest.keyboard.press("?")
    assert latest.evaluate("document.activeElement === document.body")
    expect(latest.get_by_role("dialog")).to_be_hidden()

    latest.get_by_role("button", name="Keyboard").click()
    latest.get_by_label("Use these keys on this device").check()
    latest.get_by_role("button", name="Close").click()
    latest.keyboard.press("j")
    expect(chosen(latest)).to_have_text(re.compile("Bridge number . opens"))
