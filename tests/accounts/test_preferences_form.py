"""The footer's form: time zone and theme, without an account."""

import pytest

from tests.factories import make_reader

pytestmark = pytest.mark.django_db


def test_a_chosen_zone_is_kept_in_a_cookie_and_leads_back(client):
    response = client.post("/preferences/", {"time_zone": "Asia/Yerevan", "next": "/latest/?tab=latest"})

    assert response.status_code == 303 and response.headers["Location"] == "/latest/?tab=latest"
    assert response.cookies["tz"].value == "Asia/Yerevan"
    assert "UTC+4" in client.get("/about/").content.decode()


def test_a_chosen_theme_stands_in_the_page_before_anything_is_painted(client):
    client.post("/preferences/", {"theme": "dark"})

    assert 'data-theme="dark"' in client.get("/about/").content.decode()[:400]


def test_a_users_zone_is_kept_in_the_account(client):
    reader = make_reader()
    client.force_login(reader)

    client.post("/preferences/", {"time_zone": "Europe/Paris"})

    reader.refresh_from_db()
    assert reader.time_zone == "Europe/Paris"


@pytest.mark.parametrize("form", [{"time_zone": "Mars/Olympus"}, {"theme": "pink"}, {"time_zone": "a\0b"}])
def test_what_is_no_choice_is_refused(client, form):
    response = client.post("/preferences/", form)

    assert response.status_code == 400 and not response.cookies


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_the_way_back_never_leaves_the_site(client, target):
    assert client.post("/preferences/", {"theme": "dark", "next": target}).headers["Location"] == "/"


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_another_site_can_not_send_the_form(client, headers):
    response = client.post("/preferences/", {"theme": "dark"}, headers=headers)

    assert response.status_code == 403 and not response.cookies


def test_a_program_gets_json(client):
    response = client.post("/preferences/", {"theme": "dark"}, headers={"accept": "application/json"})

    assert response.json() == {"theme": "dark"}


def test_the_form_can_not_be_sent_by_a_link(client):
    assert client.get("/preferences/?theme=dark").status_code == 405
