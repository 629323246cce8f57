"""What a curator does, through the pages a curator uses."""

from datetime import timedelta

import pytest
from django.urls import reverse

from feeds.clock import database_now
from feeds.ingestion import refresh_due
from feeds.models import Entry, Feed, Notice, Source
from tests.documents import item, rss
from tests.factories import make_curator, make_entry, make_feed, make_reader, make_source
from tests.web import Answer

pytestmark = pytest.mark.django_db
FEED = "https://paper.example/feed.xml"


@pytest.fixture
def curator(client):
    client.force_login(make_curator())
    return client


def act(curator, model: str, action: str, *rows):
    """Choose rows of a list and an action on them."""
    return curator.post(
        reverse(f"admin:feeds_{model}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )


def listed(curator, **query) -> str:
    return curator.get(reverse("admin:feeds_feed_changelist"), query).content.decode()


def test_a_source_added_with_its_feed_is_fetched_at_the_next_tick(curator, web):
    web[FEED] = rss(item("First news"))
    curator.post(
        reverse("admin:feeds_source_add"),
        {
            "name": "The Paper", "slug": "the-paper", "site_url": "https://paper.example/", "country": "GB",
            "language": "en", "category": "general", "display_policy": "excerpt",
            "feeds-TOTAL_FORMS": 1, "feeds-INITIAL_FORMS": 0, "feeds-0-url": FEED,
        },
    )  # fmt: skip
    assert Source.objects.get().display == "excerpt"

    assert refresh_due().entries_new == 1


def test_a_feed_address_that_is_taken_is_refused_with_a_sentence(curator):
    feed = make_feed(url=FEED)
    page = curator.post(reverse("admin:feeds_feed_add"), {"source": feed.source_id, "url": FEED})
    assert "already exists" in page.content.decode()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://127.0.0.1/feed", "http://[::1]/x", "https://a.example:22/"]
)
def test_an_address_we_would_never_fetch_is_refused_when_it_is_added(curator, url):
    source = make_source()
    page = curator.post(reverse("admin:feeds_feed_add"), {"source": source.pk, "url": url})
    assert page.status_code == 200
    assert not Feed.objects.exists()


def test_the_list_says_in_words_how_each_feed_does_the_worst_first(curator, web):
    web[FEED] = Answer(404)
    make_feed(url="https://new.example/rss", title="New one", next_check_at=database_now() + timedelta(hours=1))
    make_feed(url=FEED, title="Gone one")
    refresh_due()

    page = listed(curator)

    assert page.index("Gone one") < page.index("New one")
    assert "Failed 1 time in a row." in page
    assert "404" in page
    assert "Not fetched yet." in page


def test_articles_per_day_are_those_of_the_last_week(curator):
    feed = make_feed(source=make_source(added_at=database_now() - timedelta(days=99)))
    for days in (1, 2, 3, 4, 5, 6, 6.5, 30):
        make_entry(feed=feed, seen_at=database_now() - timedelta(days=days))
    assert ">1.0<" in listed(curator)


def test_articles_per_day_of_a_young_source_are_those_of_its_days_and_of_one_day_at_least(curator):
    now = database_now()
    for days, count in ((2, 8), (0.1, 3)):
        feed = make_feed(source=make_source(added_at=now - timedelta(days=days)))
        for _ in range(count):
            make_entry(feed=feed, seen_at=now - timedelta(hours=1))

    page = listed(curator)

    assert ">4.0<" in page
    assert ">3.0<" in page


def test_fetch_now_makes_a_waiting_feed_due_and_leaves_others_waiting(curator):
    later = database_now() + timedelta(hours=5)
    chosen, other = make_feed(next_check_at=later), make_feed(next_check_at=later)

    page = act(curator, "feed", "fetch_now", chosen)

    assert "1 feed will be fetched" in page.content.decode()
    assert list(Feed.objects.due(database_now())) == [chosen]
    assert Feed.objects.get(pk=other.pk).next_check_at == later


def test_a_paused_feed_is_not_fetched_until_it_is_resumed(curator):
    feed = make_feed()
    act(curator, "feed", "pause", feed)
    assert not Feed.objects.due(database_now()).exists()
    assert "all of these are paused" in act(curator, "feed", "fetch_now", feed).content.decode()

    act(curator, "feed", "resume", feed)
    assert Feed.objects.due(database_now()).exists()


def test_pausing_a_source_pauses_all_its_feeds(curator):
    feed = make_feed()
    act(curator, "source", "pause", feed.source)
    assert not Feed.objects.due(database_now()).exists()
    act(curator, "source", "fetch_now", feed.source)
    act(curator, "source", "resume", feed.source)
    assert Feed.objects.due(database_now()).exists()


def test_a_feed_shows_which_pages_could_not_be_read_and_why(curator):
    feed = make_feed()
    make_entry(feed=feed, title="Lost page", state="published", read_error="The server answered 404 (not found).")
    page = curator.get(reverse("admin:feeds_feed_change", args=[feed.pk])).content.decode()
    assert "Lost page: The server answered 404 (not found)." in page


def test_a_page_that_was_given_up_can_be_read_again(curator):
    entry = make_entry(state="published", attempts=3, read_error="The server answered 503.")
    act(curator, "entry", "read_again", entry)
    entry.refresh_from_db()
    assert (entry.state, entry.attempts, entry.read_error) == ("new", 0, "")


@pytest.mark.parametrize("state", ["failing", "odd", "silent", "paused"])
def test_the_filters_find_what_needs_an_eye(curator, state):
    now = database_now()
    make_feed(title="Is failing", failure_count=2, last_error="The server answered 500.")
    make_feed(title="Is odd", problems="The dates are wrong.", succeeded_at=now, new_entry_at=now)
    make_feed(title="Is silent", succeeded_at=now, new_entry_at=now - timedelta(days=20))
    make_feed(title="Is paused", is_paused=True)
    page = listed(curator, state=state)
    assert {name for name in ("failing", "odd", "silent", "paused") if f"Is {name}" in page} == {state}


def test_a_hostile_feed_title_is_only_text_to_a_curator(curator):
    make_feed(title="<script>alert(1)</script>", failure_count=1, last_error="<img src=x onerror=alert(1)>")
    page = listed(curator)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_admin_is_closed_to_readers_and_its_log_in_is_the_sites_own(client):
    response = client.get("/admin/login/", follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
    client.force_login(make_reader())
    assert client.get("/admin/").status_code in {302, 403}


def test_every_admin_page_opens(curator):
    entry = make_entry(feed=make_feed())
    for model, pk in (
        ("source", entry.feed.source_id),
        ("feed", entry.feed_id),
        ("entry", entry.pk),
        ("category", "world"),
    ):
        assert curator.get(reverse(f"admin:feeds_{model}_changelist")).status_code == 200
        assert curator.get(reverse(f"admin:feeds_{model}_change", args=[pk])).status_code == 200
    for model in ("article", "story", "categorymodel"):
        assert curator.get(reverse(f"admin:aggregator_{model}_changelist")).status_code == 200
    assert Entry.objects.count() == 1


def test_the_list_of_feeds_reads_the_entries_of_no_feed_it_does_not_show(curator, django_assert_max_num_queries):
    """Entries grow for ever: a list that joined or counted them all would slow down every day."""
    feed = make_feed(title="The Paper")
    for days_ago in (1, 2, 30):
        make_entry(feed=feed, seen_at=database_now() - timedelta(days=days_ago))
    with django_assert_max_num_queries(12) as queries:
        assert ">2.0<" in listed(curator)
    assert not any("JOIN" in query["sql"] and '"feeds_entry" ON' in query["sql"] for query in queries)


def test_an_entry_is_found_by_the_whole_of_its_address(curator):
    make_entry(title="Sought", url="https://paper.example/sought")
    make_entry(title="Another", url="https://paper.example/another")
    page = curator.get(reverse("admin:feeds_entry_changelist"), {"q": "https://paper.example/sought"}).content.decode()
    assert "Sought" in page
    assert "Another" not in page


def test_resuming_a_feed_of_a_paused_source_says_that_it_stays_paused(curator):
    feed = make_feed(source=make_source(is_paused=True), is_paused=True)
    page = act(curator, "feed", "resume", feed).content.decode()
    assert "1 stays paused with its source" in page
    assert "is asked again" not in page


def test_a_notice_is_found_by_whether_it_was_dealt_with(curator):
    Notice.objects.create(sentence="Still open.")
    Notice.objects.create(sentence="Long done.", done_at=database_now())
    for state, there, away in (("open", "Still open.", "Long done."), ("done", "Long done.", "Still open.")):
        page = curator.get(reverse("admin:feeds_notice_changelist"), {"state": state}).content.decode()
        assert there in page
        assert away not in page


def test_the_list_of_sources_offers_only_countries_that_have_one(curator):
    make_source(country="FR")
    make_source(country="GB")
    page = curator.get(reverse("admin:feeds_source_changelist")).content.decode()
    assert "country__iso__exact=FR" in page
    assert "country__iso__exact=DE" not in page


def test_a_home_page_in_our_own_network_is_refused_when_a_source_is_added_by_hand(curator):
    page = curator.post(reverse("admin:feeds_source_add"), {"name": "Inside", "site_url": "http://127.0.0.1/"})
    assert "is this machine itself" in page.content.decode()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("english", "is no language tag"),
        ("xx", "There is no language “xx”"),
        ("eng", "Is “en” meant?"),
        ("en-UK", "Is “GB” meant?"),
    ],
)
def test_a_language_that_is_none_is_refused_by_hand_with_what_may_be_meant(curator, language, sentence):
    source = make_source()
    page = curator.post(reverse("admin:feeds_source_change", args=[source.pk]), fields_of(source, language=language))

    assert sentence in page.content.decode()
    assert Source.objects.get().language == "en"


def test_a_language_is_kept_in_its_usual_spelling(curator):
    source = make_source()
    curator.post(reverse("admin:feeds_source_change", args=[source.pk]), fields_of(source, language="pt_br"))

    assert Source.objects.get().language == "pt-BR"


def fields_of(source: Source, **changes: str) -> dict[str, object]:
    """What the form of a source sends."""
    return {
        "name": source.name, "slug": source.slug, "site_url": source.site_url, "country": source.country_id,
        "category": source.category_id, "feeds-TOTAL_FORMS": "0", "feeds-INITIAL_FORMS": "0",
    } | changes  # fmt: skip
