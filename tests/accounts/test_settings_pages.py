"""The frame of the settings: one navigation over all their pages."""

import pytest

from tests.factories import make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    made = make_reader(password="a long pass phrase")
    client.force_login(made)
    return made


@pytest.mark.parametrize("page", ["/settings/keywords/", "/accounts/email/", "/accounts/password/change/"])
def test_every_page_of_the_settings_and_of_the_account_has_the_one_navigation(client, reader, page):
    text = client.get(page, follow=True).content.decode()

    navigation = text.split('aria-label="Settings"')[1].split("</nav>")[0]
    assert all(name in navigation for name in ("Keywords", "Following", "Reading", "Account and security", "Your data"))


def test_the_first_page_of_the_settings_leads_to_each(client, reader):
    text = client.get("/settings/").content.decode()

    assert 'href="/settings/keywords/"' in text.split("<main")[1]


def test_nobody_without_an_account_has_settings(client):
    assert client.get("/settings/").headers["Location"].startswith("/accounts/login/")


def test_the_menu_behind_ones_name_leads_to_the_settings_and_out(client, reader):
    menu = client.get("/about/").content.decode().split('class="menu"')[1].split("</details>")[0]

    assert menu.index("/settings/") < menu.index("/accounts/logout/")
    assert "Curate" not in menu
