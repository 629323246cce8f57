"""All of one reader's life on the site in a real browser, from the mail that confirms the address to the empty place
the account leaves: with a real mail server, a second reader and a curator, on the pages as everybody has them.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from aggregator.models import Article, Story
from aggregator.search import documents
from comments.models import Comment, ModerationAction, Reaction
from tests.browser.test_account import ANNA, PASSWORD, confirm_by_code, log_in, with_a_device
from tests.browser.test_comments import QUICKEST_MS
from tests.browser.test_moderation import QUEUE, context_of
from tests.browsers import arrived, go_by
from tests.factories import make_article, make_curator, make_reader, make_source, make_story
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)
WORD, CURATOR = "Quixotball", "curator@example.org"
HEADLINES = (f"{WORD} and harvest", f"A {WORD} harvest")


@dataclass
class World:
    """A site with a story that five articles tell, one of them with the word, and an article to talk about."""

    address: str
    told: Article
    story: Story
    talked_about: Article

    @property
    def pages(self) -> dict[str, str]:
        """Eight kinds of pages on which the word stands."""
        return {
            "front": "/",
            "latest": "/latest/",
            "category": "/category/world/?tab=latest",
            "country": "/country/gb/",
            "source": f"/source/{self.told.source.slug}/",
            "search": "/search/?q=harvest",
            "story": f"{self.story.get_absolute_url()}?tab=all",
            "feed": "/feed/latest/",
        }


@pytest.fixture
def world(live_server, transactional_db) -> World:
    """The site under a name: a passkey is bound to one, never to a number."""
    others = [
        make_article(country=iso, category="world", title=f"Harvest in {iso}") for iso in ("FR", "IN", "JP", "DE")
    ]
    told = make_article(source=make_source(name="Morning Paper"), category="world", title=HEADLINES[0], minutes_ago=1)
    story = make_story(told_by=(told, *others), title="Harvest in FR", category="world")
    make_article(category="world", title=HEADLINES[1], minutes_ago=2)
    talked_about = make_article(title="Council votes on the bridge", minutes_ago=3)
    documents.catch_up(budget_seconds=60)
    return World(live_server.url.replace("127.0.0.1", "localhost"), told, story, talked_about)


@pytest.fixture
def anna(browser: Browser, world: World) -> Iterator[Page]:
    """The tab of somebody who is not here yet."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", accept_downloads=True)
    yield context.new_page()
    context.close()


def test_from_signing_up_to_being_gone(browser: Browser, world: World, anna: Page, mailbox: Mailbox):
    sign_up(anna, world, mailbox)
    add_a_passkey(anna, world)
    go_through_the_welcome(anna, world)
    block_the_word_and_bring_it_back(anna, world)
    like_in_two_tabs(anna, world)
    comment = write(anna, world)
    with context_of(browser, world.address, make_reader(display_name="Boris")) as boris:
        answer_and_flag(boris, world, comment)
    edit(anna, comment)
    with browser.new_context(locale="en-GB") as curators:
        remove(curators, world, comment)
    see_the_notices(anna, world)
    take_everything_along(anna, world)
    be_gone(anna, world, mailbox)
    assert not Reaction.objects.exists()
    comment.refresh_from_db()
    assert comment.author_id is None and comment.state == "removed"


