"""A discussion in a real browser: written, answered, changed, deleted and brought back in place, on a phone as well."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from aggregator.models import Article
from comments.models import Comment
from tests.browsers import arrived, assert_axe_is_content_in_both_themes
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timezone.now() - timedelta(days=30)
QUICKEST_MS = 2_100  # comments.stamps


@pytest.fixture
def article(transactional_db) -> Article:
    return make_article(title="Council votes")


@pytest.fixture
def anna(live_server, page: Page, client):
    """Somebody who is logged in."""
    reader = make_reader(display_name="Anna", date_joined=LONG_AGO)
    log_in(page, client, live_server, reader)
    return reader


def log_in(page: Page, client, live_server, reader) -> None:
    client.force_login(reader)
    session = client.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])


def width_of(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def let_time_pass(page: Page) -> None:
    """Until who has just written may write again."""
    Comment.objects.update(posted_at=timezone.now() - timedelta(minutes=10))
    page.wait_for_timeout(QUICKEST_MS)


def test_to_write_answer_change_delete_and_bring_back_without_leaving_the_page(page: Page, live_server, article, anna):
    root = make_comment(article, author=make_reader(display_name="Boris"), body="The claim")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(live_server.url + article.get_absolute_url())
    arrived(page).evaluate("window.isSamePage = true")
    page.wait_for_timeout(QUICKEST_MS)

    page.get_by_label("Write a comment").fill("I *say* so")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("say")
    page.wait_for_timeout(QUICKEST_MS)
    page.get_by_role("button", name="Post").click()
    own = page.get_by_role("article", name="Comment by Anna")
    expect(own).to_be_focused()
    expect(own.locator("em")).to_have_text("say")
    expect(page.locator("#toasts")).to_contain_text("Your comment is posted.")
    expect(page.get_by_label("Write a comment")).to_have_value("")
    expect(page.locator("#comments-head")).to_have_text("2 comments")

    let_time_pass(page)
    boris = page.locator(f"#comment-{root.pk}")
    boris.get_by_role("link", name="Answer").click()
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.wait_for_timeout(QUICKEST_MS)
    page.keyboard.type("But no")
    page.keyboard.press("Control+Enter")
    answer = boris.locator(".answers").get_by_role("article", name="Comment by Anna")
    expect(answer).to_contain_text("But no")

    answer.get_by_role("link", name="Edit").click()
    page.get_by_label("Your comment").fill("But yes")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(answer).to_contain_text("But yes")

    answer.get_by_role("button", name="Delete").click()
    expect(answer).to_be_hidden()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(answer).to_be_visible()

    boris.locator("> article").get_by_role("button", name="Good", exact=False).first.click()
    expect(boris.locator("> article").get_by_role("button", name="Good 1")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.isSamePage")
    assert {(comment.body, comment.state) for comment in Comment.objects.filter(author=anna)} == {
        ("I *say* so", "shown"),
        ("But yes", "shown"),
    }


def test_a_draft_outlives_the_page_is_its_writers_alone_and_goes_when_it_is_posted(
    page: Page, live_server, client, article, anna
):
    page.goto(live_server.url + article.get_absolute_url())
    arrived(page).get_by_label("Write a comment").fill("Half a thou")
    page.reload()
    expect(page.get_by_label("Write a comment")).to_have_value("Half a thou")
    log_in(page, client, live_server, make_reader())
    page.reload()
    expect(arrived(page).get_by_label("Write a comment")).to_have_value("")

    log_in(page, client, live_server, anna)
    page.reload()
    expect(arrived(page).get_by_label("Write a comment")).to_have_value("Half a thou")
    page.wait_for_timeout(QUICKEST_MS)
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("article", name="Comment by Anna")).to_be_visible()
    page.reload()
    expect(arrived(page).get_by_label("Write a comment")).to_have_value("")


def test_what_can_not_be_taken_stays_in_the_form_with_the_reason(page: Page, live_server, article, anna):
    page.goto(live_server.url + article.get_absolute_url())
    arrived(page).get_by_label("Write a comment").fill("Too fast")
    page.wait_for_timeout(QUICKEST_MS)
    make_comment(author=anna, minutes_ago=0)
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".comments [role=alert]")).to_contain_text("You have only just commented.")
    expect(page.get_by_label("Write a comment")).to_have_value("Too fast")
    expect(page.get_by_label("Write a comment")).to_be_focused()


def test_a_deep_discussion_sticks_out_nowhere_and_axe_is_content(page: Page, live_server, anna):
    article = make_article()
    line = [make_comment(article, author=anna, minutes_ago=3)]
    for number in range(7):
        body = f"**No** https://a.example/{'x' * 90} {'w' * 60}\n\n> said\n\n```\n{'code ' * 40}\n```\n- {number}"
        line.append(make_comment(article, parent=line[-1], body=body))
    make_comment(article, state="held", author=anna)
    gone = make_comment(article, state="deleted")
    make_comment(article, parent=gone)
    make_comment(article, body="أوافق على ذلك", author=make_reader(display_name="ليلى"))

    page.goto(live_server.url + line[4].get_absolute_url())
    arrived(page)

    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert width_of(page) <= width
        page.evaluate("document.documentElement.dir = 'ltr'")
        assert width_of(page) <= width
    assert_axe_is_content_in_both_themes(page)
