"""Items that stay the same while their guids change, and guids that stay while the items change."""

from datetime import timedelta

import pytest

from feeds.clock import database_now
from feeds.identities import is_rewritten
from feeds.ingestion import Refreshed, refresh_due
from feeds.items import FeedItem
from feeds.models import Entry, Feed
from tests.documents import item, rss
from tests.factories import A_WEDNESDAY, make_feed

pytestmark = pytest.mark.django_db
FEED = "https://paper.example/feed.xml"
TITLES = ("Ferry aground off Skerra", "Bank keeps its rates", "Museum of glass opens", "Rain stops the regatta")


def poll(web, *items: str) -> Refreshed:
    """Look at the feed, made at the first look, as it lists these items."""
    web[FEED] = rss(*items)
    Feed.objects.filter(url=FEED).exists() or make_feed(url=FEED)
    Feed.objects.active().check_now(database_now())
    return refresh_due()


def edition(number: int, *, link: str = "https://paper.example/news/{}", title: str = "{}", **fields) -> list[str]:
    """Four items, each with a guid that is another in each edition."""
    return [
        item(
            title.format(name),
            link=link.format(place, number=number) if link else None,
            guid=f"guid-{number}-{place}",
            **fields,
        )
        for place, name in enumerate(TITLES)
    ]


def test_items_whose_guids_change_at_each_look_are_stored_once_and_told_apart_by_their_addresses(web):
    assert poll(web, *edition(1)).entries_new == 4
    before = set(Entry.objects.values_list("pk", "title"))

    reports = [poll(web, *edition(number)).entries_new for number in (2, 3, 4)]

    assert reports == [0, 0, 0]
    assert set(Entry.objects.values_list("pk", "title")) == before
    assert Feed.objects.get().identity_by == "link"


def test_once_guids_are_distrusted_a_look_without_news_changes_no_row(web):
    for number in (1, 2, 3):
        poll(web, *edition(number))
    Entry.objects.all().mark_published()
    identities = set(Entry.objects.values_list("pk", "identity", "content_hash", "state"))

    poll(web, *edition(4))

    assert set(Entry.objects.values_list("pk", "identity", "content_hash", "state")) == identities


def test_news_among_changing_guids_is_new_and_an_edited_item_is_renewed(web):
    for number in (1, 2):
        poll(web, *edition(number))

    report = poll(
        web,
        item("Harbour reopens", link="https://paper.example/news/9", guid="guid-3-9"),
        item("Ferry aground off Skerra, all safe", link="https://paper.example/news/0", guid="guid-3-0"),
        *edition(3)[1:],
    )

    assert report.entries_new == 1
    assert Entry.objects.count() == 5
    assert Entry.objects.filter(title="Ferry aground off Skerra, all safe").count() == 1


def test_items_whose_guids_and_addresses_both_change_are_told_apart_by_headline_and_day(web):
    day = database_now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=2)
    poll(web, *edition(1, link="https://paper.example/{number}/{}", published_at=day))

    for number in (2, 3, 4):
        links = "https://paper.example/{number}/{}"
        assert poll(web, *edition(number, link=links, published_at=day)).entries_new == 0

    assert Entry.objects.count() == 4
    assert Feed.objects.get().identity_by == "title"


def test_items_without_addresses_whose_guids_change_are_told_apart_by_headline(web):
    poll(web, *edition(1, link=None))
    assert [poll(web, *edition(number, link=None)).entries_new for number in (2, 3)] == [0, 0]
    assert Entry.objects.count() == 4


def test_a_guid_that_changes_with_an_edit_alone_keeps_the_entry_and_the_rule(web):
    others = [item(name, link=f"https://paper.example/{name[:3]}", guid=name) for name in TITLES[1:]]
    poll(web, item(TITLES[0], link="https://paper.example/ferry", guid="ferry#0"), *others)
    first = Entry.objects.get(identity="ferry#0")

    report = poll(web, item(TITLES[0] + ", all safe", link="https://paper.example/ferry", guid="ferry#1"), *others)

    assert report.entries_new == 0
    again = Entry.objects.get(identity="ferry#1")
    assert (again.pk, again.published_at, again.title) == (first.pk, first.published_at, TITLES[0] + ", all safe")
    assert Feed.objects.get().identity_by == "guid"


def test_an_item_that_left_the_site_does_not_come_back_under_another_guid(web):
    poll(web, *edition(1))
    Entry.objects.all().bury()
    assert poll(web, *edition(2)).entries_new == 0
    assert set(Entry.objects.values_list("state", "title")) == {("gone", "")}


def test_an_item_without_address_whose_guid_was_shared_is_no_other_once_it_has_it_alone(web):
    shared = [item("Goal for Skerra", guid="ticker", link=None, description="Minute 12.")]
    poll(web, *shared, item("Half-time", guid="ticker", link=None, description="They rest."))
    before = set(Entry.objects.values_list("pk", "title"))

    for items in (shared, shared, [*shared, item("Half-time", guid="ticker", link=None, description="They rest.")]):
        assert poll(web, *items).entries_new == 0
        assert set(Entry.objects.values_list("pk", "title")) == before


def test_an_item_without_address_that_says_the_same_on_another_day_is_another(web):
    poll(web, item("Sunny", guid="a", link=None, published_at=A_WEDNESDAY))

    later = A_WEDNESDAY + timedelta(days=1)
    assert poll(web, item("Sunny", guid="b", link=None, published_at=later)).entries_new == 1


