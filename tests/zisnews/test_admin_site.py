"""The admin's own frame: its sections, its greeting, its times."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.urls import reverse

from feeds.models import Notice
from tests.factories import make_curator, make_feed, make_reader

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 15, 5, tzinfo=UTC)


def test_every_list_of_the_admin_stands_in_one_section_under_words_that_curators_know(client):
    client.force_login(make_curator())
    page = client.get("/admin/")

    sections = page.context["available_apps"]
    listed = [model["model"] for section in sections for model in section["models"]]
    everything = [
        model["model"] for app in AdminSite.get_app_list(admin.site, page.wsgi_request) for model in app["models"]
    ]
    assert len(everything) > 10
    assert sorted(listed, key=str) == sorted(everything, key=str)
    assert [str(section["name"]) for section in sections][:3] == ["Sources", "What came in", "To be dealt with"]
    text = page.content.decode()
    for jargon in ("Category models", "MFA", ">Entries<", "Authenticators", "Authentication and Authorization"):
        assert jargon not in text


def test_a_curator_who_may_see_little_is_shown_no_empty_section(client):
    client.force_login(make_reader(is_staff=True))
    assert client.get("/admin/").context["available_apps"] == []


def test_the_lists_of_one_app_are_still_shown_together(client):
    client.force_login(make_curator())
    assert "Items that feeds announced" in client.get(reverse("admin:app_list", args=["feeds"])).content.decode()


@pytest.mark.parametrize(("name", "shown"), [("Ada Quill", "Ada Quill"), ("", "ada@example.org")])
def test_a_curator_is_greeted_by_name_or_address_and_never_by_a_number(client, name, shown):
    client.force_login(make_curator(email="ada@example.org", display_name=name))
    page = client.get("/admin/").content.decode()
    assert f"<strong>{shown}</strong>" in page
    assert "Reader " not in page


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Tokyo", "5 Mar 2026, 00:05 JST"), ("", "4 Mar 2026, 15:05 UTC"), ("No/Where", "15:05 UTC")],
)
def test_the_times_of_the_admin_are_in_the_curators_own_zone(client, zone, shown):
    client.force_login(make_curator(time_zone=zone))
    Notice.objects.create(sentence="Look.", at=AT)

    assert shown in client.get("/admin/health/").content.decode()


def test_the_zone_of_one_curator_is_not_the_next_ones(client):
    feed = make_feed(succeeded_at=AT, checked_at=AT)
    address = reverse("admin:feeds_feed_change", args=[feed.pk])
    pages = []
    for zone in ("Asia/Tokyo", "America/Lima"):
        client.force_login(make_curator(time_zone=zone))
        pages.append(client.get(address).content.decode())

    assert ("00:05" in pages[0], "10:05" in pages[1]) == (True, True)
    assert "00:05" not in pages[1]


def test_a_curators_password_is_changed_where_tries_are_counted(client):
    client.force_login(make_curator())

    for answer in (
        client.get("/admin/password_change/"),
        client.post("/admin/password_change/", {"old_password": "x"}),
    ):
        assert answer["Location"] == reverse("account_change_password")
