"""Moderators at their page in a real browser: a key each, with a way back; a reader who flags and blocks."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from comments.flags import flag
from comments.models import Comment
from tests.browsers import WCAG, arrived, assert_axe_is_content, assert_axe_is_content_in_both_themes, go_by
from tests.factories import make_article, make_comment, make_curator, make_reader
from zisnews.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = "/admin/comments/comment/queue/"
PHONE, DESKTOP = {"width": 320, "height": 700}, {"width": 1280, "height": 900}
CONTENT = {"context": {"include": [["#content-main"]]}, "options": {"runOnly": WCAG}}


def context_of(browser: Browser, address: str, user: User, **options) -> BrowserContext:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(locale="en-GB", **options)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    return context


@pytest.fixture
def waiting(transactional_db) -> list[Comment]:
    """Three held comments, two of one author, and one that is flagged."""
    article = make_article(title="Council votes on the bridge")
    spammer = make_reader(display_name="Spam King")
    top = make_comment(article, body="The bridge is fine as it is")
    held = [
        make_comment(article, state="held", state_reason="links", body="Look at https://example.org " + "x" * 300),
        make_comment(article, state="held", state_reason="repeated", author=spammer, body="Buy\n\nthis " * 300),
        make_comment(article, state="held", state_reason="links", author=spammer, parent=top),
    ]
    flag(make_reader(), top.pk, "hate", note="Look at the second line", now=timezone.now())
    return [*held, top]


def state_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.state


def becomes(comment: Comment, state: str) -> bool:
    return bool(wait_until(lambda: state_of(comment) == state, 30))


def test_a_moderator_judges_with_keys_alone_and_takes_it_back(browser: Browser, live_server, waiting: list[Comment]):
    first, second, third, flagged = waiting
    with context_of(browser, live_server.url, make_curator(), viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(live_server.url + QUEUE)
        focused = page.locator("[data-case]:focus")
        expect(focused).to_have_attribute("data-case", str(first.pk))

        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        expect(focused).to_have_attribute("data-case", str(second.pk))
        page.keyboard.press("k")

        page.keyboard.press("a")
        expect(page.locator("#said")).to_contain_text("1 comment is approved.")
        expect(focused).to_have_attribute("data-case", str(second.pk))
        assert becomes(first, "shown")

        page.keyboard.press("p")
        expect(page.locator("#said")).to_contain_text("Spam King: suspended, and 2 comments removed.")
        expect(focused).to_have_attribute("data-case", str(flagged.pk))
        assert (state_of(second), state_of(third)) == ("removed", "removed")

        page.keyboard.press("u")
        expect(page.locator("#said")).to_contain_text("Taken back")
        assert (state_of(second), state_of(third)) == ("held", "held")

        page.locator(f"[data-case='{flagged.pk}']").get_by_label("Note").press_sequentially("apr")  # typed, not pressed
        page.locator(f"[data-case='{flagged.pk}']").focus()
        page.keyboard.press("r")
        assert becomes(flagged, "removed")
        assert flagged.state_reason == "hate" and flagged.actions.first().reason == "apr"


def test_the_last_judgement_of_a_page_can_be_taken_back_too(browser: Browser, live_server, transactional_db):
    held = make_comment(state="held", state_reason="links")
    with context_of(browser, live_server.url, make_curator(), viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(live_server.url + QUEUE)
        page.keyboard.press("r")
        expect(page.locator("#said")).to_contain_text("1 comment is removed.")
        expect(page.get_by_text("No comment waits for you.")).to_be_visible()
        expect(page.locator("#said button")).to_be_focused()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator(f"#case-{held.pk}")).to_be_visible()
        assert state_of(held) == "held"


def test_the_same_without_script_by_buttons(browser: Browser, live_server, waiting: list[Comment]):
    first = waiting[0]
    with context_of(browser, live_server.url, make_curator(), java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live_server.url + QUEUE)
        go_by(page.locator(f"#case-{first.pk}").get_by_role("button", name="Remove"))
        expect(page.locator("#said")).to_contain_text("1 comment is removed.")
        go_by(page.locator("#said").get_by_role("button", name="Undo"))
        expect(page.locator(f"#case-{first.pk}")).to_be_visible()
        assert state_of(first) == "held"


def test_the_page_is_sound_in_light_and_dark_and_fits_a_phone(browser: Browser, live_server, waiting: list[Comment]):
    moderator = make_curator()
    with context_of(browser, live_server.url, moderator, viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(live_server.url + QUEUE)
        for summary in page.locator("#content-main summary").all():
            summary.click()
        assert_axe_is_content_in_both_themes(page, QUEUE, **CONTENT)
        page.set_viewport_size(PHONE)
        for direction in ("ltr", "rtl"):
            page.evaluate("way => document.documentElement.dir = way", direction)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), direction


def test_a_reader_flags_and_blocks_from_the_thread(browser: Browser, live_server, waiting: list[Comment]):
    comment = waiting[-1]
    with context_of(browser, live_server.url, make_reader(), viewport=PHONE) as context:
        page: Page = context.new_page()
        page.goto(live_server.url + comment.article.get_absolute_url())
        shown = page.locator(f"#comment-{comment.pk}")
        go_by(shown.get_by_role("link", name="Report"))
        assert_axe_is_content(page, "flag", options={"runOnly": WCAG})
        page.get_by_label("Insult, threat or harassment").check()
        arrived(go_by(page.get_by_role("button", name="Report")))
        expect(page.get_by_text("Thank you. A moderator will look at it.").first).to_be_visible()
        assert comment.flags.count() == 2

        words = shown.get_by_text("The bridge is fine as it is")
        shown.get_by_role("button", name="Block").click()
        expect(words).to_be_hidden()
        page.locator(".toast").get_by_role("button", name="Undo").click()
        expect(words).to_be_visible()
        shown.get_by_role("button", name="Block").click()
        expect(words).to_be_hidden()
        page.reload()
        arrived(page)
        shown.locator("details.aside > summary").click()
        expect(words).to_be_visible()
        page.goto(f"{live_server.url}/settings/readers/")
        assert_axe_is_content(page, "blocked readers", options={"runOnly": WCAG})
        page.goto(f"{live_server.url}/rules/")
        assert_axe_is_content(page, "rules", options={"runOnly": WCAG})
