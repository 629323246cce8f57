"""Where a reader is logged in: listed in words, and ended one by one or all but this."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.devices import device_of
from accounts.sessions import forget_rows_of_ended_sessions, places_of
from accounts.tasks import forget_ended_sessions
from tests.factories import make_reader

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0"


def logged_in(agent: str = LINUX, email: str = "anna@example.org") -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


@pytest.fixture
def anna():
    return make_reader(email="anna@example.org", password=PASSWORD)


def is_in(client: Client) -> bool:
    return client.get("/settings/account/").status_code == 200


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


@pytest.mark.parametrize(
    ("agent", "device"),
    [(LINUX, "Firefox on Linux"), (PHONE, "Chrome on Android"), (IPHONE, "Safari on iPhone"), (EDGE, "Edge on Windows"),
     ("curl/8.0", "An unknown device"), ("", "An unknown device"), ("Mozilla/5.0 (X11; Linux)", "Linux")],
)  # fmt: skip
def test_a_device_is_told_in_words(agent, device):
    assert device_of(agent) == device


def test_sessions_are_listed_this_one_marked(anna):
    phone, here = logged_in(PHONE), logged_in(LINUX)

    page = here.get("/accounts/sessions/").content.decode()

    assert page.index("Firefox on Linux") < page.index("Chrome on Android")
    this = page.split('aria-current="true"', 1)[1].split("</li>", maxsplit=1)[0]
    assert "This device" in this and "Firefox on Linux" in this and page.count("This device") == 1
    assert "last seen: <time" in page and PHONE not in page and phone.session.session_key not in page


def test_one_session_is_ended_and_the_others_stay(anna):
    phone, tablet, here = logged_in(PHONE), logged_in(EDGE), logged_in()

    page = here.post("/accounts/sessions/", {"session": row_of(phone).pk}, follow=True).content.decode()

    assert not is_in(phone) and is_in(tablet) and is_in(here)
    assert "That device is logged out." in page and "Chrome on Android" not in page


def test_ending_twice_is_ending_once(anna):
    phone, here = logged_in(PHONE), logged_in()
    pk = row_of(phone).pk
    answers = {here.post("/accounts/sessions/", {"session": pk}).status_code for _ in range(2)}
    assert answers == {303} and is_in(here)


def test_all_others_are_ended_also_those_nobody_has_a_row_of(anna):
    phone, unlisted, here = logged_in(PHONE), Client(), logged_in()
    unlisted.force_login(anna)
    before = here.session.session_key

    here.post("/accounts/sessions/")

    assert not is_in(phone) and not is_in(unlisted) and is_in(here)
    assert here.session.session_key != before
    assert [row.session_key for row in UserSession.objects.filter(user=anna)] == [here.session.session_key]


def test_ending_this_session_logs_out(anna):
    here = logged_in()
    here.post("/accounts/sessions/", {"session": row_of(here).pk})
    assert not is_in(here)


def test_a_strangers_session_is_not_ended(anna):
    make_reader(email="eve@example.org", password=PASSWORD)
    hers, eve = logged_in(), logged_in(email="eve@example.org")

    for named in (row_of(hers).pk, "x", "9" * 30):
        eve.post("/accounts/sessions/", {"session": named})

    assert is_in(hers) and is_in(eve)
    assert "Firefox" in hers.get("/accounts/sessions/").content.decode()


def test_when_a_session_was_seen_is_noted_now_and_then_and_costs_a_page_nothing(
    anna, django_assert_max_num_queries, django_assert_num_queries
):
    here = logged_in()
    with django_assert_max_num_queries(20) as first:
        here.get("/settings/account/")
    row = row_of(here)
    assert not [query for query in first.captured_queries if "usersession" in query["sql"] and "UPDATE" in query["sql"]]

    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        here.get("/settings/account/", headers={"user-agent": EDGE})
        row.refresh_from_db()
        assert row.last_seen_at == timezone.now() and device_of(row.user_agent) == "Edge on Windows"


def test_rows_of_ended_sessions_go(anna):
    here, other = logged_in(), logged_in(PHONE)
    Session.objects.filter(session_key=other.session.session_key).delete()
    cache.clear()

    listed = places_of(anna, here.session.session_key, timezone.now())

    assert [place.device for place in listed] == ["Firefox on Linux"] and UserSession.objects.count() == 1
    Session.objects.all().delete()
    forget_ended_sessions()
    forget_rows_of_ended_sessions()
    assert not UserSession.objects.exists()
