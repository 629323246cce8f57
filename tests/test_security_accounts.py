"""Accounts, cookies and sessions: section 4 of the security notes, line by line.

cookies: __Host-, Secure, HttpOnly, SameSite    test_cookies_over_https_…, test_the_cookies_a_log_in_sets_…
the key of a session rotates                    test_the_key_of_a_session_changes_…
a new password ends all sessions                test_a_new_password_ends_…
deactivation ends them, and for good            test_a_deactivated_reader_is_out_everywhere_…
CSRF on every POST                              tests/test_security_addresses.py
no open redirect                                test_no_way_in_or_out_leads_to_another_site
Host header in mails                            tests/test_security_web.py; here test_a_forged_host_changes_nothing_…
enumeration: by words, by time                  test_nobody_learns_who_…, test_a_wrong_name_takes_as_long_…
enumeration: by each step of registering        tests/accounts/test_signing_up.py
how often, by name and address and door         tests/test_security_tries.py
counted by the true client address              tests/test_security_tries.py
fail closed for log-in                          tests/test_security_tries.py
staff need a second factor                      tests/test_security_addresses.py
private pages in no shared cache                test_pages_of_an_account_are_kept_by_no_cache
limits of likes, comments, search               tests/comments/, tests/aggregator/test_search*.py
"""

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import make_reader
from tests.readers import ANNA, PASSWORD, is_in, log_in

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
NEW = "another long phrase"


def confirm(client: Client, password: str = PASSWORD) -> None:
    client.post("/accounts/reauthenticate/", {"password": password})


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


def test_a_wrong_name_takes_as_long_as_a_wrong_password(anna, settings):
    settings.PASSWORD_HASHERS = ["tests.hashers.SlowEnough"]
    anna.set_password(PASSWORD)
    anna.save()

    def seconds(email: str) -> float:
        cache.clear()
        began = time.thread_time()  # of our own work: what else the machine does would be noise
        log_in(Client(), password="wrong", login=email)
        return time.thread_time() - began

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
