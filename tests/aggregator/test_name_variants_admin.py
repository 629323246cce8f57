"""Curators keep the names that tell sides apart."""

import pytest
from django.urls import reverse

from aggregator.comparing.naming import Variants, naming
from aggregator.comparing.reading import read
from aggregator.models import NameVariants
from tests.aggregator.comparing_stories import telling
from tests.factories import make_curator

pytestmark = pytest.mark.django_db
LIST = reverse("admin:aggregator_namevariants_changelist")


@pytest.fixture
def curator(client):
    user = make_curator()
    client.force_login(user)
    return user


def filled(**changes):
    given = {"language": "en-GB", "names": "Kyjiw|Kyjiw*, Kiev", "note": "why", "is_used": "on"}
    return given | {"source": "https://x.example/"} | changes


def test_a_set_needs_two_names_a_note_and_a_source(client, curator):
    add = reverse("admin:aggregator_namevariants_add")

    for lacking in ({"names": "Kiev"}, {"note": ""}, {"source": ""}):
        assert client.post(add, filled(**lacking)).status_code == 200
    assert not NameVariants.objects.filter(key=None).exists()

    assert client.post(add, filled()).status_code == 302
    made = NameVariants.objects.get(key=None)
    assert (made.language, made.names, made.is_edited) == ("en", ["Kyjiw|Kyjiw*", "Kiev"], True)


def test_what_came_with_the_code_is_changed_and_put_out_of_use_but_not_deleted(client, curator):
    kyiv = NameVariants.objects.get(key="kyiv")
    change = reverse("admin:aggregator_namevariants_change", args=[kyiv.pk])

    assert client.post(change, filled(is_used="")).status_code == 302
    kyiv.refresh_from_db()
    assert (kyiv.is_used, kyiv.is_edited, kyiv.key) == (False, True, "kyiv")
    assert (
        client.post(reverse("admin:aggregator_namevariants_delete", args=[kyiv.pk]), {"post": "yes"}).status_code == 403
    )
    client.post(LIST, {"action": "delete_selected", "_selected_action": [kyiv.pk], "post": "yes"})
    assert NameVariants.objects.filter(pk=kyiv.pk).exists()


@pytest.mark.parametrize(
    "bomb", ["*", "a*", "fighters *", "fighter-*", "Kyiv|-", "Kyiv|(?!)", ", ".join(["Kyiv"] * 41)]
)
def test_no_name_stands_for_nearly_any_word(bomb, client, curator):
    add = reverse("admin:aggregator_namevariants_add")

    assert client.post(add, filled(names=f"Kiev, {bomb}")).status_code == 200
    assert not NameVariants.objects.filter(key=None).exists()
    told = [telling("He saw fighters there.", "GB"), telling("Fighters came home.", "FR")]
    assert naming(read(told), [Variants("en", ("fighters *", "*"))]) == []


def test_every_set_that_comes_with_the_code_may_be_saved_by_a_curator():
    for one in NameVariants.objects.all():
        one.full_clean()
