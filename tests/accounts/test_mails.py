"""The mails of accounts: plain text, in the reader's language, from a real server, told of what was done."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.mailbox import Mailbox, code_in, text_of
from tests.readers import ANNA, PASSWORD

pytestmark = pytest.mark.django_db
NEW = "another long phrase"


def confirmed(client: Client) -> Client:
    client.post("/accounts/login/", {"login": ANNA, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_who_registers_confirms_by_a_code_and_is_in(client, mailbox: Mailbox):
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD})
    mail = mailbox.wait_for("new@example.org")
    assert mail.get_content_type() == "text/plain" and "[testserver] Confirm your address" in str(mail["Subject"])
    assert "_auth_user_id" not in client.session

    client.post("/accounts/confirm-email/", {"code": code_in(text_of(mail))})

    assert "_auth_user_id" in client.session
    assert EmailAddress.objects.get(email="new@example.org").verified


def test_who_left_before_the_code_came_gets_another_by_logging_in(client, mailbox: Mailbox, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"confirm_email": "9/m/key"}
    Client().post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD})
    client.post("/accounts/login/", {"login": "new@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session

    client.post("/accounts/confirm-email/", {"code": code_in(text_of(mailbox.wait_for("new@example.org", 2)))})

    assert "_auth_user_id" in client.session


def test_a_code_logs_in_once(client, mailbox: Mailbox, anna):
    client.post("/accounts/login/code/", {"email": ANNA})
    (code,) = [line.strip() for line in text_of(mailbox.wait_for(ANNA)).splitlines() if line.strip().isupper()]

    client.post("/accounts/login/code/confirm/", {"code": code})
    assert "_auth_user_id" in client.session
    other = Client()
    other.post("/accounts/login/code/confirm/", {"code": code})
    assert "_auth_user_id" not in other.session


def test_a_mail_is_in_the_language_its_reader_chose_not_in_that_of_who_asked(client, mailbox: Mailbox, anna):
    anna.language = "de"
    anna.save()
    client.post("/accounts/password/reset/", {"email": ANNA}, headers={"accept-language": "ru"})
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, headers={"accept-language": "ru"})

    theirs, nobodys = mailbox.wait_for(ANNA), mailbox.wait_for("nobody@example.org")

    from django.utils import translation  # noqa: PLC0415

    with translation.override("de"):
        assert translation.gettext("Choose a new password") in str(theirs["Subject"])
    with translation.override("ru"):
        assert translation.gettext("There is no account with this address") in str(nobodys["Subject"])


def test_whoever_changes_the_password_is_told_of(client, mailbox: Mailbox, anna):
    confirmed(client).post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
        headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"},
    )
    text = text_of(mailbox.wait_for(ANNA))
    assert "Firefox on Linux" in text and "127.0.0.1" in text and "/accounts/password/reset/" in text


def test_an_address_changes_only_once_it_is_confirmed_and_the_old_one_is_told(client, mailbox: Mailbox, anna):
    confirmed(client).post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    client.post("/accounts/email/", {"email": "new@example.org", "action_primary": ""})
    anna.refresh_from_db()
    assert anna.email == ANNA, "not before it is confirmed"

    client.post("/accounts/confirm-email/", {"code": code_in(text_of(mailbox.wait_for("new@example.org")))})
    client.post("/accounts/email/", {"email": "new@example.org", "action_primary": ""})

    anna.refresh_from_db()
    assert anna.email == "new@example.org"
    assert any("new@example.org" in text_of(mail) for mail in mailbox.to(ANNA))


def test_who_did_not_just_show_who_they_are_can_not_change_an_address(client, mailbox: Mailbox, anna):
    client.force_login(anna)
    answer = client.post("/accounts/email/", {"email": "evil@example.org", "action_add": ""})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email="evil@example.org").exists()


def test_who_has_an_account_already_is_told_by_mail_alone(client, mailbox: Mailbox, anna):
    client.post("/accounts/signup/", {"email": ANNA, "password1": PASSWORD})
    assert "an account already" in str(mailbox.wait_for(ANNA)["Subject"])
    assert User.objects.count() == 1
