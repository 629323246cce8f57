"""How often somebody may try to get in: by name, by address, by every door, and while Redis is away."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import caches
from django.test import Client
from redis.exceptions import ConnectionError as RedisIsAway

from accounts.models import User
from tests.readers import ANNA, PASSWORD, is_in, log_in

pytestmark = pytest.mark.django_db


def test_a_name_has_five_tries_in_five_minutes_whatever_host_and_address_they_come_by(anna):
    hosts = ["testserver", "localhost", "127.0.0.1"]
    said = [
        log_in(Client(), password=f"no {n}", headers={"host": hosts[n % 3]}, REMOTE_ADDR=f"203.0.113.{n}")
        for n in range(5)
    ]
    assert all("not correct" in answer.content.decode() for answer in said)
    client = Client()

    right = log_in(client, login=ANNA.upper(), REMOTE_ADDR="203.0.113.99")

    assert "Too many failed" in right.content.decode() and not is_in(client)


def test_the_five_tries_are_over_after_five_minutes(anna, monkeypatch):
    client = Client()
    for n in range(6):
        log_in(client, password=f"no {n}")
    later = time.time() + 301
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)

    log_in(client)

    monkeypatch.undo()
    assert is_in(client)


def test_an_address_has_thirty_tries_a_minute_whatever_names_it_guesses(anna):
    guesses = [log_in(Client(), login=f"guess{n}@example.org").status_code for n in range(31)]
    assert guesses == [200] * 30 + [429]
    answer = log_in(Client())
    assert answer.status_code == 429 and answer["Retry-After"] and "css/zis" in answer.content.decode()
    assert log_in(Client(), REMOTE_ADDR="203.0.113.7").status_code == 302


def test_an_address_makes_five_accounts_an_hour_and_a_mistake_uses_up_none(site_with_mail):
    def sign_up(n: int, **more: str) -> int:
        form = {"email": f"new{n}@example.org", "password1": PASSWORD}
        return Client().post("/accounts/signup/", form, **more).status_code

    for _ in range(7):
        Client().post("/accounts/signup/", {"email": "no address", "password1": "1"})
    assert [sign_up(n) for n in range(6)] == [302] * 5 + [429]
    assert User.objects.count() == 5
    assert sign_up(9, REMOTE_ADDR="203.0.113.7") == 302


def by_code(client: Client) -> int:
    return client.post("/accounts/login/code/", {"email": ANNA}).status_code


def by_reset(client: Client) -> int:
    return client.post("/accounts/password/reset/", {"email": ANNA}).status_code


def by_passkey(client: Client) -> int:
    return client.post("/accounts/2fa/webauthn/login/", {"credential": "{}"}).status_code


def again(client: Client) -> int:
    if not is_in(client):
        log_in(client)
    return client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code


@pytest.mark.parametrize("door", [by_code, by_reset, by_passkey, again])
def test_each_other_door_is_counted(client, anna, site_with_mail, mailoutbox, door: Callable[[Client], int]):
    answers = [door(client) for _ in range(22)]
    stopped = 429 in answers or len(mailoutbox) <= 6
    assert stopped and answers[0] != 429


def test_the_second_step_is_counted_by_account(anna):
    Authenticator.objects.create(user=anna, type="totp", data={"secret": "A" * 32})
    client = Client()
    log_in(client)
    for n in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": f"00000{n}"}, REMOTE_ADDR=f"203.0.113.{n}")
    said = client.post("/accounts/2fa/authenticate/", {"code": "000009"}, REMOTE_ADDR="203.0.113.9").content.decode()
    assert "Too many failed" in said and not is_in(client)


def test_a_forged_address_is_not_believed(anna, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    tries = [
        log_in(Client(), login=f"g{n}@example.org", headers={"x-forwarded-for": f"198.51.100.{n}"}).status_code
        for n in range(31)
    ]
    assert tries[-1] == 429


def test_behind_a_proxy_it_counts_the_reader_and_not_the_proxy(anna, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def come_from(address: str, n: int) -> int:
        forged = f"10.9.8.{n}, {address}"
        return log_in(Client(), login=f"g{n}@example.org", headers={"x-forwarded-for": forged}).status_code

    assert [come_from("203.0.113.5", n) for n in range(31)][-1] == 429
    assert come_from("203.0.113.6", 1) == 200


def test_while_redis_is_away_nobody_logs_in(client, anna, site_with_mail, monkeypatch):
    log_in(client)
    outside = Client()

    def refuse(*arguments: object, **named: object) -> None:
        raise RedisIsAway("away")

    backend = caches["default"]
    for name in ("add", "get", "set", "delete", "incr", "get_many", "set_many"):
        monkeypatch.setattr(backend, name, refuse)

    answers = [
        log_in(outside),
        outside.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD}),
        outside.post("/accounts/password/reset/", {"email": ANNA}),
        outside.post("/accounts/2fa/webauthn/login/", {"credential": "{}"}),
    ]

    assert {answer.status_code for answer in answers} == {503}
    assert answers[0]["Retry-After"] and "css/zis" in answers[0].content.decode()
    assert "_auth_user_id" not in outside.cookies
    assert client.get("/settings/account/").status_code == 200, "whoever was in stays in"
