"""The health page, as a curator meets it: what ails first, each with a way to act."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from feeds.clock import database_now
from feeds.manners import outages
from feeds.models import Host, Notice
from tests.factories import make_article, make_curator, make_entry, make_feed, make_reader, make_record
from zisnews import curators
from zisnews.celery import tick
from zisnews.disk import Disk

pytestmark = pytest.mark.django_db
HEALTH = "/admin/health/"


@pytest.fixture
def curator(client):
    client.force_login(make_curator())
    return client


def shown(curator) -> str:
    response = curator.get(HEALTH)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_site_says_something_sensible_in_every_section(curator):
    page = shown(curator)
    for sentence in (
        "Nothing you should know.", "No feed is asked yet.", "Every feed that answers brings what it used to.",
        "No host has asked us to stay away.", "No feed was taken down, none was found elsewhere.",
        "Every page was read.", "No page asked us to show less of it.",
        "No article came in within the last 48 hours.",
    ):  # fmt: skip
        assert sentence in page
    assert reverse("admin:feeds_source_find") in page


def test_what_ails_is_told_the_worst_first(curator):
    now = database_now()
    Notice.objects.tell(make_feed(title="Gone for good"), "Its publisher took it down.")
    make_feed(title="Failing one", failure_count=9, last_error="The server turns us away (403).")
    make_feed(title="Silent one", succeeded_at=now, new_entry_at=now - timedelta(days=40))
    Host.objects.create(name="busy.example", held_until=now + timedelta(hours=3), hold_reason="Too often (429).")
    make_feed(title="Retired one", is_paused=True, retired_at=now)
    make_feed(title="Moved one", suggested_url="https://new.example/feed")
    make_entry(state="published", read_error="The page holds no article.", seen_at=now)
    make_article(page_display="excerpt", page_display_reason="The page is behind a paywall.")

    page = shown(curator)

    order = [
        "Its publisher took it down.", "The publisher does not let us in", "Failing one", "Silent one", "busy.example",
        "https://new.example/feed", "Retired one", "The page holds no article.", "The page is behind a paywall.",
        "Articles per hour by category",
    ]  # fmt: skip
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_charts_are_drawn_with_their_numbers_as_a_table_and_without_inline_style(curator):
    make_article(category="sports", country="FR")
    make_article(category="world", country="AM")
    page = shown(curator)
    assert page.count('<svg class="bars"') == 2
    assert "2 articles in 48 hours" in page
    assert page.count("The same as a table") == 2
    for name in ("Sports", "World", "France", "Armenia"):
        assert name in page
    assert "style=" not in page
    assert "<style" not in page


def test_a_notice_is_dealt_with_by_a_button_and_twice_is_as_good_as_once(curator):
    notice = Notice.objects.tell(make_feed(), "It was taken down.")
    address = reverse("admin_notice", args=[notice.pk])
    assert curator.get(address).status_code == 405
    assert "It was taken down." in shown(curator)

    assert curator.post(address).status_code == 302
    done_at = Notice.objects.get().done_at
    curator.post(address)

    assert Notice.objects.get().done_at == done_at
    assert "It was taken down." not in shown(curator)
    assert curator.post(reverse("admin_notice", args=[987_654])).status_code == 302


def test_a_curator_lifts_the_hold_of_a_host(curator):
    Host.objects.create(name="busy.example", held_until=database_now() + timedelta(hours=3))
    for _ in range(2):
        assert curator.post(reverse("admin_lift_hold"), {"host": "busy.example"}).status_code == 302
    assert not Host.objects.on_hold(database_now()).exists()
    assert curator.post(reverse("admin_lift_hold"), {"host": "never-heard-of.example"}).status_code == 302
    assert curator.post(reverse("admin_lift_hold")).status_code == 302


def test_the_page_and_its_buttons_are_for_curators_who_may(client):
    notice = Notice.objects.tell(None, "Read this.")
    deeds = [(reverse("admin_notice", args=[notice.pk]), {}), (reverse("admin_lift_hold"), {"host": "a.example"})]
    assert client.get(HEALTH).status_code == 302
    client.force_login(make_reader())
    assert client.get(HEALTH).status_code in {302, 403}
    client.force_login(make_reader(is_staff=True))
    assert client.get(HEALTH).status_code == 403
    for address, fields in deeds:
        assert client.post(address, fields).status_code == 403
    assert Notice.objects.open().exists()


def test_the_first_page_of_the_admin_and_the_list_of_feeds_lead_to_it(curator):
    assert f'href="{HEALTH}"' in curator.get("/admin/").content.decode()
    assert f'href="{HEALTH}"' in curator.get(reverse("admin:feeds_feed_changelist")).content.decode()


def test_what_a_publisher_says_is_only_text_on_it(curator):
    hostile = "<script>alert(1)</script>"
    now = database_now()
    feed = make_feed(title=hostile, failure_count=1, last_error=hostile, suggested_url=f"https://a.example/{hostile}")
    Notice.objects.tell(feed, hostile)
    Host.objects.create(name="a.example", held_until=now + timedelta(hours=1), hold_reason=hostile)
    make_entry(state="published", read_error=hostile, seen_at=now)
    make_article(page_display="excerpt", page_display_reason=hostile)
    assert "<script>alert" not in shown(curator)


def test_alarms_tell_a_scheduler_that_is_silent_and_feeds_that_wait(curator):
    make_feed(next_check_at=database_now() - timedelta(hours=2))
    page = shown(curator)
    assert "The scheduler or the workers of the queue “fetch” have not been heard of" in page
    assert "the longest has been due for 2 hours" in page

    tick()
    tick("fetch")
    assert "have not been heard of" not in shown(curator)


def test_a_fetch_worker_that_is_too_busy_to_answer_is_no_alarm_while_feeds_are_asked(curator):
    tick()
    make_record(make_feed(next_check_at=database_now() + timedelta(hours=1)))
    assert "have not been heard of" not in shown(curator)


def test_when_our_own_line_is_down_the_page_says_so_though_no_feed_fails(curator):
    for n in range(outages.SILENT_HOSTS):
        make_record(make_feed(url=f"https://silent{n}.example/rss"), status=None)
    page = shown(curator)
    assert "our own connection to the internet seems to be down" in page
    assert "No feed fails." in page

    make_record(make_feed(), status=404)
    assert "our own connection" not in shown(curator)


def test_the_host_whose_hold_is_lifted_is_named_as_it_is_written(curator):
    Host.objects.create(name="busy.example", held_until=database_now() + timedelta(hours=3))
    response = curator.post(reverse("admin_lift_hold"), {"host": "busy.example"}, follow=True)
    assert "The host busy.example is asked again." in response.content.decode()


def test_a_full_disk_is_an_alarm():
    feeds = curators.health.feed_counts(database_now())
    disk = Disk(total=1000, free=40)
    assert list(curators.alarms(feeds, {}, {}, disk)) == ["The disk that holds the pictures is 96 % full."]
    assert list(curators.alarms(feeds, {"work": None}, {}, None)) == ["Redis does not answer: no job is handed out."]


def test_the_page_asks_a_bounded_number_of_questions(curator, django_assert_max_num_queries):
    for number in range(15):
        feed = make_feed(title=f"Feed {number}", failure_count=1, last_error="Not found (404).")
        Notice.objects.tell(feed, "Look.")
        make_article(country="FR")
    with django_assert_max_num_queries(30):
        curator.get(HEALTH)


def test_times_are_shown_with_their_zone_and_months_in_letters(curator, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    at = datetime(2026, 3, 4, 15, 5, tzinfo=UTC)
    Notice.objects.create(sentence="Look.", at=at)
    assert "5 Mar 2026, 00:05 JST" in shown(curator)
