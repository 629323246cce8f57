"""The page of blocked keywords in a real browser: the preview while typing, other words by one press, undo."""

import pytest
from playwright.sync_api import Page, expect

from aggregator.models import DocumentFrequency
from feeds.models import Category
from tests.browsers import arrived, assert_axe_is_content
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader(live_server, transactional_db, client, page: Page):
    Category.objects.get_or_create(slug="general", defaults={"position": 0})
    reader = make_reader()
    client.force_login(reader)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    return reader


def test_a_keyword_is_tried_while_it_is_typed_and_another_form_of_it_blocked_by_one_press(
    page: Page, live_server, reader
):
    make_article(title="The election is over")
    for term, count in (("elections", 48), ("electoral", 12)):
        DocumentFrequency.objects.create(term=term, document_count=count)
    page.goto(f"{live_server.url}/settings/keywords/")

    arrived(page).get_by_label("Word or words").press_sequentially("electio")
    expect(page.locator("#preview")).to_contain_text("Hides 0 of the 1 articles")
    page.get_by_label("Word or words").press_sequentially("n")
    expect(page.locator("#preview mark")).to_have_text("election")
    page.get_by_role("button", name="elections").click()

    expect(page.locator("#toasts")).to_contain_text("“elections” is blocked")
    expect(page.get_by_role("button", name="elections")).to_be_disabled()
    expect(page.get_by_label("Word or words")).to_have_value("election")
    assert [one.text for one in reader.blocked_keywords.all()] == ["elections"]
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back.")
    assert not reader.blocked_keywords.exists()


def test_a_hundred_keywords_fit_a_narrow_page_and_their_choices_open(page: Page, live_server, reader):
    from django.utils import timezone  # noqa: PLC0415

    from accounts.excluding import Wanted, block_all  # noqa: PLC0415

    block_all(reader, [Wanted(f"keyword {number}") for number in range(1000)], timezone.now())
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{live_server.url}/settings/keywords/")

    arrived(page).locator(".keywords summary").first.click()
    page.locator(".keywords details[open]").get_by_label("headline").uncheck()
    page.locator(".keywords details[open]").get_by_role("button", name="Save").click()

    expect(page.locator(".message").first).to_contain_text("is blocked; it hides")
    expect(page.locator(".keywords li").first).to_contain_text("description")
    assert arrived(page).evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert_axe_is_content(page)