def sign_up(page: Page, world: World, mailbox: Mailbox) -> None:
    page.goto(f"{world.address}/accounts/signup/")
    page.get_by_label("Email").fill(ANNA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    go_by(page.get_by_role("button", name="Register"))
    expect(page.locator("main")).to_contain_text(ANNA)
    confirm_by_code(page, mailbox)


def add_a_passkey(page: Page, world: World) -> None:
    with_a_device(page)
    page.goto(f"{world.address}/settings/account/")
    if "/accounts/login/" in page.url:
        log_in(page, world.address)
        page.goto(f"{world.address}/settings/account/")
    go_by(page.get_by_role("link", name="Passkeys"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    go_by(page.get_by_role("button", name="Confirm"))
    page.get_by_label("Its name").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def go_through_the_welcome(page: Page, world: World) -> None:
    page.goto(f"{world.address}/welcome/")
    expect(page.get_by_text("1 of 3")).to_be_visible()
    page.get_by_label("United Kingdom", exact=True).check()
    go_by(page.get_by_role("button", name="Next"))
    page.get_by_label("World", exact=True).check()
    go_by(page.get_by_role("button", name="Next"))
    go_by(page.get_by_role("button", name="Done"))
    expect(page.get_by_text("3 of 3")).to_have_count(0)


def says_the_word(page: Page, world: World) -> list[str]:
    """The kinds of pages that lead to an article with the word, asked for with the cookies of who is in this tab."""
    answers = {kind: page.context.request.get(world.address + path) for kind, path in world.pages.items()}
    assert all(answer.ok for answer in answers.values()), answers
    return [kind for kind, answer in answers.items() if f"{WORD.lower()}-" in answer.text()]


def block_the_word_and_bring_it_back(page: Page, world: World) -> None:
    assert says_the_word(page, world) == list(world.pages)
    page.goto(f"{world.address}/latest/")
    card = arrived(page).locator("[data-article]").filter(has_text=HEADLINES[0])
    card.locator("summary").first.click()
    go_by(card.get_by_role("link", name="Block a word from this headline"))
    page.get_by_label(WORD).check()
    go_by(page.get_by_role("button", name="Block", exact=True))
    expect(page.get_by_text(f"“{WORD}” is blocked; it hides 2 articles").first).to_be_visible()
    expect(page.get_by_role("link", name="Harvest in").first).to_be_visible()
    assert says_the_word(page, world) == []
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("link", name=HEADLINES[0]).first).to_be_visible()
    assert says_the_word(page, world) == list(world.pages)


def like_in_two_tabs(page: Page, world: World) -> None:
    """Both say what is stored: who presses in the second what the first has taken back, likes it again."""
    other = page.context.new_page()
    like = [tab.get_by_role("button", name="Like", exact=False).first for tab in (page, other)]
    for tab in (page, other):
        tab.goto(world.address + world.talked_about.get_absolute_url())
        arrived(tab)
    for button in like:
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_have_text("Like 1")
    like[0].click()
    expect(like[0]).to_have_text("Like 0")
    other.reload()
    expect(like[1]).to_have_text("Like 0")
    like[1].click()
    expect(like[1]).to_have_text("Like 1")
    page.reload()
    expect(like[0]).to_have_text("Like 1")
    world.talked_about.refresh_from_db()
    assert Reaction.objects.filter(kind="like").count() == world.talked_about.like_count == 1
    other.close()


def write(page: Page, world: World) -> Comment:
    page.wait_for_timeout(QUICKEST_MS)
    page.get_by_label("Write a comment").fill("The bridge is **fine**")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("article.comment strong")).to_have_text("fine")
    return Comment.objects.get()


def answer_and_flag(boris: BrowserContext, world: World, comment: Comment) -> None:
    page = boris.new_page()
    page.goto(world.address + comment.get_absolute_url())
    shown = arrived(page).locator(f"#comment-{comment.pk}")
    shown.get_by_role("link", name="Answer").click()
    page.get_by_label("Your answer").fill("It is not")
    page.wait_for_timeout(QUICKEST_MS)
    page.keyboard.press("Control+Enter")
    expect(shown.locator(".answers")).to_contain_text("It is not")

    go_by(shown.locator("> article").get_by_role("link", name="Report"))
    page.get_by_label("Insult, threat or harassment").check()
    go_by(page.get_by_role("button", name="Report"))
    expect(page.get_by_text("Thank you. A moderator will look at it.").first).to_be_visible()


def edit(page: Page, comment: Comment) -> None:
    page.reload()
    shown = arrived(page).locator(f"#comment-{comment.pk}")
    expect(shown.locator(".answers")).to_contain_text("It is not")
    shown.get_by_role("link", name="Edit").click()
    page.get_by_label("Your comment").fill("The bridge is fine, you fools")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(shown.locator("> article")).to_contain_text("you fools")


def remove(context: BrowserContext, world: World, comment: Comment) -> None:
    """As a curator with the password and the code of an authenticator app: the password alone opens no queue."""
    moderator = make_curator(email=CURATOR, password=PASSWORD)
    EmailAddress.objects.create(user=moderator, email=CURATOR, verified=True, primary=True)
    page = context.new_page()
    page.goto(world.address + QUEUE)
    log_in(page, world.address, CURATOR)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    counter = next(totp.yield_hotp_counters_from_time())
    page.get_by_label("Code").fill(totp.format_hotp_value(totp.hotp_value("A" * 32, counter)))
    go_by(page.get_by_role("button", name="Log in"))
    page.goto(world.address + QUEUE)
    case = page.locator(f"#case-{comment.pk}")
    expect(case).to_contain_text("The bridge is fine, you fools")
    case.get_by_label("Note").fill("No insults, please")
    case.get_by_role("button", name="Remove").click()
    expect(page.locator("#said")).to_contain_text("1 comment is removed.")
    assert ModerationAction.objects.filter(comment=comment, action="removed", moderator=moderator).exists()


def see_the_notices(page: Page, world: World) -> None:
    page.goto(world.address)
    go_by(page.get_by_role("link", name="Notices: 2 unread"))
    expect(page.locator("main")).to_contain_text("answered you under “\u2068Council votes on the bridge\u2069”")
    go_by(page.locator("main").get_by_role("link", name="was removed by a moderator"))
    expect(page.get_by_text("A moderator has removed this comment. Only you see it.")).to_be_visible()
    expect(page.get_by_role("link", name="Notices: 1 unread")).to_be_visible()


def take_everything_along(page: Page, world: World) -> None:
    page.goto(f"{world.address}/settings/data/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        said = {name: archive.read(name).decode() for name in archive.namelist()}
    assert all(json.loads(text) is not None for name, text in said.items() if name.endswith(".json"))
    everything = "".join(said.values())
    assert ANNA in everything and "you fools" in everything
    assert "It is not" not in everything, "what somebody else wrote is not hers"


def be_gone(page: Page, world: World, mailbox: Mailbox) -> None:
    page.goto(f"{world.address}/settings/data/")
    page.get_by_role("checkbox").check()
    page.get_by_label("Password", exact=True).fill("not the password")
    go_by(page.get_by_role("button", name="Delete my account"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your data")
    assert User.objects.filter(email=ANNA).exists()

    page.get_by_role("checkbox").check()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    go_by(page.get_by_role("button", name="Delete my account"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The account is deleted")
    assert not User.objects.filter(email=ANNA).exists()
    assert mailbox.to(ANNA)[-1]["Subject"]
    log_in(page, world.address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    page.goto(world.address + world.talked_about.get_absolute_url())
    expect(page.get_by_text("Removed by a moderator")).to_be_visible()
    expect(page.get_by_role("button", name="Log in to like (0)")).to_be_visible()