def test_items_that_share_one_address_stay_items_of_their_own(web):
    one, two = (item(name, link="https://paper.example/live", guid=name) for name in TITLES[:2])
    poll(web, one)
    assert poll(web, one, two).entries_new == 1
    assert Entry.objects.count() == 2


def test_another_item_under_the_same_address_and_a_new_guid_is_new(web):
    poll(web, item(TITLES[0], link="https://paper.example/warnings", guid="1"))
    assert poll(web, item(TITLES[1], link="https://paper.example/warnings", guid="2")).entries_new == 1


def test_recurring_headlines_are_new_items_when_guid_and_address_are_new(web):
    poll(web, *[item("Daily crossword", link=f"https://paper.example/{n}", guid=str(n)) for n in range(4)])
    report = poll(web, *[item("Daily crossword", link=f"https://paper.example/{n}", guid=str(n)) for n in range(4, 8)])
    assert report.entries_new == 4
    assert Feed.objects.get().identity_by == "guid"


@pytest.mark.parametrize(
    "link",
    [
        "http://paper.example/news/1?utm_source=rss",
        "https://paper.example/news/1#latest",
        "https://paper.example/news/ferry-aground-all-safe",
    ],
)
def test_an_address_that_changes_while_the_guid_stays_is_the_same_entry(web, link):
    poll(web, item(TITLES[0], guid="1"))
    assert poll(web, item(TITLES[0], link=link, guid="1")).entries_new == 0
    assert Entry.objects.count() == 1


def test_a_guid_used_again_for_another_item_makes_an_entry_of_its_own(web):
    earlier, later = A_WEDNESDAY, A_WEDNESDAY + timedelta(hours=2)
    section = {"guid": "https://paper.example/world/"}
    poll(web, item(TITLES[0], link="https://paper.example/ferry", published_at=earlier, **section))

    report = poll(web, item(TITLES[1], link="https://paper.example/bank", published_at=later, **section))

    assert report.entries_new == 1
    assert set(Entry.objects.values_list("title", flat=True)) == set(TITLES[:2])
    assert Feed.objects.get().identity_by == "link"
    third = poll(web, item(TITLES[2], link="https://paper.example/glass", published_at=later, **section))
    assert third.entries_new == 1
    poll(web, item(TITLES[1], link="https://paper.example/bank", published_at=later, **section))
    assert Entry.objects.count() == 3


def test_an_item_whose_address_follows_its_new_headline_is_the_same_entry(web):
    earlier, later = A_WEDNESDAY, A_WEDNESDAY + timedelta(hours=2)
    poll(web, item("Eight dead in Perm", link="https://x.example/a/126422/eight-dead", guid="1", published_at=earlier))
    report = poll(web, item("Toll falls to six", link="https://x.example/a/126422/toll", guid="1", published_at=later))
    assert report.entries_new == 0
    entry = Entry.objects.get()
    assert (entry.title, entry.url) == ("Toll falls to six", "https://x.example/a/126422/toll")


@pytest.mark.parametrize(
    ("url", "title", "expected"),
    [
        ("https://x.example/300126/toll", "Toll falls", True),
        ("https://x.example/eight-dead-in-perm-shooting", "Toll falls", True),
        ("https://x.example/20210920/bank", "Bank keeps rates", False),
        ("https://x.example/bank", "Eight are dead", True),
        ("https://x.example/", "", False),
    ],
)
def test_an_edited_item_keeps_a_number_of_its_address_or_some_words(url, title, expected):
    before = ("https://x.example/20210920/300126/eight-dead-in-perm", "Eight dead in Perm")
    item = FeedItem("1", title, url, None, None, "", "", "", (), None)
    assert is_rewritten(*before, item) is expected


def test_a_document_without_news_costs_no_statement_beyond_the_two(web, django_assert_max_num_queries):
    from feeds.attempts import Attempt  # noqa: PLC0415
    from feeds.parsing import parse_feed  # noqa: PLC0415
    from feeds.storing import store_entries  # noqa: PLC0415

    poll(web, *edition(1))
    now = database_now()
    feed = Feed.objects.get()
    attempt = Attempt(feed, parsed=parse_feed(rss(*edition(1)), url=FEED, now=now))
    with django_assert_max_num_queries(4):  # savepoint, lock, upsert, release
        assert store_entries([attempt], now) == {}


def test_an_entry_that_came_without_headline_and_address_is_mended_by_its_item_when_it_is_whole(web):
    poll(web, item("", link="", guid="1", description="Half a text"))
    Entry.objects.update(title="", url="", published_at=A_WEDNESDAY - timedelta(days=1))
    report = poll(web, item("Bridge reopens", link="https://x.example/bridge", guid="1", published_at=A_WEDNESDAY))
    assert report.entries_new == 0
    assert Entry.objects.get().title == "Bridge reopens"


def test_a_document_whose_guids_and_one_address_were_damaged_is_mended_by_the_whole_one(web):
    def whole() -> list[str]:
        return [item(name, link=f"https://paper.example/{n}", guid=f"tag:{n}") for n, name in enumerate(TITLES)]

    def damaged() -> list[str]:
        others = [item(name, link=f"https://paper.example/{n}", guid=f"t?g:{n}") for n, name in enumerate(TITLES)]
        return [item(TITLES[0], link=None, guid="tag:0"), *others[1:]]

    poll(web, *whole())
    before = set(Entry.objects.values_list("pk", "url", "title"))
    poll(web, *damaged())
    poll(web, *damaged())
    assert Feed.objects.get().identity_by == "link"
    poll(web, *whole())

    assert set(Entry.objects.values_list("pk", "url", "title")) == before
