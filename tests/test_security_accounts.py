"""Accounts, cookies and sessions: section 4 of the security notes, line by line.

cookies: __Host-, Secure, HttpOnly, SameSite    test_cookies_over_https_…, test_the_cookies_a_log_in_sets_…
the key of a session rotates                    test_the_key_of_a_session_changes_…
a new password ends all sessions                test_a_new_password_ends_…
deactivation ends them, and for good            test_a_deactivated_reader_is_out_everywhere_…
CSRF on every POST                              test_every_form_asks_for_its_token, test_json_is_no_way_round_…
no open redirect                                test_no_way_in_or_out_leads_to_another_site
Host header in mails                            tests/test_security_web.py; here test_a_forged_host_changes_nothing_…
enumeration: by words, by time                  test_nobody_learns_who_…, test_a_wrong_name_takes_as_long_…
enumeration: by each step of registering       tests/accounts/test_signing_up.py
log-in 5 in 5 min a name, 30 a min an address   test_a_name_has_five_tries_…, test_an_address_has_thirty_…
sign-up 5 an hour an address                    test_an_address_makes_five_accounts_…
other doors: code, second step, passkey, reset  test_each_other_door_is_counted
counted by the true client address              test_a_forged_address_…, test_behind_a_proxy_…
fail closed for log-in                          test_while_redis_is_away_nobody_logs_in
staff need a second factor                      test_the_admin_is_shut_…
private pages in no shared cache                test_pages_of_an_account_are_kept_by_no_cache
limits of likes, comments, search               tests/comments/, tests/aggregator/test_search*.py
"""

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache, caches
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from redis.exceptions import ConnectionError as RedisIsAway

from accounts.models import User
from tests.factories import make_article, make_curator, make_reader, make_source
from tests.mailbox import sends_mail

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
PASSWORD, NEW = "a long pass phrase", "another long phrase"
ANNA = "anna@example.org"


@pytest.fixture
def anna() -> User:
    reader = make_reader(email=ANNA, password=PASSWORD)
    EmailAddress.objects.create(user=reader, email=ANNA, verified=True, primary=True)
    return reader


@pytest.fixture
def site_with_mail(settings) -> None:
    sends_mail(settings)


def log_in(client: Client, password: str = PASSWORD, login: str = ANNA, **headers: str):
    return client.post("/accounts/login/", {"login": login, "password": password}, **headers)


def is_in(client: Client) -> bool:
    return client.get("/settings/account/").status_code == 200


def confirm(client: Client, password: str = PASSWORD) -> None:
    client.post("/accounts/reauthenticate/", {"password": password})


# Cookies and sessions


def test_cookies_over_https_are_bound_to_our_host_and_out_of_reach_of_scripts(clean_environment):
    names = (
        "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE",
        "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH",
    )  # fmt: skip
    code = f"from django.conf import settings; print([getattr(settings, name) for name in {names!r}])"
    environment = clean_environment(
        SECRET_KEY="x" * 50, SITE_URL="https://news.example", DJANGO_SETTINGS_MODULE="zisnews.settings"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    expected = ["__Host-session", "__Host-csrf", True, True, True, True, "Lax", "Lax", None, None, "/", "/"]
    assert done.stdout.strip() == str(expected)


def test_the_cookies_a_log_in_sets_are_marked_as_the_settings_say(client, anna, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True

    client.get("/accounts/login/")
    log_in(client)

    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, True, "Lax", "")


def test_the_key_of_a_session_changes_where_somebody_gets_more_rights(client, anna):
    client.get("/accounts/login/")
    client.post("/article/1/reaction/", {"kind": "like"})  # what is kept over the log-in begins a session
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key

    log_in(client)
    inside = client.session.session_key
    confirm(client)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert len({before, inside, client.session.session_key}) == 3


@pytest.mark.parametrize("way", ["change", "reset", "command"])
@pytest.mark.usefixtures("site_with_mail")
def test_a_new_password_ends_all_other_sessions(client, anna, mailoutbox, way):
    other = Client()
    log_in(other)
    log_in(client)
    assert is_in(other)

    if way == "change":
        confirm(client)
        client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
        assert is_in(client), "this one goes on"
    elif way == "reset":
        outside = Client()
        outside.post("/accounts/password/reset/", {"email": ANNA})
        (link,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mailoutbox[-1].body)
        form = outside.get(link, follow=True).redirect_chain[-1][0]
        outside.post(form, {"password1": NEW, "password2": NEW})
        assert not is_in(client)
    else:
        anna.refresh_from_db()
        anna.set_password(NEW)
        anna.save()
        assert not is_in(client)

    assert not is_in(other)
    anna.refresh_from_db()
    assert anna.check_password(NEW)


def test_a_deactivated_reader_is_out_everywhere_and_stays_out_when_let_in_again(client, anna):
    other = Client()
    log_in(client)
    other.force_login(anna)  # a session nobody has a row of

    anna.refresh_from_db()
    anna.is_active = False
    anna.save()
    assert not is_in(client) and not is_in(other)

    anna.is_active = True
    anna.save()
    log_in(client, password="wrong")
    assert not is_in(client) and not is_in(other)


def test_pages_of_an_account_are_kept_by_no_cache(client, anna):
    log_in(client)
    for name in ("account_settings", "your_data", "usersessions_list", "account_email", "mfa_index"):
        kept = client.get(reverse(name))["Cache-Control"]
        assert "private" in kept, f"{name}: {kept}"


# CSRF

# Addresses that take a POST without a token, each for a reason: all that has @csrf_exempt.
EXEMPT = {
    "preferences": "on every page; only our own pages' word counts, and it changes how they look",
    "close_ad": "on pages of readers without account; only our own pages' word counts, and it hides an ad",
    "sources_policy": "anybody may write to us; no cookie is read",
    "websub_callback": "hubs send signed news there; no cookie is read",
}
# These ask a user for the token inside; from a reader without account they take what is done after the log-in.
ASKED_INSIDE = {"reaction", "follow", "save_search", "hide_source", "save_article"}
# What brings each of those as far as to ask.
FIELDS = dict.fromkeys(("follow", "saved", "hidden"), "yes") | {
    "kind": "like",
    "what": "category",
    "id": "world",
    "query": "q=peace",
}


def walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address with something in place of what varies, and its pattern."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            filled = re.sub(r"<int:\w+>", "1", re.sub(r"\(\?P<\w+>[^)]*\)", "x", route))
            yield "/" + re.sub(r"[\^$\\]|\(\?:|\)\??", "", re.sub(r"<\w+:\w+>|<\w+>", "x", filled)), pattern


