"""The account pages: allauth's, in our look, with their errors told."""

import pytest

from tests.factories import make_reader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["login", "signup", "password/reset", "password/reset/done"])
def test_a_page_for_people_outside_stands_in_our_look(client, page):
    answer = client.get(f"/accounts/{page}/")

    assert answer.status_code == 200
    assert "css/zis.css" in answer.content.decode()


@pytest.mark.parametrize("page", ["logout", "email", "password/change", "2fa", "reauthenticate"])
def test_a_page_of_an_account_stands_in_our_look(client, page):
    client.force_login(make_reader(password="a long pass phrase"))

    answer = client.get(f"/accounts/{page}/")

    assert answer.status_code == 200
    assert 'class="sheet' in answer.content.decode()


def test_a_wrong_password_is_told_beside_the_form(client):
    make_reader(email="reader@example.org", password="right")

    page = client.post("/accounts/login/", {"login": "reader@example.org", "password": "wrong"}).content.decode()

    assert 'class="message bad" role="alert"' in page
    assert "not correct" in page


def test_a_field_that_is_wrong_says_so_and_is_tied_to_its_error(client):
    page = client.post("/accounts/signup/", {"email": "no address", "password1": "123"}).content.decode()

    assert 'aria-invalid="true"' in page
    assert 'id="id_email_error"' in page and "id_email_error" in page.split('name="email"')[1].split(">")[0]


def test_one_can_register_and_is_greeted_by_a_neutral_name(client):
    form = {"email": "new@example.org", "password1": "a long pass phrase"}

    page = client.post("/accounts/signup/", form, follow=True).content.decode()

    assert "Log out" in page and "Reader " in page and "new@example.org" not in page


def test_logging_out_takes_a_form(client):
    client.force_login(make_reader())

    assert "Log out" in client.get("/accounts/logout/").content.decode()
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_a_site_that_can_not_send_mail_promises_none(client, settings, mailoutbox):
    settings.EMAIL_IS_CONFIGURED = False
    make_reader(email="reader@example.org")

    asked = client.get("/accounts/password/reset/").content.decode()
    answered = client.post("/accounts/password/reset/", {"email": "reader@example.org"})

    assert "can not send e-mail" in asked and 'name="email"' not in asked
    assert "can not send e-mail" in answered.content.decode()
    assert not mailoutbox


def test_a_site_that_can_send_mail_sends_the_link_for_a_new_password(client, settings, mailoutbox):
    settings.EMAIL_IS_CONFIGURED = True
    make_reader(email="reader@example.org")

    assert 'name="email"' in client.get("/accounts/password/reset/").content.decode()
    client.post("/accounts/password/reset/", {"email": "reader@example.org"})

    assert "/accounts/password/reset/key/" in mailoutbox[0].body
