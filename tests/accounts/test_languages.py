"""The language of the pages: as the browser asks, as the reader chose, as their account remembers."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import get_language_info

from tests.factories import make_reader

pytestmark = pytest.mark.django_db


def page_in(client, **headers) -> str:
    return client.get("/about/", headers=headers).content.decode()


def test_a_page_comes_in_the_language_that_the_browser_asks_for(client):
    assert '<html lang="ru" dir="ltr"' in page_in(client, accept_language="ru-RU,ru;q=0.9,en;q=0.5")
    assert '<html lang="ar" dir="rtl"' in page_in(client, accept_language="ar-EG")
    assert '<html lang="en" dir="ltr"' in page_in(client, accept_language="sw")


def test_a_chosen_language_goes_before_what_the_browser_asks_for(client):
    response = client.post("/preferences/", {"language": "hy", "next": "/about/"})

    assert response.status_code == 303 and response.cookies["language"].value == "hy"
    assert '<html lang="hy"' in page_in(client, accept_language="fr")


def test_a_users_language_waits_for_them_on_another_device(client):
    reader = make_reader()
    client.force_login(reader)
    client.post("/preferences/", {"language": "de"})
    del client.cookies["language"]

    assert '<html lang="de"' in page_in(client)


def test_logged_in_ones_own_language_goes_before_the_devices_and_the_last_choice_holds_everywhere(client):
    reader = make_reader(language="de")
    device, other = client, Client()
    device.post("/preferences/", {"language": "es"})
    for one in (device, other):
        one.force_login(reader)
    assert '<html lang="de"' in page_in(device), "chosen before they logged in, perhaps by somebody else"

    device.post("/preferences/", {"language": "fr"})

    assert '<html lang="fr"' in page_in(device) and '<html lang="fr"' in page_in(other)


def test_an_account_without_a_language_takes_the_devices(client):
    client.force_login(make_reader())
    client.cookies["language"] = "es"

    assert '<html lang="es"' in page_in(client)


@pytest.mark.parametrize("language", ["tlh", "en-GB-oed", "../ru", ""])
def test_a_language_we_do_not_speak_is_not_kept(client, language):
    response = client.post("/preferences/", {"language": language})

    assert "language" not in response.cookies


def test_a_page_says_that_it_depends_on_language_so_that_no_cache_mixes_them(client):
    assert "Accept-Language" in client.get("/about/").headers["Vary"]


def test_every_language_is_offered_by_its_own_name(client):
    page = page_in(client, accept_language="fr")

    for code, _name in settings.LANGUAGES:
        assert f'<option value="{code}" lang="{code}"' in page
        assert get_language_info(code)["name_local"].lower() in page.lower()
