"""People in the admin: no secret is shown, names keep to the rules, and who is deleted is erased whole."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from comments.reactions import set_reaction
from tests.factories import make_article, make_curator, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client) -> User:
    curator = make_curator()
    client.force_login(curator)
    return curator


def test_a_second_factor_can_be_taken_away_and_its_secret_is_shown_to_nobody(client, curator):
    key = Authenticator.objects.create(user=make_reader(), type="totp", data={"secret": "HUSHHUSH"})
    listed = client.get(reverse("admin:mfa_authenticator_changelist"))
    opened = client.get(reverse("admin:mfa_authenticator_change", args=[key.pk]))
    assert listed.status_code == opened.status_code == 200
    assert "HUSHHUSH" not in listed.content.decode() + opened.content.decode()
    assert client.get(reverse("admin:mfa_authenticator_add")).status_code == 403

    client.post(reverse("admin:mfa_authenticator_delete", args=[key.pk]), {"post": "yes"})
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_where_readers_are_logged_in_is_shown_to_no_curator(client, curator):
    with pytest.raises(NoReverseMatch):
        reverse("admin:usersessions_usersession_changelist")


@pytest.mark.parametrize("name", ["Bob", "ВОВ", "a\u200bb"])
def test_a_name_that_can_not_be_had_is_refused_with_words(client, curator, name):
    make_reader(display_name="Bob")
    reader = make_reader()
    form = {"email": reader.email, "display_name": name, "language": "", "time_zone": "", "is_active": "on"}

    page = client.post(reverse("admin:accounts_user_change", args=[reader.pk]), form)

    assert page.status_code == 200 and "errorlist" in page.content.decode()
    reader.refresh_from_db()
    assert reader.display_name == ""


@pytest.mark.parametrize("way", ["one", "several"])
def test_who_is_deleted_is_erased_and_counts_are_right_after(client, curator, way):
    reader, article = make_reader(), make_article()
    set_reaction(reader, article.pk, "like")

    if way == "one":
        client.post(reverse("admin:accounts_user_delete", args=[reader.pk]), {"post": "yes"})
    else:
        form = {"action": "delete_selected", "_selected_action": [reader.pk], "post": "yes"}
        client.post(reverse("admin:accounts_user_changelist"), form)

    article.refresh_from_db()
    assert not User.objects.filter(pk=reader.pk).exists() and article.like_count == 0
