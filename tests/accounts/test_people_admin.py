"""People in the admin: no secret is shown, names keep to the rules, and who is deleted is erased whole."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.test import Client
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


def somebody_with(*rights: str) -> Client:
    """Staff who are no superusers, with every right that is named."""
    staff = make_reader(is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(staff)
    return client


PERSON = {
    "date_joined_0": "2026-01-01",
    "date_joined_1": "00:00",
    "display_name": "",
    "language": "",
    "time_zone": "",
    "is_active": "on",
    "is_staff": "on",
    "is_superuser": "on",
}


def test_staff_who_look_after_readers_give_nobody_rights_not_even_themselves():
    client, reader = somebody_with("change_user", "view_user"), make_reader()
    myself = User.objects.get(is_staff=True)

    answers = [
        client.post(reverse("admin:accounts_user_change", args=[person.pk]), {"email": person.email, **PERSON})
        for person in (reader, myself)
    ]

    assert [answer.status_code for answer in answers] == [302, 403]
    assert not User.objects.filter(is_superuser=True).exists() and User.objects.filter(is_staff=True).count() == 1


def test_staff_touch_nothing_of_those_who_work_here():
    rights = [f"{deed}_{what}" for deed in ("change", "delete", "view") for what in ("user", "authenticator", "group")]
    client, boss = somebody_with(*rights, "add_emailaddress", "change_emailaddress", "change_group"), make_curator()
    address = EmailAddress.objects.create(user=make_reader(), email="r@example.org", verified=True)
    group, factor = Group.objects.create(name="Moderators"), Authenticator.objects.get(user=boss)
    password, yes = {"password1": "xyzzy plugh 9", "password2": "xyzzy plugh 9"}, {"post": "yes"}
    asked = [
        ("admin:auth_user_password_change", boss.pk, password),
        ("admin:accounts_user_delete", boss.pk, yes),
        ("admin:mfa_authenticator_delete", factor.pk, yes),
        (
            "admin:account_emailaddress_change",
            address.pk,
            {"user": boss.pk, "email": "r@example.org", "verified": "on"},
        ),
        ("admin:auth_group_change", group.pk, {"name": "Moderators", "permissions": []}),
    ]

    assert [client.post(reverse(name, args=[pk]), form).status_code for name, pk, form in asked] == [403] * len(asked)
    client.post(
        reverse("admin:accounts_user_changelist"), {"action": "delete_selected", "_selected_action": [boss.pk], **yes}
    )
    assert User.objects.filter(pk=boss.pk).exists() and Authenticator.objects.filter(pk=factor.pk).exists()
    reader = make_reader()
    assert client.post(reverse("admin:accounts_user_delete", args=[reader.pk]), yes).status_code == 302