EVERY_ADDRESS = list(walk(get_resolver().url_patterns))


def test_what_needs_no_token_is_known_and_no_more():
    exempt = {pattern.name for _, pattern in EVERY_ADDRESS if getattr(pattern.callback, "csrf_exempt", False)}
    assert exempt == EXEMPT.keys() | ASKED_INSIDE


def test_every_form_asks_for_its_token():
    make_article(pk=1, source=make_source(pk=1, slug="x"))
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_curator(pk=1))
    taken, refused = {}, set()
    for path, pattern in EVERY_ADDRESS:
        status = client.post(path, FIELDS).status_code
        if status == 403:
            refused.add(pattern.name)
        elif status not in {404, 405} and pattern.name not in EXEMPT:
            taken[pattern.name or path] = status
    assert taken == {}
    assert refused >= ASKED_INSIDE | {"account_settings", "erase_account", "account_login", "keywords", "notices_read"}


def test_a_users_like_is_not_taken_from_another_site(anna):
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    assert client.post("/article/1/reaction/", {"kind": "like"}).status_code in {403, 404}
    foreign = {"sec-fetch-site": "cross-site"}
    assert client.post("/preferences/", {"theme": "dark"}, headers=foreign).status_code == 403


def test_json_is_no_way_round_the_token(anna):
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    for path in ("/settings/account/", "/settings/data/erase/", "/settings/keywords/", "/accounts/sessions/"):
        answer = client.post(path, {"a": "b"}, content_type="application/json", headers={"accept": "application/json"})
        assert answer.status_code == 403, path


# Where one is led to


@pytest.mark.parametrize(
    "next_page",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "http:///evil.example",
     "javascript:alert(1)", " //evil.example", "https://testserver@evil.example"],
)  # fmt: skip
def test_no_way_in_or_out_leads_to_another_site(client, anna, next_page):
    answers = [
        client.post("/accounts/login/", {"login": ANNA, "password": PASSWORD, "next": next_page}),
        client.get("/accounts/login/", {"next": next_page}),
        client.post("/settings/account/", {"display_name": "Anna", "next": next_page}),
        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": next_page}),
        client.post("/accounts/logout/", {"next": next_page}),
        client.post("/accounts/signup/", {"email": "b@example.org", "password1": PASSWORD, "next": next_page}),
    ]
    for answer in answers:
        assert "evil" not in answer.headers.get("Location", ""), answer.request["PATH_INFO"]
        assert "javascript" not in answer.headers.get("Location", "")


def test_a_page_of_ours_is_what_one_comes_back_to(client, anna):
    assert client.post("/accounts/login/?next=/latest/", {"login": ANNA, "password": PASSWORD, "next": "/latest/"})[
        "Location"
    ] == ("/latest/")


