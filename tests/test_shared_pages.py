"""Feeds whose items have no page of their own, status feeds and live tickers, from document to articles."""

import pytest

from aggregator.models import Article, Tombstone
from aggregator.publishing import publish_ready
from aggregator.retention import delete
from feeds.clock import database_now
from feeds.ingestion import refresh_due
from feeds.models import Entry, Feed
from feeds.reading import read_due_pages
from tests.documents import item, page, rss
from tests.factories import make_feed

pytestmark = pytest.mark.django_db
FEED, LIVE, HOME = "https://paper.example/feed.xml", "https://paper.example/live", "https://paper.example/"
TITLES = ("Ferry aground off Skerra", "Bank keeps its rates", "Museum of glass opens", "Rain stops the regatta")


def poll(web, *items: str) -> None:
    """Look at the feed, made at the first look, read what pages it leads to, and publish."""
    web[FEED] = rss(*items)
    Feed.objects.filter(url=FEED).exists() or make_feed(url=FEED)
    Feed.objects.active().check_now(database_now())
    refresh_due()
    read_due_pages()
    publish_ready()


def ticker(*titles: str, link: str = LIVE, guids: str = "event-{}") -> list[str]:
    return [
        item(title, link=link.format(place), guid=guids.format(place), description=f"What is known of: {title}.")
        for place, title in enumerate(titles)
    ]


def published() -> dict[str, str]:
    return dict(Article.objects.values_list("title", "url"))


@pytest.mark.parametrize("link", [LIVE, HOME, LIVE + "#entry-{}", LIVE + "?utm_source=rss"])
def test_items_that_all_lead_to_one_page_become_an_article_each(web, link):
    web[LIVE] = web[HOME] = page("Everything at once")

    poll(web, *ticker(*TITLES, link=link))

    articles = published()
    assert set(articles) == set(TITLES)
    assert len(set(articles.values())) == len(TITLES)
    assert all(url.startswith(link.partition("?")[0].partition("#")[0] + "#item-") for url in articles.values())
    assert Article.objects.get(title=TITLES[0]).description == f"What is known of: {TITLES[0]}."


def test_the_page_that_they_share_is_not_asked_for(web):
    web[LIVE] = page("Everything at once")

    poll(web, *ticker(*TITLES))

    assert web.asked_for(LIVE) == []
    assert not Entry.objects.filter(has_page=True).exists()


def test_at_the_next_look_nothing_is_doubled_and_the_one_new_item_is_one_article_more(web):
    poll(web, *ticker(*TITLES))
    before = published()

    poll(web, *ticker(*TITLES, "Harbour reopens"))
    poll(web, *ticker(*TITLES, "Harbour reopens"))

    assert set(published()) == {*before, "Harbour reopens"}
    assert {title: published()[title] for title in before} == before


def test_an_item_that_changes_renews_its_own_article(web):
    poll(web, *ticker(*TITLES))
    address = published()[TITLES[0]]

    poll(web, *ticker("Ferry off Skerra floats again", *TITLES[1:]))

    assert Article.objects.count() == len(TITLES)
    assert Article.objects.get(url=address).title == "Ferry off Skerra floats again"


def test_a_document_with_one_item_left_is_still_known_for_a_ticker(web):
    poll(web, *ticker(*TITLES))

    poll(web, item("Harbour reopens", link=LIVE, guid="event-9"))

    assert set(published()) == {*TITLES, "Harbour reopens"}


def test_a_single_item_that_links_to_the_home_page_is_an_article_of_its_own(web):
    web[HOME] = page("Front page")

    poll(web, item("All services work", link=HOME, guid="status-1"))
    poll(web, item("The ticket office is down", link=HOME, guid="status-2"))

    assert set(published()) == {"All services work", "The ticket office is down"}
    assert web.asked_for(HOME) == []


def test_two_items_about_one_page_are_one_article_as_before(web):
    web[LIVE] = page("Ferry aground")

    poll(web, *ticker("Ferry aground", "Ferry aground, all safe"))

    assert Article.objects.count() == 1


def test_in_a_feed_of_articles_three_that_lead_to_the_live_page_share_its_article(web):
    web[LIVE] = page("Everything at once")
    for number in range(6):
        web[f"https://paper.example/news/{number}"] = page(f"Story {number}")
    others = ticker(*(f"Story {number}" for number in range(6)), link="https://paper.example/news/{}", guids="news-{}")

    poll(web, *ticker(*TITLES[:3]), *others)

    assert Article.objects.filter(url=LIVE).count() == 1
    assert Article.objects.count() == 7
    assert Feed.objects.get().shared_page == ""


def test_an_article_that_stood_at_the_shared_page_and_left_the_site_keeps_no_item_away(web):
    Tombstone.objects.bury([LIVE], database_now())

    poll(web, *ticker(*TITLES))

    assert set(published()) == set(TITLES)


def test_an_item_whose_article_left_the_site_does_not_come_back(web):
    poll(web, *ticker(*TITLES))
    delete([Article.objects.get(title=TITLES[0])], database_now())

    poll(web, *ticker("Ferry off Skerra floats again", *TITLES[1:]))

    assert set(published()) == set(TITLES[1:])
