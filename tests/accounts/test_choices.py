"""How one reads: kept in the account, so that it is so on every device."""

import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


def opening(client):
    return client.get("/about/").content.decode()[:600]


@pytest.mark.parametrize(
    ("form", "field", "shown"),
    [
        ({"theme": "dark"}, "theme", 'data-theme="dark"'),
        ({"text": "larger"}, "text_size", 'data-text="larger"'),
    ],
)
def test_what_is_chosen_on_one_device_is_so_on_another(client, reader, form, field, shown):
    client.post("/preferences/", form)
    client.cookies.clear()
    client.force_login(reader)

    assert shown in opening(client)
    reader.refresh_from_db()
    assert getattr(reader, field) == next(iter(form.values()))


def test_the_account_goes_before_the_cookie_of_a_device(client, reader):
    User.objects.filter(pk=reader.pk).update(theme="light")
    client.cookies["theme"] = "dark"

    assert 'data-theme="light"' in opening(client)


def test_keys_are_switched_off_for_the_account(client, reader):
    client.post("/preferences/", {"keys": "off"})
    client.cookies.pop("keys")

    assert 'data-keys="off"' in opening(client)


def test_whoever_has_no_account_chooses_by_cookie(client):
    client.post("/preferences/", {"text": "large", "keys": "off"})

    assert 'data-text="large"' in opening(client) and 'data-keys="off"' in opening(client)
    assert "data-account" not in opening(client)


def test_what_only_an_account_has_is_no_cookie(client):
    assert not client.post("/preferences/", {"density": "compact"}).cookies