# Who has an account


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/accounts/login/", {"password": "wrong"}),
        ("/accounts/signup/", {"password1": PASSWORD}),
        ("/accounts/signup/passkey/", {}),
        ("/accounts/password/reset/", {}),
        ("/accounts/login/code/", {}),
    ],
)
def test_nobody_learns_who_has_an_account_from_what_is_said(anna, site_with_mail, mailoutbox, path, form):
    said = []
    for email in (ANNA, "nobody@example.org"):
        client = Client()
        answer = client.post(path, form | {"login": email, "email": email}, follow=True)
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        said.append((answer.status_code, answer.redirect_chain, page.replace(email, "")))
    assert said[0] == said[1]


def test_nobody_learns_who_has_an_account_by_adding_an_address(client, anna, site_with_mail):
    other = make_reader(email="b@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    said = []
    for email in (ANNA, "nobody@example.org"):
        log_in(client, login="b@example.org")
        confirm(client)
        answer = client.post("/accounts/email/", {"email": email, "action_add": ""})
        said.append((answer.status_code, answer["Location"]))
    assert said[0] == said[1]


class SlowEnough(PBKDF2PasswordHasher):
    """A sixth of Django's work: still many times what the rest of a log-in takes."""

    iterations = 200_000


def test_a_wrong_name_takes_as_long_as_a_wrong_password(anna, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.SlowEnough"]
    anna.set_password(PASSWORD)
    anna.save()

    def seconds(email: str) -> float:
        cache.clear()
        began = time.perf_counter()
        log_in(Client(), password="wrong", login=email)
        return time.perf_counter() - began

    known = statistics.median(seconds(ANNA) for _ in range(5))
    unknown = statistics.median(seconds("nobody@example.org") for _ in range(5))
    assert 0.4 < unknown / known < 2.5


def test_a_forged_host_changes_nothing_in_a_mail_of_any_kind(client, anna, site_with_mail, settings, mailoutbox):
    settings.SITE_URL, settings.ACCOUNT_EMAIL_NOTIFICATIONS = "https://news.example", True
    forged = {"host": "localhost"}
    for email in (ANNA, "nobody@example.org"):
        Client().post("/accounts/login/code/", {"email": email}, headers=forged)
    log_in(client, headers=forged)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD}, headers=forged)
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""}, headers=forged)
    client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, headers=forged
    )

    assert len(mailoutbox) == 4
    for mail in mailoutbox:
        assert "localhost" not in mail.subject + mail.body and "news.example" in mail.body, mail.body
        links = re.findall(r"https?://\S+", mail.body)
        assert links and all(link.startswith("https://news.example/") for link in links)


# How often


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


# Staff


def test_the_admin_is_shut_to_staff_without_a_second_factor_and_says_what_to_do(client):
    curator = make_curator(email=ANNA, password=PASSWORD)
    client.force_login(curator)
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.all().delete()
    Authenticator.objects.create(user=curator, type="recovery_codes", data={})

    for path in ("/admin/", "/admin/feeds/feed/", "/admin/health/", "/admin/accounts/user/"):
        answer = client.get(path, follow=True)
        page = answer.content.decode()
        assert answer.status_code == 403 and reverse("mfa_activate_totp") in page, path
        assert "changelist" not in page and "Feeds" not in page
    assert client.post("/admin/feeds/feed/", {"action": "x"}).status_code == 302


def test_no_address_of_the_admin_opens_without_a_second_factor(client):
    client.force_login(make_curator(pk=1))
    make_article(pk=1, source=make_source(pk=1))
    inside = [path for path, _ in EVERY_ADDRESS if path.startswith(("/admin/", "/metrics"))]
    opened = {path for path in inside if client.get(path).status_code == 200}
    assert len(opened) > 20, "else this would prove nothing"
    Authenticator.objects.all().delete()

    still = {path for path in opened if client.get(path).status_code == 200}

    assert still == set()


def test_the_admin_has_no_log_in_of_its_own(client):
    curator = make_curator(email=ANNA, password=PASSWORD)

    answer = client.post("/admin/login/", {"username": ANNA, "password": PASSWORD})

    assert answer["Location"].startswith("/accounts/login/") and "_auth_user_id" not in client.session
    log_in(client)
    assert client.get("/admin/").status_code == 302, "the second step is asked for first"
    assert Authenticator.objects.filter(user=curator).exists()


def test_a_reader_is_told_nothing_of_the_admin(client, anna):
    client.force_login(anna)
    assert client.get("/admin/", follow=True).status_code == 403
