"""Every look at a feed, as its curator sees it; and what lists of feeds say in words and bars."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from feeds.admin.attempts import PER_PAGE, attempts_of
from feeds.admin.words import condition_of, next_fetch_of, rhythm_of, span_of
from feeds.clock import database_now
from feeds.ingestion import refresh_due
from feeds.models import Feed, FetchRecord, Host, Notice
from tests.factories import make_curator, make_entry, make_feed, make_reader, make_record, make_source
from tests.web import Answer

pytestmark = pytest.mark.django_db
FEED = "https://paper.example/feed.xml"


@pytest.fixture
def curator(client):
    client.force_login(make_curator())
    return client


def attempts(curator, feed, **query):
    return curator.get(reverse("admin:feeds_feed_attempts", args=[feed.pk]), query)


def test_a_real_fetch_is_seen_among_the_attempts_of_its_feed(curator, web):
    web[FEED] = Answer(404)
    feed = make_feed(url=FEED)
    refresh_due()
    page = attempts(curator, feed).content.decode()
    assert "404" in page
    assert "There is nothing at this address (404)" in page
    assert "polled" in page


def test_an_attempt_says_when_how_what_came_and_what_went_wrong(curator):
    feed = make_feed()
    make_record(feed, status=200, size=2048, entries_new=7, milliseconds=321)
    make_record(feed, is_push=True, status=None)
    make_record(feed, status=None, error="The server's name was not found: <mistyped>; we ask again later.")
    page = attempts(curator, feed).content.decode()
    assert "2.0\xa0KB" in page
    assert "<b>7</b>" in page
    assert "321 ms" in page
    assert "pushed" in page
    assert "&lt;mistyped&gt;" in page


def test_attempts_are_read_page_by_page_and_none_is_lost_or_shown_twice(curator):
    feed = make_feed()
    for number in range(PER_PAGE * 2 + 5):
        make_record(feed, minutes_ago=number, milliseconds=number + 1)
    make_record(make_feed(), milliseconds=99_999)

    seen, after = [], ""
    while True:
        page = attempts(curator, feed, **({"after": after} if after else {})).context["page"]
        seen += [record.milliseconds for record in page.rows]
        after = page.next
        if not after:
            break

    assert seen == list(range(1, PER_PAGE * 2 + 6))


def test_only_errors_leaves_out_what_went_well_on_every_page(curator):
    feed = make_feed()
    for number in range(PER_PAGE + 1):
        make_record(feed, minutes_ago=number, error="The server answered 503.")
        make_record(feed, minutes_ago=number)
    first = attempts(curator, feed, errors=1)
    assert all(record.error for record in first.context["page"].rows)
    assert "?errors=1&amp;after=" in first.content.decode()
    second = attempts(curator, feed, errors=1, after=first.context["page"].next)
    assert len(second.context["page"].rows) == 1


def test_a_feed_without_attempts_says_so(curator):
    feed = make_feed()
    assert "It was not asked yet" in attempts(curator, feed).content.decode()
    make_record(feed)
    assert "No attempt of the last 14 days failed." in attempts(curator, feed, errors=1).content.decode()


def test_the_latest_attempts_stand_below_the_feeds_own_form(curator):
    feed = make_feed()
    make_record(feed, error="The server answered 503.", status=503)
    page = curator.get(reverse("admin:feeds_feed_change", args=[feed.pk])).content.decode()
    assert "Latest attempts" in page
    assert "The server answered 503." in page
    assert reverse("admin:feeds_feed_attempts", args=[feed.pk]) in page


def test_attempts_are_for_curators_alone(client):
    feed = make_feed()
    assert attempts(client, feed).status_code == 302
    client.force_login(make_reader(is_staff=True))
    assert attempts(client, feed).status_code == 403


def test_a_position_that_is_none_of_ours_and_a_feed_that_is_not_there_are_refused(curator):
    assert attempts(curator, make_feed(), after="x").status_code == 400
    assert curator.get("/admin/feeds/feed/999999/attempts/").status_code == 404


def test_a_page_of_attempts_goes_by_the_index_of_its_feed():
    feeds = [make_feed() for _ in range(20)]
    FetchRecord.objects.bulk_create(
        FetchRecord(feed=one, at=database_now() - timedelta(minutes=minutes), error="It is not there.")
        for minutes in range(100)
        for one in feeds
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE feeds_fetchrecord")
    page = attempts_of(feeds[0], only_errors=True).filter(at__lte=database_now()).order_by("-at", "-pk")[:51]
    plan = page.explain()
    assert "record_of_feed" in plan
    assert "Index Cond: ((feed_id" in plan


def test_the_list_shows_two_weeks_of_articles_as_bars_with_their_numbers_as_text(curator):
    feed = make_feed()
    for days in (0.5, 0.6, 3):
        make_entry(feed=feed, seen_at=database_now() - timedelta(days=days))
    page = curator.get(reverse("admin:feeds_feed_changelist")).content.decode()
    assert 'aria-label="3 in 14 days, 2 at most in one"' in page
    assert page.count("<rect") == 2


def test_the_list_of_sources_adds_up_what_all_feeds_of_each_bring(curator):
    source = make_source(name="The Paper")
    for days in (0.5, 3):
        feed = make_feed(source=source, succeeded_at=database_now())
        make_entry(feed=feed, seen_at=database_now() - timedelta(days=days))
    make_source(name="Without feeds")
    page = curator.get(reverse("admin:feeds_source_changelist")).content.decode()
    assert 'aria-label="2 in 14 days, 1 at most in one"' in page
    assert 'aria-label="0 in 14 days, 0 at most in one"' in page


def test_a_list_of_many_feeds_asks_no_more_than_one_of_a_single_feed(curator, django_assert_max_num_queries):
    for _ in range(20):
        make_feed(failure_count=1)
    with django_assert_max_num_queries(12):
        curator.get(reverse("admin:feeds_feed_changelist"))


def test_a_feed_that_was_taken_down_is_asked_again_once_it_is_resumed(curator):
    feed = make_feed(is_paused=True, retired_at=database_now(), gone_count=3)
    assert "Taken down by its publisher" in condition_of(feed, database_now())
    chosen = {"action": "resume", "_selected_action": [feed.pk]}
    curator.post(reverse("admin:feeds_feed_changelist"), chosen)
    assert list(Feed.objects.due(database_now())) == [feed]


def test_a_feed_on_hold_with_its_host_says_until_when_and_why(curator):
    feed = make_feed(url="https://busy.example/feed")
    make_feed(url="https://calm.example/feed", title="Calm one")
    until = database_now() + timedelta(hours=2)
    Host.objects.create(name="busy.example", held_until=until, hold_reason="It says we ask too often (429).")
    for query in ({}, {"state": "held"}):
        page = curator.get(reverse("admin:feeds_feed_changelist"), query).content.decode()
        assert "Its host is left alone until" in page
        assert "It says we ask too often (429)." in page
    assert "Calm one" not in page
    assert "left alone" in curator.get(reverse("admin:feeds_feed_change", args=[feed.pk])).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"moved_to": "https://new.example/f", "moved_count": 2}, "sent on for good to https://new.example/f, 2 times"),
        ({"suggested_url": "https://found.example/f"}, "It may have moved to https://found.example/f."),
        ({"identity_by": "link"}, "Its guids can not be trusted; its items are told apart by the item's address."),
        ({"failure_count": 2, "last_error": "Why."}, "Failed 2 times in a row. Why."),
        ({}, "Well."),
    ],
)
def test_the_condition_names_what_a_curator_should_know(fields, words):
    feed = make_feed(succeeded_at=database_now(), **fields)
    assert words in condition_of(feed, database_now())


def test_the_condition_says_that_a_hub_pushes_while_it_is_trusted():
    now = database_now()
    feed = make_feed(succeeded_at=now, push_trusted_until=now + timedelta(hours=1))
    assert condition_of(feed, now) == "Well. Its hub pushes."
    assert condition_of(feed, now + timedelta(hours=2)) == "Well."


def test_how_often_a_feed_is_asked_is_said_in_words():
    feed = make_feed(interval_seconds=600, asked_interval_seconds=3600, skip_hours=[3, 2], skip_days=[6])
    words = rhythm_of(feed, database_now())
    assert words == (
        "about every 10 minutes; it asks for 60 minutes at least; not at these hours (UTC): 2, 3; not on Sunday"
    )
    assert next_fetch_of(make_feed(next_check_at=database_now()), database_now()) == "now"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (89, "89 seconds"), (300, "5 minutes"), (7200, "2 hours"), (864000, "10 days")],
)
def test_a_span_is_said_in_one_unit(seconds, words):
    assert span_of(timedelta(seconds=seconds)) == words


def test_failing_feeds_are_found_by_what_is_wrong(curator):
    make_feed(title="Gone one", failure_count=1, last_error="There is nothing at this address (404).")
    make_feed(title="Shut one", failure_count=1, last_error="The server turns us away (403).")
    page = curator.get(reverse("admin:feeds_feed_changelist"), {"fault": "gone"}).content.decode()
    assert "Gone one" in page
    assert "Shut one" not in page


def test_notices_are_put_aside_from_their_list_and_keep_the_time_they_were(curator):
    notice = Notice.objects.tell(make_feed(), "It was taken down.")
    chosen = {"action": "deal_with", "_selected_action": [notice.pk]}
    curator.post(reverse("admin:feeds_notice_changelist"), chosen)
    done_at = Notice.objects.get().done_at
    assert done_at
    curator.post(reverse("admin:feeds_notice_changelist"), chosen)
    assert Notice.objects.get().done_at == done_at


def test_a_feed_is_deleted_with_what_was_told_of_it(curator):
    feed = make_feed()
    Notice.objects.tell(feed, "It was taken down.")
    make_record(feed)
    curator.post(reverse("admin:feeds_feed_delete", args=[feed.pk]), {"post": "yes"})
    assert not Feed.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("model", ["notice", "host"])
def test_lists_of_what_the_machine_wrote_open_and_nothing_can_be_added(curator, model):
    Host.objects.create(name="paper.example", robots="User-agent: *", hold_reason="<b>bold</b>")
    Notice.objects.tell(None, "<b>bold</b>")
    page = curator.get(reverse(f"admin:feeds_{model}_changelist"))
    assert page.status_code == 200
    assert "<b>bold</b>" not in page.content.decode()
    assert curator.get(reverse(f"admin:feeds_{model}_add")).status_code == 403


def test_an_entry_says_what_its_page_allows(curator):
    page = {"display": "excerpt", "display_reason": "The page is behind a paywall."}
    entry = make_entry(state="ready", page=page)
    shown = curator.get(reverse("admin:feeds_entry_change", args=[entry.pk])).content.decode()
    assert "Excerpt. The page is behind a paywall." in shown
