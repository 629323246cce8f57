"""The way of an account in a real browser, with a real mail server and a passkey on a device that is not there."""

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, CDPSession, Page, expect

from accounts.models import User
from accounts.sessions import places_of
from tests.browsers import WCAG, arrived, assert_axe_is_content, go_by
from tests.factories import make_article, make_reader
from tests.mailbox import Mailbox, code_in, sends_mail, text_of

pytestmark = pytest.mark.django_db(transaction=True)
ANNA, PASSWORD = "anna@example.org", "a long pass phrase"
OF_AN_ACCOUNT = ["/settings/account/", "/settings/data/", "/accounts/sessions/", "/accounts/email/", "/accounts/2fa/"]


@pytest.fixture
def site(live_server) -> str:
    """The site under a name: a passkey is bound to one, never to a number."""
    make_article(title="Council votes", minutes_ago=5)
    return live_server.url.replace("127.0.0.1", "localhost")


def with_a_device(page: Page) -> CDPSession:
    """Give the browser an authenticator that keeps passkeys and whose owner always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def log_in(page: Page, site: str, email: str = ANNA) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    go_by(page.get_by_role("button", name="Log in", exact=True))


def is_refused(said: str) -> bool:
    """Whether the policy refused something of ours; axe styles what it looks at."""
    return "Security Policy" in said and "style-src" not in said


def is_in(page: Page, site: str) -> bool:
    page.goto(f"{site}/settings/account/")
    return "/accounts/login/" not in page.url


def confirm_by_code(page: Page, mailbox: Mailbox) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your address")
    assert_axe_is_content(page, options={"runOnly": WCAG})
    page.get_by_label("Code").fill(code_in(text_of(mailbox.wait_for(ANNA))))
    go_by(page.get_by_role("button", name="Confirm"))
    assert "confirm-email" not in page.url


def test_register_confirm_passkey_log_in_by_it_and_end_the_other_session(browser: Browser, site: str, mailbox: Mailbox):
    context = browser.new_context(locale="en-GB")
    refused: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: refused.append(message.text) if is_refused(message.text) else None)

    page.goto(f"{site}/accounts/signup/")
    page.get_by_label("Email").fill(ANNA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    go_by(page.get_by_role("button", name="Register"))
    confirm_by_code(page, mailbox)
    assert is_in(page, site)

    with_a_device(page)
    page.goto(f"{site}/settings/account/")
    assert_axe_is_content(page, options={"runOnly": WCAG})
    go_by(page.get_by_role("link", name="Passkeys"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    go_by(page.get_by_role("button", name="Confirm"))
    assert_axe_is_content(page, options={"runOnly": WCAG})
    page.get_by_label("Its name").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert_axe_is_content(page, options={"runOnly": WCAG})

    page.goto(f"{site}/accounts/logout/")
    go_by(page.locator("main").get_by_role("button", name="Log out"))
    assert not is_in(page, site)

    page.goto(f"{site}/accounts/login/?next=/latest/")
    assert_axe_is_content(page, options={"runOnly": WCAG})
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(f"{site}/latest/")

    elsewhere = browser.new_context(locale="en-GB", user_agent="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0").new_page()
    log_in(elsewhere, site)
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Second step")
    codes = Authenticator.objects.get(user__email=ANNA, type="recovery_codes").wrap().get_unused_codes()
    elsewhere.get_by_label("Code").fill(codes[0])
    go_by(elsewhere.get_by_role("button", name="Log in"))
    assert is_in(elsewhere, site)

    page.goto(f"{site}/accounts/sessions/")
    assert_axe_is_content(page, options={"runOnly": WCAG})
    go_by(page.get_by_role("button", name="Log out: Firefox on Windows"))
    expect(page.get_by_text("That device is logged out.")).to_be_visible()
    assert not is_in(elsewhere, site) and is_in(page, site)
    assert len(places_of(User.objects.get(email=ANNA), None, timezone.now())) == 1
    assert refused == []
    for one in (context, elsewhere.context):
        one.close()


def test_register_by_a_passkey_and_delete_the_account_by_it(browser: Browser, site: str, mailbox: Mailbox):
    context = browser.new_context(locale="en-GB")
    refused: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: refused.append(message.text) if is_refused(message.text) else None)
    with_a_device(page)

    page.goto(f"{site}/accounts/signup/?next=/latest/")
    go_by(page.get_by_role("link", name="Register with a passkey"))
    expect(page.get_by_text("can not use passkeys")).to_be_hidden()
    assert_axe_is_content(page, options={"runOnly": WCAG})
    page.get_by_label("Email").fill(ANNA)
    go_by(page.get_by_role("button", name="Send the code"))
    confirm_by_code(page, mailbox)
    assert_axe_is_content(page, options={"runOnly": WCAG})
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url(f"{site}/latest/")
    assert not User.objects.get(email=ANNA).has_usable_password()

    page.goto(f"{site}/accounts/logout/")
    go_by(page.locator("main").get_by_role("button", name="Log out"))
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)

    page.goto(f"{site}/settings/data/")
    page.get_by_role("checkbox").check()
    go_by(page.get_by_role("button", name="Delete my account"))
    page.get_by_role("button", name="Use a passkey or a security key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The account is deleted")
    assert not User.objects.filter(email=ANNA).exists()
    assert refused == []
    context.close()


def test_at_a_bare_number_it_is_said_that_passkeys_can_not_work(browser: Browser, live_server, settings):
    sends_mail(settings)
    page = browser.new_page(locale="en-GB")
    page.goto(f"{live_server.url.replace('localhost', '127.0.0.1')}/accounts/signup/passkey/")
    expect(page.get_by_text("This browser can not use passkeys at this address.")).to_be_visible()
    expect(page.get_by_role("link", name="Register with a password")).to_be_visible()
    page.close()


def test_without_scripts_a_passkey_is_not_offered(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/accounts/login/")
    expect(page.get_by_role("button", name="Log in with a passkey")).to_be_hidden()
    assert "Passkeys need JavaScript." in page.content()  # a <noscript>: Playwright's switch leaves it closed
    context.close()


def test_a_passkey_that_is_not_there_is_said_in_words(page: Page, site: str):
    devtools = with_a_device(page)
    page.goto(f"{site}/accounts/login/")
    devtools.send("WebAuthn.disable")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("The device did not confirm it.")).to_be_visible()


def test_nothing_sticks_out_of_a_narrow_window(browser: Browser, site: str):
    make_reader(email=f"{'long' * 12}@example.org", password=PASSWORD)
    client = Client()
    client.post("/accounts/login/", {"login": f"{'long' * 12}@example.org", "password": PASSWORD})
    context = browser.new_context(viewport={"width": 320, "height": 640})
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    page = context.new_page()
    for address in OF_AN_ACCOUNT:
        page.goto(site + address)
        assert arrived(page).url == site + address
        for direction in ("ltr", "rtl"):
            page.evaluate("direction => { document.documentElement.dir = direction }", direction)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{address}, {direction}"
    context.close()
