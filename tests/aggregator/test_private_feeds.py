"""A reader's lists for programs, by an address with a secret: what they show, to whom, and how they end."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import excluding, following, private_feeds
from accounts.models import PrivateFeed, User
from accounts.private_feeds import CannotMake, digest_of, make, owner_of, ticket_for_form
from aggregator.views import private_feeds as views
from feeds.parsing import parse_feed
from tests.aggregator.test_syndication import document, link, titles
from tests.factories import make_article, make_reader, make_source

pytestmark = pytest.mark.django_db

PASSWORD = "long enough for everybody"


@pytest.fixture
def reader() -> User:
    return make_reader(email="ann@example.org", password=PASSWORD)


@pytest.fixture
def token(reader) -> str:
    return make(reader, "Phone", ticket_for_form(), timezone.now())[1]


@pytest.fixture
def paper(reader):
    source = make_source(name="The Paper", slug="the-paper", country="FR")
    following.follow(reader, source, timezone.now())
    return source


def test_my_feed_comes_to_whoever_has_the_address_without_what_the_keywords_hide(client, reader, token, paper):
    make_article(source=paper, title="Bees are back")
    make_article(source=paper, title="Football again")
    make_article(title="Of a source they do not follow")
    address = reverse("private_front", args=[token])

    before = titles(document(client, address))
    excluding.block(reader, excluding.Wanted("football"), timezone.now())

    assert sorted(before) == ["Bees are back", "Football again"]
    assert titles(document(client, address)) == ["Bees are back"]


def test_nobody_between_keeps_it_and_no_hub_hears_of_it(client, settings, token, paper):
    settings.ZIS_WEBSUB_HUB, settings.SITE_URL = "https://hub.example/", "https://news.example"
    make_article(source=paper)
    address = reverse("private_front", args=[token])

    response = client.get(address)
    feed = document(client, address)

    kept = response.headers["Cache-Control"]
    assert "private" in kept and "no-cache" in kept and "public" not in kept
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert link(feed, "hub") is None and b"hub.example" not in response.content
    assert link(feed, "self") == f"https://news.example{address}"
    assert token not in feed.findtext("a:id", "", {"a": "http://www.w3.org/2005/Atom"})
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304 and "private" in again.headers["Cache-Control"]
    assert len(parse_feed(response.content, url=address, now=timezone.now()).items) == 1


def test_who_asks_stays_who_they_are(token, reader):
    """The session of a browser that opens another's address stays its own."""
    other, browser = make_reader(), Client()
    browser.force_login(other)

    browser.get(reverse("private_front", args=[token]))

    assert browser.get(reverse("apps")).context["user"] == other
    assert not reader.usersession_set.exists()


def test_an_address_that_is_no_ones_is_not_there_and_can_not_be_tried_for_long(client, monkeypatch):
    cache.clear()
    monkeypatch.setattr(views, "WRONG_PER_MINUTE", 3)

    found = [client.get(f"/feed/u/{n:043}/").status_code for n in range(5)]

    assert found == [404, 404, 404, 429, 429]


def test_a_program_that_asks_all_the_time_is_told_to_wait(client, token, monkeypatch):
    cache.clear()
    monkeypatch.setattr(views, "ASKED_PER_HOUR", 2)

    answers = [client.get(reverse("private_front", args=[token])) for _n in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_only_a_digest_is_kept(token):
    (row,) = PrivateFeed.objects.values()

    assert bytes(row["digest"]) == digest_of(token)
    assert token not in repr(row)


def test_the_page_makes_one_address_however_often_its_form_is_sent(client, reader):
    client.force_login(reader)
    form = {"name": "Phone", "ticket": client.get(reverse("apps")).context["ticket"]}

    first, second = (client.post(reverse("apps"), form).context for _n in range(2))

    assert first["feed"] == second["feed"] and PrivateFeed.objects.count() == 1
    assert client.get(urlsplit(first["opml"]).path).status_code == 200
    assert first["feed"] not in client.get(reverse("apps")).content.decode(), "shown this once"


def test_an_address_is_renamed_revoked_and_brought_back(client, reader, token):
    client.force_login(reader)
    feed, address = PrivateFeed.objects.get(), reverse("private_front", args=[token])
    change = reverse("private_feed", args=[feed.pk])

    client.post(change, {"name": " Old  phone\0 "})
    feed.refresh_from_db()
    revoked = client.post(change, {"revoked": "yes"}, headers={"accept": "application/json"}).json()

    assert feed.name == "Old phone"
    assert client.get(address).status_code == 404
    client.post(revoked["undo"]["url"], revoked["undo"]["fields"])
    assert client.get(address).status_code == 200


def test_a_new_password_or_an_account_that_is_closed_ends_them(client, reader, token):
    address, now = reverse("private_front", args=[token]), timezone.now()
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert client.get(address).status_code == 404
    User.objects.filter(pk=reader.pk).update(is_active=True)
    assert owner_of(token, now)

    client.force_login(reader)
    new = {"oldpassword": PASSWORD, "password1": "another phrase of words", "password2": "another phrase of words"}
    assert client.post(reverse("account_change_password"), new).status_code == 302

    assert owner_of(token, now) is None


def test_there_is_room_for_twenty_and_a_form_holds_half_a_day(reader, monkeypatch):
    now = timezone.now()
    for _n in range(private_feeds.MOST_FEEDS):
        make(reader, "", ticket_for_form(), now)

    with pytest.raises(CannotMake, match="no room"):
        make(reader, "", ticket_for_form(), now)
    with pytest.raises(CannotMake, match="too old"):
        make(reader, "", "made up", now)
    PrivateFeed.objects.update(revoked_at=now - timedelta(days=2))
    make(reader, "", ticket_for_form(), now)
    assert PrivateFeed.objects.count() == 1, "what was revoked long ago is let go"


def test_the_opml_has_my_feed_and_each_thing_they_follow_all_by_the_address(client, reader, token, paper):
    following.save_search(reader, "q=bees", timezone.now(), name="Bees", is_followed=True)

    text = client.get(reverse("private_opml", args=[token])).content.decode()
    addresses = [urlsplit(one.replace("&amp;", "&")) for one in re.findall(r'xmlUrl="([^"]+)"', text)]

    assert len(addresses) == 3
    for one in addresses:
        assert token in one.path
        assert client.get(f"{one.path}?{one.query}").status_code == 200, one
