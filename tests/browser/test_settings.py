"""Settings and notices in a real browser: with a script each choice holds at once, without one there is a button."""

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.notifications import notify
from feeds.models import Category
from tests.browsers import arrived, assert_axe_is_content_in_both_themes, go_by
from tests.factories import make_reader
from zisnews.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def reader(live_server, transactional_db):
    Category.objects.get_or_create(slug="general", defaults={"position": 0})
    return make_reader(display_name="Anna of the long name")


def log_in(page: Page, client, reader, live_server) -> Page:
    """Let the tab be the reader's."""
    client.force_login(reader)
    cookie = client.cookies["session"]
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": live_server.url}])
    return page


def test_a_choice_holds_at_once_and_is_taken_back(page: Page, client, reader, live_server):
    log_in(page, client, reader, live_server).goto(f"{live_server.url}/settings/reading/")
    expect(arrived(page).get_by_role("button", name="Save", exact=True)).to_be_hidden()

    page.get_by_label("Dark", exact=True).check()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("status").filter(has_text="Theme: Dark")).to_be_visible()
    reader.refresh_from_db()
    assert reader.theme == "dark"

    page.locator(".toast").get_by_role("button", name="Undo").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "auto")
    expect(page.get_by_label("Automatic", exact=True)).to_be_checked()
    assert wait_until(lambda: reader.refresh_from_db() or reader.theme == "auto", 30)


def test_a_switch_holds_at_once(page: Page, client, reader, live_server):
    log_in(page, client, reader, live_server).goto(f"{live_server.url}/settings/reading/")

    arrived(page).get_by_label("Keep a history").uncheck()

    expect(page.locator(".toast")).to_contain_text("History: off")
    reader.refresh_from_db()
    assert not reader.keeps_history


def test_the_button_in_the_footer_keeps_the_theme_in_the_account(page: Page, client, reader, live_server):
    log_in(page, client, reader, live_server).goto(f"{live_server.url}/about/")

    arrived(page).locator("footer").get_by_role("button", name="Dark").click()

    assert wait_until(lambda: reader.refresh_from_db() or reader.theme == "dark", 30)


def test_without_a_script_a_button_saves_and_the_notice_takes_back(browser: Browser, client, reader, live_server):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = log_in(context.new_page(), client, reader, live_server)
    page.goto(f"{live_server.url}/settings/reading/")
    page.get_by_label("Dark", exact=True).check()
    page.get_by_label("Keep a history").uncheck()
    go_by(page.get_by_role("button", name="Save", exact=True))

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    go_by(page.locator(".message").get_by_role("button", name="Undo"))

    expect(page.locator("html")).to_have_attribute("data-theme", "auto")
    expect(page.get_by_label("Keep a history")).to_be_checked()
    context.close()


def test_the_bell_leads_to_what_is_unread_and_opening_reads_it(page: Page, client, reader, live_server):
    notify(reader, "answer", key="answer:1", url="/about/", data={"title": "Council votes"}, now=timezone.now())
    page.set_viewport_size(PHONE)
    log_in(page, client, reader, live_server).goto(f"{live_server.url}/latest/")

    go_by(page.get_by_role("link", name="Notices: 1 unread"))
    go_by(page.locator("main").get_by_role("link", name="Council votes"))

    expect(page).to_have_url(f"{live_server.url}/about/")
    expect(page.get_by_role("link", name="Notices: 0 unread")).to_be_visible()


def test_the_pages_fit_a_phone_and_axe_finds_nothing(page: Page, client, reader, live_server):
    for number, kind in enumerate(["answer", "mention"]):
        said = {"title": "A headline that goes on " * 5}
        notify(reader, kind, key=f"{kind}:1", url=f"/about/?n={number}", data=said, now=timezone.now())
    log_in(page, client, reader, live_server)
    for address in ["/settings/", "/settings/reading/", "/settings/notifications/", "/notices/"]:
        page.goto(live_server.url + address)
        arrived(page)
        for size in [PHONE, NARROW]:
            page.set_viewport_size(size)
            assert page.evaluate(OVERFLOW) <= 0, f"{address} at {size['width']}"
        assert_axe_is_content_in_both_themes(page, address)
