"""Every address of allauth, opened: in our look, with one heading, labels and no inline script."""

import re
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories import make_reader
from tests.mailbox import code_in, sends_mail

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?! src=| type=\"application/json\"| id=\"js_data\")")
ADD_TOTP = "mfa_activate_totp"


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif pattern.name and getattr(pattern.callback, "__module__", "").startswith("allauth"):
            yield pattern.name, str(pattern.pattern)


ALL = dict(names(get_resolver().url_patterns))
WITH_ARGUMENTS = {
    "account_confirm_email",
    "account_reset_password_from_key",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}
# Answers that are no page: a file, and JSON.
NO_PAGE = {"mfa_download_recovery_codes", "mfa_login_webauthn"}
OURS = {"account_login", "account_signup", "account_email", "account_request_login_code", "account_reset_password",
        "account_signup_by_passkey", "account_email_verification_sent", "mfa_signup_webauthn"}  # fmt: skip


@pytest.fixture
def reader(client):
    """Logged in a moment ago by the form, so that nothing asks for the password again."""
    reader = make_reader(email="reader@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": reader.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return reader


def looks_like_ours(page: str, where: str) -> None:
    assert "css/zis.css" in page, where
    assert 'class="sheet' in page or 'class="settings"' in page, where
    assert page.count("<h1") == 1, where
    assert not INLINE.search(page), f"{where}: {INLINE.search(page)}"
    assert "mfa/js/" not in page and "account/js/" not in page, where
    main = page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", main):
        if 'type="hidden"' in field:
            continue
        identity = re.search(r'id="([^"]+)"', field)
        labelled = identity and f'for="{identity[1]}"' in main
        assert labelled or "aria-label" in field, f"{where}: {field}"


@pytest.mark.parametrize("name", sorted((set(ALL) | OURS) - WITH_ARGUMENTS - NO_PAGE))
def test_a_page_stands_in_our_look_for_whoever_may_open_it(client, reader, name):
    if name not in {ADD_TOTP}:
        Authenticator.objects.create(user=reader, type="totp", data={"secret": "A" * 32})
        RecoveryCodes.activate(reader)
    answer = client.get(reverse(name))
    if answer.status_code == 302:  # a page for people outside
        client.logout()
        answer = client.get(reverse(name))
    if answer.status_code == 302:  # a step of something that has not begun
        assert "/accounts/" in answer["Location"] or answer["Location"] == "/"
        return
    assert answer.status_code in {200, 401}, f"{name}: {answer.status_code}"  # 401: another site did not let them in
    looks_like_ours(answer.content.decode(), name)


def test_the_steps_of_a_log_in_stand_in_our_look(client, settings, reader):
    settings.EMAIL_IS_CONFIGURED = True
    client.logout()
    client.post("/accounts/login/code/", {"email": reader.email})
    page = client.get("/accounts/login/code/confirm/").content.decode()
    looks_like_ours(page, "code")
    assert "Enter the code in it" in page and "Sign-In" not in page and "sign-in" not in page
    wrong = client.post("/accounts/login/code/confirm/", {"code": "WRNG-CODE"}).content.decode()
    assert "This is not the code. The newest e-mail has it." in wrong
    (code,) = re.findall(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[-1].body, re.M)

    Authenticator.objects.create(user=reader, type="totp", data={"secret": "A" * 32})
    answer = client.post("/accounts/login/code/confirm/", {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/authenticate/"
    looks_like_ours(answer.content.decode(), "second step")
    assert 'id="js_data" type="application/json"' in answer.content.decode()


def test_the_steps_of_registering_stand_in_our_look(client, settings):
    sends_mail(settings)
    looks_like_ours(client.get("/accounts/signup/").content.decode(), "register")
    looks_like_ours(client.get("/accounts/signup/passkey/").content.decode(), "register by passkey")
    client.post("/accounts/signup/passkey/", {"email": "new@example.org"})
    looks_like_ours(client.get("/accounts/confirm-email/").content.decode(), "code")
    answer = client.post("/accounts/confirm-email/", {"code": code_in(mail.outbox[-1].body)}, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/webauthn/signup/"
    looks_like_ours(answer.content.decode(), "first passkey")


def test_a_link_of_a_mail_opens_a_page_in_our_look(client, reader):
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    (link,) = re.findall(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[-1].body)
    client.logout()
    looks_like_ours(client.get(link).content.decode(), "confirm")
    looks_like_ours(client.get("/accounts/confirm-email/no:such:key/").content.decode(), "no such key")


def test_a_link_to_a_new_password_opens_a_page_in_our_look(client, settings, reader):
    sends_mail(settings)
    client.logout()
    client.post("/accounts/password/reset/", {"email": reader.email})
    (link,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    looks_like_ours(client.get(link, follow=True).content.decode(), "new password")
    looks_like_ours(client.get("/accounts/password/reset/key/1-nothing/").content.decode(), "bad link")


def test_a_passkey_is_renamed_and_removed_on_pages_of_ours(client, reader):
    key = Authenticator.objects.create(user=reader, type="webauthn", data={"name": "Phone", "credential": {}})
    for path in (f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", f"/accounts/2fa/webauthn/keys/{key.pk}/remove/"):
        looks_like_ours(client.get(path).content.decode(), path)
