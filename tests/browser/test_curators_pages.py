"""What curators and operators see, in a real browser: nothing sticks out, nothing is refused, axe is content."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from feeds.clock import database_now
from feeds.models import CATEGORY_NAMES, Category, Feed, Host, Notice
from tests.browsers import WCAG, assert_axe_is_content_in_both_themes, go_by
from tests.factories import make_article, make_curator, make_entry, make_feed, make_record

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def ailing(transactional_db) -> Feed:
    """A site with one of everything that curators are told; the feed that fails."""
    for position, slug in enumerate(CATEGORY_NAMES):
        Category.objects.get_or_create(slug=slug, defaults={"position": position})
    now = database_now()
    feed = make_feed(failure_count=7, last_error="The server turns us away (403); its owner may not want us.")
    for minute in range(60):
        make_record(feed, minutes_ago=minute, status=403, error=feed.last_error)
    make_feed(succeeded_at=now, new_entry_at=now - timedelta(days=30), suggested_url=f"https://new.example/{'x' * 300}")
    make_feed(is_paused=True, retired_at=now, gone_count=3)
    Notice.objects.tell(feed, "Its publisher says that it is gone for good; we ask it no more.")
    Host.objects.create(name=feed.host, held_until=now + timedelta(hours=1), hold_reason="We ask too often (429).")
    make_entry(feed=feed, state="published", seen_at=now, read_error="The page holds no article.")
    for number, country in enumerate(["GB", "FR", "AM", "JP", "DE", "IN", "BR", "KE", "US", "ES"]):
        category = list(CATEGORY_NAMES)[number]
        make_article(country=country, category=category, page_display="excerpt", page_display_reason="A paywall.")
    return feed


def signed_in(browser: Browser, address: str, **options) -> BrowserContext:
    client = Client()
    client.force_login(make_curator())
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(locale="en-GB", **options)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    return context


def addresses_of(feed: Feed) -> list[str]:
    of_feed = f"/admin/feeds/feed/{feed.pk}"
    return ["/admin/health/", "/admin/feeds/feed/", f"{of_feed}/change/", f"{of_feed}/attempts/"]


def is_wider_than_the_window(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_nothing_sticks_out_and_the_policy_refuses_nothing(browser: Browser, live_server, ailing: Feed):
    with signed_in(browser, live_server.url) as context:
        page = context.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
        for address in addresses_of(ailing):
            page.goto(live_server.url + address)
            for direction in ("ltr", "rtl"):
                page.evaluate(f"document.documentElement.dir = '{direction}'")
                for size in (DESKTOP, PHONE):
                    page.set_viewport_size(size)
                    assert not is_wider_than_the_window(page), f"{address}, {direction} at {size}"
        assert refused == []


def test_axe_finds_nothing_in_what_is_ours(browser: Browser, live_server, ailing: Feed):
    with signed_in(browser, live_server.url, viewport=DESKTOP) as context:
        page = context.new_page()
        for address in ("/admin/health/", f"/admin/feeds/feed/{ailing.pk}/attempts/"):
            page.goto(live_server.url + address)
            assert_axe_is_content_in_both_themes(page, context="#content-main", options={"runOnly": WCAG})


def test_a_curator_deals_with_a_notice_and_releases_a_host(browser: Browser, live_server, ailing: Feed):
    with signed_in(browser, live_server.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/health/")

        go_by(page.locator("#notices").get_by_role("button"))
        expect(page.locator("#notices")).to_contain_text("Nothing you should know.")
        go_by(page.locator("#hosts").get_by_role("button"))
        expect(page.locator("#hosts")).to_contain_text("No host has asked us to stay away.")

        assert not Notice.objects.open().exists()
        assert not Host.objects.on_hold(database_now()).exists()


def test_charts_fill_their_place_and_their_colours_differ(browser: Browser, live_server, ailing: Feed):
    with signed_in(browser, live_server.url, viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/health/")
        chart = page.locator("#by-country .bars")
        box = chart.bounding_box()
        assert box and box["width"] > 500 and box["height"] > 150
        colours = chart.locator("g rect").evaluate_all("bars => bars.map(bar => getComputedStyle(bar).fill)")
        assert len(set(colours)) == 8
        page.locator("#by-country summary").click()
        expect(page.locator("#by-country table")).to_contain_text("Armenia")
