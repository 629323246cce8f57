"""Every address is tried: forms without a token, and the admin's without a second factor."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories import make_article, make_curator, make_source
from tests.readers import ANNA, PASSWORD, log_in

pytestmark = pytest.mark.django_db
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
