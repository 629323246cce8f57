"""The first page of the account: the display name is changed there, all else is shown with its state."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.models import User
from tests.factories import make_reader

pytestmark = pytest.mark.django_db
PAGE = "/settings/account/"
PROGRAM = {"accept": "application/json"}


@pytest.fixture
def anna(client) -> User:
    reader = make_reader(email="anna@example.org", password="a long pass phrase")
    client.force_login(reader)
    return reader


def name_of(reader: User) -> str:
    reader.refresh_from_db()
    return reader.display_name


def test_who_is_not_logged_in_is_asked_to(client):
    for method in (client.get, client.post):
        assert method(PAGE)["Location"].startswith("/accounts/login/?next=")


def test_each_thing_is_shown_with_its_state(client, anna):
    EmailAddress.objects.create(user=anna, email=anna.email, verified=False, primary=True)
    bare = client.get(PAGE).content.decode()
    assert "anna@example.org, not confirmed yet" in bare and "Off" in bare
    EmailAddress.objects.update(verified=True)
    EmailAddress.objects.create(user=anna, email="b@example.org", verified=True)
    for kind in ("totp", "webauthn"):
        Authenticator.objects.create(user=anna, type=kind, data={})

    page = client.get(PAGE).content.decode()

    assert "anna@example.org and 1 more" in page and "1 passkey or key" in page
    assert "On, but without recovery codes" in page
    for address in ("email/", "password/change/", "2fa/webauthn/", "2fa/", "sessions/"):
        assert f'href="/accounts/{address}"' in page


def test_a_name_is_saved_and_can_be_taken_back(client, anna):
    page = client.post(PAGE, {"display_name": " Anna  B. "}, follow=True).content.decode()
    assert name_of(anna) == "Anna B."
    assert "You are “Anna B.” now." in page and 'action="/settings/account/"' in page

    client.post(PAGE, {"display_name": ""})
    assert name_of(anna) == ""
    assert f"Reader {anna.pk}" in client.get(PAGE).content.decode()


def test_a_program_is_told_how_to_take_it_back(client, anna):
    said = json.loads(client.post(PAGE, {"display_name": "Anna"}, headers=PROGRAM).content)
    assert said["undo"] == {"url": PAGE, "fields": {"display_name": ""}}
    client.post(said["undo"]["url"], said["undo"]["fields"], headers=PROGRAM)
    assert name_of(anna) == ""


@pytest.mark.parametrize("name", ["admin", "x" * 51, "a\u200bb", "Bob", "ВОВ", "ZisNews"])
def test_what_can_not_be_had_is_refused_and_said_beside_the_field(client, anna, name):
    make_reader(display_name="Bob")

    answer = client.post(PAGE, {"display_name": name})

    page = answer.content.decode()
    assert answer.status_code == 422 and name_of(anna) == ""
    assert 'aria-invalid="true"' in page and 'role="alert"' in page and 'aria-describedby="name-error' in page
    refused = client.post(PAGE, {"display_name": name}, headers=PROGRAM)
    assert refused.status_code == 422 and json.loads(refused.content)["error"]["message"]


def test_ones_own_name_in_other_letters_can_be_had(client, anna):
    client.post(PAGE, {"display_name": "anna"})
    client.post(PAGE, {"display_name": "ANNA"})
    assert name_of(anna) == "ANNA"


def test_staff_may_say_who_they_are(client):
    curator = make_reader(is_staff=True)
    client.force_login(curator)
    client.post(PAGE, {"display_name": "Moderator Anna"})
    assert name_of(curator) == "Moderator Anna"


def test_the_same_form_twice_changes_nothing_the_second_time(client, anna):
    client.post(PAGE, {"display_name": "Anna"})
    said = json.loads(client.post(PAGE, {"display_name": "Anna"}, headers=PROGRAM).content)
    assert said["undo"] is None and name_of(anna) == "Anna"


def test_names_can_not_be_tried_without_end(client, anna):
    answers = [client.post(PAGE, {"display_name": f"Anna {n}"}).status_code for n in range(21)]
    assert answers[-1] == 429 and answers[-2] == 303
