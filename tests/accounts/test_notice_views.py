"""/notices/: what is told, what is read, and that nobody reads another's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Notification, User
from accounts.notice_words import sentence_of
from accounts.notifications import notify
from tests.factories import make_reader

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def now():
    return timezone.now()


def tell(reader, now, number=1, *, kind="answer", key="", by=None, **data):
    data = {"title": "Council votes"} | data
    url = f"/about/?n={number}"
    notify(reader, kind, key=key or f"{kind}:{number}", url=url, data=data, now=now, by=by)
    return Notification.objects.latest("pk")


def plain(row):
    people = {person.pk: person.display_name for person in User.objects.all()}
    return sentence_of(row, people).translate({0x2068: None, 0x2069: None})


def test_the_list_says_what_happened_newest_first(client, reader, now):
    tell(reader, now, 1, by=make_reader(display_name="Anna"))
    tell(reader, now + timedelta(minutes=1), 2, kind="story", sources=3, countries=2)

    text = client.get("/notices/").content.decode().translate({0x2068: None, 0x2069: None})

    assert "“Council votes”: 3 more sources, 2 more countries" in text
    assert text.index("3 more sources") < text.index("Anna answered you under “Council votes”")


def test_those_who_did_the_same_are_named_together(reader, now):
    people = [make_reader(display_name=name) for name in ("Anna", "Boris", "Chen", "Dora")]
    said = []
    for number, person in enumerate(people):
        said.append(plain(tell(reader, now, number, key="answer:1", by=person)))

    assert said[0] == "Anna answered you under “Council votes”"
    assert said[1] == "Boris and Anna answered you under “Council votes”"
    assert said[3] == "Dora and 3 others answered you under “Council votes”"


def test_one_person_who_answered_often_is_one(reader, now):
    anna = make_reader(display_name="Anna")
    for number in range(3):
        row = tell(reader, now, number, key="answer:1", by=anna)

    assert plain(row) == "Anna answered you 3 times under “Council votes”"


def test_whoever_is_gone_is_not_named(reader, now):
    anna = make_reader(display_name="Anna")
    row = tell(reader, now, by=anna)
    anna.delete()

    assert plain(row) == "Somebody answered you under “Council votes”"


def test_the_sentence_is_made_in_the_readers_language(reader, now):
    row = tell(reader, now, kind="story", sources=1)

    with translation.override("de"):
        assert sentence_of(row, {}) != ""


def test_opening_a_notice_leads_there_and_marks_it_read(client, reader, now):
    row = tell(reader, now)

    assert client.get(f"/notices/{row.pk}/").headers["Location"] == "/about/?n=1"
    row.refresh_from_db()
    assert row.read_at


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_strangers_notice_is_not_there(client, reader, now, method):
    row = tell(make_reader(), now)

    assert getattr(client, method)(f"/notices/{row.pk}/", {"read": "yes"}).status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_a_strangers_notices_are_not_listed_and_not_marked(client, reader, now):
    row = tell(make_reader(), now, title="A private matter")

    client.post("/notices/read/")

    assert "A private matter" not in client.get("/notices/").content.decode()
    row.refresh_from_db()
    assert row.read_at is None


def test_one_is_marked_read_and_unread_by_a_button(client, reader, now):
    row = tell(reader, now)

    assert client.post(f"/notices/{row.pk}/", {"read": "yes"}, headers=JSON).json()["unread"] == 0
    answer = client.post(f"/notices/{row.pk}/", {"read": "no"}, headers=JSON).json()
    assert answer["unread"] == 1 and answer["undo"]["fields"] == {"read": "yes"}


def test_all_are_marked_read_and_it_is_taken_back(client, reader, now):
    tell(reader, now - timedelta(minutes=2), 1)
    tell(reader, now - timedelta(minutes=1), 2)

    said = client.post("/notices/read/", {"until": now.isoformat()}, headers=JSON).json()
    assert said["unread"] == 0
    assert client.post(said["undo"]["url"], said["undo"]["fields"], headers=JSON).json()["unread"] == 2


def test_what_came_after_the_page_was_shown_stays_unread(client, reader, now):
    shown = tell(reader, now - timedelta(minutes=2), 1)
    tell(reader, now - timedelta(minutes=1), 2)

    client.post("/notices/read/", {"until": shown.at.isoformat()})

    assert Notification.objects.unread().count() == 1


def test_marking_all_read_offers_a_way_back_without_a_script(client, reader, now):
    tell(reader, now)

    page = client.post("/notices/read/", {"next": "/notices/"}, follow=True).content.decode()

    assert 'action="/notices/unread/"' in page and "1 notice is read." in page


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/notices/unread/", {}),
        ("/notices/unread/", {"read_at": "soon"}),
        ("/notices/read/", {"until": "2026-99-99"}),
        ("/notices/read/", {"until": "0001-01-01T00:00:00+14:00"}),
    ],
)
def test_what_is_no_moment_is_refused(client, reader, path, form):
    assert client.post(path, form).status_code == 400


def test_an_empty_list_says_why(client, reader):
    assert "No notices yet" in client.get("/notices/").content.decode()
    assert "Nothing is unread" in client.get("/notices/?tab=unread").content.decode()


def test_a_long_list_has_pages(client, reader, now):
    for number in range(33):
        tell(reader, now - timedelta(minutes=number), number)

    first = client.get("/notices/", headers=JSON).json()
    second = client.get("/notices/", {"after": first["next"]}, headers=JSON).json()

    assert len(first["notices"]) == 30 and len(second["notices"]) == 3 and second["next"] is None
    assert first["unread"] == 33
    assert {row["id"] for row in first["notices"]}.isdisjoint(row["id"] for row in second["notices"])


def test_the_masthead_says_how_many_are_unread(client, reader, now):
    tell(reader, now)

    assert "Notices: 1 unread" in client.get("/about/").content.decode()


def test_without_an_account_there_is_neither_bell_nor_list(client):
    assert "bell" not in client.get("/about/").content.decode().split("<main")[0]
    assert client.get("/notices/").status_code == 302


def test_a_page_of_thirty_costs_what_a_page_of_one_does(client, reader, now, django_assert_max_num_queries):
    for number in range(30):
        tell(reader, now, number, by=make_reader())

    with django_assert_max_num_queries(10):
        client.get("/notices/")


def test_html_in_a_headline_or_a_name_stays_text(client, reader, now):
    tell(reader, now, by=make_reader(display_name="<b>Anna"), title="<script>alert(1)</script>")

    page = client.get("/notices/").content.decode()

    assert "<script>alert" not in page and "<b>Anna" not in page


@pytest.mark.parametrize("page", ["/about/", "/latest/", "/notices/", "/"])
def test_how_many_are_unread_is_asked_once_a_page_and_for_nobody_without_an_account(client, now, page):
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    assert not [one for one in asked if "accounts_notification" in one["sql"]]

    client.force_login(make_reader())
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    counts = [one for one in asked if "accounts_notification" in one["sql"] and "count(" in one["sql"].lower()]
    assert len(counts) == 1
