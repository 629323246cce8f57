"""Feeds that moved without a word, and the curator's answer to what was found."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from feeds.clock import database_now
from feeds.finding.moves import lost, search_lost_feeds, take_lost
from feeds.finding.suggestions import dismiss_suggestion, use_suggestion
from feeds.ingestion import refresh_due
from feeds.models import Feed, FetchRecord, Notice
from tests.documents import item, rss
from tests.factories import make_curator, make_entry, make_feed, make_reader, make_source
from tests.web import Answer

pytestmark = pytest.mark.django_db
HOME = "https://courier.example/"
OLD, NEW = f"{HOME}old.xml", f"{HOME}new.xml"


def make_lost_feed(*, status: int | None = 404, days: float = 3, **fields) -> Feed:
    """A feed that failed for days, at its last attempt with this status."""
    now = database_now()
    source = fields.pop("source", None) or make_source(name="The Courier", site_url=HOME)
    values = {"url": OLD, "title": "The Courier", "failure_count": 6, "succeeded_at": now - timedelta(days=days)}
    feed = make_feed(source=source, next_check_at=now + timedelta(hours=9), **values | fields)
    FetchRecord.objects.create(feed=feed, at=now, status=status, error="The server answered 404.")
    return feed


def news(*numbers: int, title: str = "The Courier") -> bytes:
    return rss(*(item(f"News {n}", link=f"{HOME}{n}") for n in numbers), title=title)


def announce(web, *urls: str) -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{url}">' for url in urls)
    web[HOME] = f"<html lang='en'><head><title>The Courier</title>{links}</head><body></body></html>"


@pytest.fixture
def moved(web):
    """A paper that has a new feed and says nothing of the old one."""
    announce(web, NEW)
    web[NEW] = news(1, 2, 3)
    return web


def test_a_feed_that_is_lost_is_found_again_from_its_home_page_and_offered(moved):
    feed = make_lost_feed()
    for number in (1, 2):
        make_entry(feed=feed, url=f"{HOME}{number}")

    assert search_lost_feeds() == 1

    feed.refresh_from_db()
    assert (feed.url, feed.suggested_url) == (OLD, NEW)
    assert "2 of its latest items were in this feed" in Notice.objects.get(feed=feed).sentence


@pytest.mark.parametrize(
    ("title", "because"),
    [("The Courier", "the feed there has the same title"), ("Front page", "it is the one feed that")],
)
def test_where_no_item_is_left_to_compare_the_title_speaks_for_it_or_that_it_is_the_only_one(moved, title, because):
    make_lost_feed(title=title)
    search_lost_feeds()
    assert because in Notice.objects.get().sentence


def test_of_several_the_one_with_the_same_items_is_offered(web):
    announce(web, f"{HOME}sport.xml", NEW)
    web[f"{HOME}sport.xml"] = news(7, 8, 9, title="Sport")
    web[NEW] = news(1, 2, 3)
    feed = make_lost_feed(title="Sport and games", category_id="sports")
    for number in (7, 9):
        make_entry(feed=feed, url=f"{HOME}{number}")
    search_lost_feeds()
    assert Feed.objects.get().suggested_url == f"{HOME}sport.xml"


def test_nothing_is_offered_where_nothing_speaks_for_it(web):
    announce(web, f"{HOME}a.xml", f"{HOME}b.xml")
    web[f"{HOME}a.xml"] = news(1, title="Letters")
    web[f"{HOME}b.xml"] = news(2, title="Puzzles")
    make_lost_feed()
    search_lost_feeds()
    assert Feed.objects.get().suggested_url == ""
    assert not Notice.objects.exists()


def test_what_is_here_already_or_in_another_language_or_stale_is_not_offered(web):
    now = database_now()
    announce(web, f"{HOME}here.xml", f"{HOME}fr.xml", f"{HOME}stale.xml")
    make_feed(url=f"{HOME}here.xml")
    web[f"{HOME}here.xml"] = news(1)
    web[f"{HOME}fr.xml"] = rss(
        *(item(f"Le conseil municipal a décidé hier soir {n}", description="La mairie ferme le pont aujourd'hui.")
          for n in range(5)), title="The Courier",
    ).replace(b"en-gb", b"fr")  # fmt: skip
    web[f"{HOME}stale.xml"] = rss(item("Old", published_at=now - timedelta(days=90)), title="The Courier")
    make_lost_feed()
    search_lost_feeds()
    assert not Feed.objects.exclude(suggested_url="").exists()


def test_a_feed_is_looked_for_once_a_week_and_not_while_an_offer_stands(moved):
    feed = make_lost_feed()
    search_lost_feeds()
    asked = len(moved.requests)
    assert search_lost_feeds() == 0
    Feed.objects.update(search_after=database_now() - timedelta(seconds=1))
    assert search_lost_feeds() == 0
    assert len(moved.requests) == asked
    feed.refresh_from_db()
    dismiss_suggestion(feed)
    assert search_lost_feeds() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": 503},
        {"status": 429},
        {"status": 403},
        {"days": 1},
        {"failure_count": 4},
        {"is_paused": True},
        {"failure_count": 0},
    ],
)
def test_feeds_that_are_not_lost_are_left_alone(web, fields):
    make_lost_feed(**fields)
    assert search_lost_feeds() == 0
    assert not web.requests


@pytest.mark.parametrize("fields", [{"status": 200}, {"status": 410}, {"status": None}, {"succeeded_at": None}])
def test_feeds_are_lost_when_they_are_gone_silent_or_no_feeds_any_more(fields):
    source = make_source(site_url=HOME, added_at=database_now() - timedelta(days=9))
    make_lost_feed(source=source, **fields)
    assert lost(database_now()).exists()


def test_a_feed_that_was_taken_down_is_looked_for_though_it_is_paused_and_resumed_at_its_new_address(moved):
    make_lost_feed(is_paused=True, retired_at=database_now(), status=410)
    search_lost_feeds()
    feed = Feed.objects.get()
    assert "was taken down" in Notice.objects.get().sentence

    use_suggestion(feed)

    feed.refresh_from_db()
    assert (feed.is_paused, feed.retired_at) == (False, None)
    assert refresh_due().entries_new == 3


def test_what_a_site_forbids_in_robots_txt_is_not_searched(moved):
    moved[f"{HOME}robots.txt"] = "User-agent: *\nDisallow: /"
    make_lost_feed()
    search_lost_feeds()
    assert [request.path for request in moved.requests] == ["/robots.txt"]
    assert Feed.objects.get().suggested_url == ""


def test_a_site_that_does_not_answer_is_asked_again_the_next_day(web):
    make_lost_feed()
    search_lost_feeds()
    wait = Feed.objects.get().search_after - database_now()
    assert timedelta(hours=23) < wait < timedelta(hours=25)


def test_two_workers_never_look_for_the_same_feed_and_a_killed_ones_is_looked_for_an_hour_later():
    make_lost_feed()
    now = database_now()
    assert len(take_lost(5, now)) == 1
    assert take_lost(5, now) == []
    assert len(take_lost(5, now + timedelta(minutes=61))) == 1


def test_the_new_address_is_used_at_once_and_its_entries_stay(moved):
    feed = make_lost_feed(etag='"x"', last_error="The server answered 404.")
    make_entry(feed=feed, url=f"{HOME}1")
    search_lost_feeds()
    feed.refresh_from_db()

    use_suggestion(feed)

    feed.refresh_from_db()
    assert (feed.url, feed.suggested_url, feed.failure_count, feed.etag) == (NEW, "", 0, "")
    assert not Notice.objects.open().exists()
    refresh_due()
    feed.refresh_from_db()
    assert feed.last_error == ""
    assert feed.entries.count() >= 3


def test_an_address_that_was_dismissed_is_not_offered_again(moved):
    make_lost_feed()
    search_lost_feeds()
    dismiss_suggestion(Feed.objects.get())
    Feed.objects.update(search_after=None)
    search_lost_feeds()
    assert Feed.objects.get().suggested_url == ""
    assert not Notice.objects.open().exists()


def test_an_address_that_was_added_meanwhile_is_refused_with_its_source():
    feed = make_lost_feed(suggested_url=NEW)
    make_feed(url=NEW, source=make_source(name="The New Courier"))
    with pytest.raises(ValidationError, match="The New Courier"):
        use_suggestion(feed)


@pytest.mark.parametrize(("button", "url"), [("use", NEW), ("dismiss", OLD)])
def test_a_curator_answers_by_one_click(client, button, url):
    feed = make_lost_feed(suggested_url=NEW)
    client.force_login(make_curator())
    change = reverse("admin:feeds_feed_change", args=[feed.pk])
    assert "Use the new address" in client.get(change).content.decode()

    response = client.post(reverse("admin:feeds_feed_moved", args=[feed.pk]), {button: "", "next": change})

    feed.refresh_from_db()
    assert (response["Location"], feed.url, feed.suggested_url) == (change, url, "")
    assert "Dismiss" not in client.get(change).content.decode()


def test_a_list_of_offers_is_answered_at_once(client):
    feed = make_lost_feed(suggested_url=NEW)
    client.force_login(make_curator())
    listing = reverse("admin:feeds_feed_changelist")
    page = client.post(listing, {"action": "use_new_address", "_selected_action": [feed.pk]}, follow=True)
    assert "1 feed will be fetched at its new address" in page.content.decode()


def test_only_a_curator_answers_and_only_by_a_button(client):
    feed = make_lost_feed(suggested_url=NEW)
    url = reverse("admin:feeds_feed_moved", args=[feed.pk])
    client.force_login(make_reader(is_staff=True))
    assert client.post(url, {"use": ""}).status_code == 403
    client.force_login(make_curator())
    assert client.get(url).status_code == 405
    assert client.post(url, {"use": "", "next": "https://evil.example/"})["Location"].startswith("/admin/")


def test_a_home_page_that_fails_does_not_offer_nonsense(web):
    web[HOME] = Answer(500)
    make_lost_feed()
    search_lost_feeds()
    assert Feed.objects.get().suggested_url == ""
