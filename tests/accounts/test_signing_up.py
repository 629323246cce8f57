"""Registering where mail can be sent: the address is confirmed by a code, and nobody learns who has an account."""

import re
import statistics
import time
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.factories import make_reader
from tests.mailbox import code_in, sends_mail
from tests.readers import ANNA, PASSWORD

pytestmark = pytest.mark.django_db
NEW, CODE = "new@example.org", "/accounts/confirm-email/"


@pytest.fixture(autouse=True)
def site(settings) -> None:
    sends_mail(settings)


@pytest.fixture
def patient(settings) -> None:
    """A site that sends codes to an address as quickly as they are asked for."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"confirm_email": "99/m/key"}


def sign_up(client: Client, email: str = NEW, by: str = "signup") -> Any:
    return client.post(f"/accounts/{by}/", {"email": email, "password1": PASSWORD})


def enter(client: Client, code: str) -> Any:
    return client.post(CODE, {"code": code})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_code_is_asked_for_as_phones_can_fill_it_in(client):
    sign_up(client)
    field = re.search(r'<input[^>]*name="code"[^>]*>', client.get(CODE).content.decode())
    assert field and 'autocomplete="one-time-code"' in field[0] and 'inputmode="numeric"' in field[0]


def test_a_code_may_be_typed_with_a_gap(client, mailoutbox):
    sign_up(client)
    code = code_in(mailoutbox[0].body)
    enter(client, f" {code[:3]} {code[3:]}")
    assert is_in(client)


def test_three_wrong_codes_end_it(client, mailoutbox):
    sign_up(client)
    code = code_in(mailoutbox[0].body)
    assert "This is not the code." in enter(client, wrong(code)).content.decode()
    enter(client, wrong(code))
    assert "too often" in client.post(CODE, {"code": wrong(code)}, follow=True).content.decode()
    enter(client, code)
    assert not is_in(client)


def test_a_code_is_over_after_a_quarter_of_an_hour(client, mailoutbox):
    with time_machine.travel(time.time() - 16 * 60):
        sign_up(client)
    enter(client, code_in(mailoutbox[0].body))
    assert not is_in(client)


@pytest.mark.usefixtures("patient")
def test_a_new_code_comes_twice_and_the_older_is_no_longer_good(client, mailoutbox):
    sign_up(client)
    for _ in range(4):
        client.post(CODE, {"action": "resend"})
    assert [mail.to for mail in mailoutbox] == [[NEW]] * 3
    enter(client, code_in(mailoutbox[0].body))
    assert not is_in(client)
    enter(client, code_in(mailoutbox[2].body))
    assert is_in(client)


def test_a_new_code_at_once_is_refused_in_words_and_the_first_stays_good(client, mailoutbox):
    sign_up(client)
    answer = client.post(CODE, {"action": "resend"}, follow=True)
    assert answer.status_code == 200 and "Be patient" in answer.content.decode()
    enter(client, code_in(mailoutbox[0].body))
    assert is_in(client) and len(mailoutbox) == 1


def test_an_address_gets_twenty_codes_an_hour(client, anna):
    EmailAddress.objects.update(verified=False)
    said, began = [], time.time()
    for n in range(21):
        with time_machine.travel(began + 11 * n):
            form = {"login": ANNA, "password": PASSWORD}
            said.append(Client().post("/accounts/login/", form, follow=True).redirect_chain)
    assert said[19] == [(CODE, 302)] and said[20] != [(CODE, 302)]


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("mistyped", [ANNA, "nobody@example.org"])
def test_a_mistyped_address_is_changed_whoever_it_belongs_to(client, anna, mailoutbox, mistyped):
    client.post("/accounts/signup/?next=/latest/", {"email": mistyped, "password1": PASSWORD, "next": "/latest/"})
    client.post(CODE, {"action": "change", "email": NEW})
    assert [mail.to for mail in mailoutbox] == [[mistyped], [NEW]]

    answer = enter(client, code_in(mailoutbox[1].body))

    assert is_in(client) and answer["Location"] == "/latest/"
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert user.email == NEW and user.check_password(PASSWORD)
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")) == [
        (NEW, True, True)
    ]
    assert User.objects.count() == 2


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("by", ["signup", "signup/passkey"])
@pytest.mark.parametrize("then", [{"action": "resend"}, {"action": "change", "email": "other@example.org"},
                                  {"action": "change", "email": ANNA}, {"code": "no"}])  # fmt: skip
def test_no_step_of_registering_tells_who_has_an_account(anna, by, then):
    said = []
    for email in ("boris@example.org", NEW):
        make_reader(email="boris@example.org", password=PASSWORD) if email != NEW else None
        reader = Client()
        sign_up(reader, email, by)
        for _ in range(4):
            answer = reader.post(CODE, then, follow=True)
            page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
            said.append((email, answer.status_code, answer.redirect_chain, page.replace(email, "")))
        User.objects.filter(email="other@example.org").delete()
    assert [one[1:] for one in said[:4]] == [one[1:] for one in said[4:]]


def test_registering_takes_as_long_for_who_has_an_account(anna, settings):
    settings.PASSWORD_HASHERS = ["tests.hashers.SlowEnough"]

    def seconds(email: str) -> float:
        cache.clear()
        began = time.perf_counter()
        assert sign_up(Client(), email)["Location"] == CODE
        return time.perf_counter() - began

    known = statistics.median(seconds(ANNA) for _ in range(5))
    unknown = statistics.median(seconds(f"new{n}@example.org") for n in range(5))
    assert 0.4 < unknown / known < 2.5


@pytest.mark.parametrize("email", [ANNA, NEW])
def test_who_gives_up_leaves_nothing_behind(client, anna, email):
    sign_up(client, email)
    assert ("asked_for" in str(dict(client.session))) == (email == ANNA)
    assert client.post(CODE, {"action": "cancel"})["Location"] == "/accounts/login/"
    assert "code" not in str(dict(client.session))
    assert client.get(CODE)["Location"] == "/accounts/login/"


@pytest.mark.parametrize("email", [ANNA, NEW])
def test_who_logs_out_meanwhile_finds_no_page_for_a_code(client, anna, email):
    sign_up(client, email)
    client.post("/accounts/logout/")
    assert client.get(CODE)["Location"] == "/accounts/login/"
    assert "asked_for" not in str(dict(client.session))


@pytest.mark.parametrize("email", [ANNA, NEW])
def test_who_registers_by_a_passkey_is_asked_for_one_and_may_go_on_without(client, anna, mailoutbox, email, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"confirm_email": "99/m/key"}
    assert "Register with a passkey" in client.get("/accounts/signup/").content.decode()
    sign_up(client, email, "signup/passkey")
    if email == ANNA:
        client.post(CODE, {"action": "change", "email": NEW})
    answer = enter(client, code_in(mailoutbox[-1].body))
    assert answer["Location"] == "/accounts/2fa/webauthn/signup/" and not is_in(client)

    client.post(answer["Location"], {"without": "yes"})

    assert is_in(client) and not User.objects.get(email=NEW).has_usable_password()
    assert "/accounts/password/set/" in client.get("/settings/account/").content.decode()
    client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get(email=NEW).check_password(PASSWORD)


def test_nobody_comes_to_the_passkey_before_the_address_is_confirmed(client):
    sign_up(client, by="signup/passkey")
    answer = client.post("/accounts/2fa/webauthn/signup/", {"without": "yes"})
    assert answer["Location"] == "/accounts/signup/" and not is_in(client)


def test_where_no_mail_can_be_sent_one_registers_by_a_password_and_is_in(client, settings):
    settings.EMAIL_IS_CONFIGURED, settings.ACCOUNT_EMAIL_VERIFICATION = False, "none"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = settings.MFA_PASSKEY_SIGNUP_ENABLED = False

    assert "signup/passkey" not in client.get("/accounts/signup/").content.decode()
    assert sign_up(client, by="signup/passkey")["Location"] == "/accounts/signup/"
    assert not User.objects.exists()
    sign_up(client)
    assert is_in(client)
