"""One article, from feed bytes to a reader's screen: the seven files of docs/architecture.md, in order."""

import pytest
from django.urls import reverse

from accounts.preferences import Preferences
from aggregator.models import Article
from aggregator.publishing import publish_ready
from feeds.extraction import extract
from feeds.ingestion import refresh_due
from feeds.models import Entry
from feeds.parsing import parse_feed
from feeds.reading import read_due_pages
from tests.documents import item, page, rss
from tests.factories import A_WEDNESDAY, make_feed

FEED, PAGE = "https://paper.example/feed.xml", "https://paper.example/news/lock"
TITLE = "Old lock to close for repairs"


@pytest.mark.django_db
def test_one_article_walks_from_feed_bytes_to_a_readers_screen(web, client):
    web[FEED] = rss(item(TITLE, link=PAGE, description="Two gates are cracked."))
    web[PAGE] = page(TITLE)
    make_feed(url=FEED)

    assert refresh_due().entries_new == 1  # 1 ingestion, by 2 fetching and 3 parsing
    assert read_due_pages() == 1  # 4 extraction
    assert Entry.objects.get().state == "ready"
    assert publish_ready().articles_new == 1  # 5 publishing

    [article] = Article.objects.visible_to(Preferences()).newest_first()  # 6 the QuerySet
    assert article.story.articles.get() == article

    latest = client.get(reverse("latest")).content.decode()  # 7 the view
    assert TITLE in latest
    assert "Two gates are cracked." in latest
    shown = client.get(article.get_absolute_url()).content.decode()
    assert "harbour council voted" in shown
    assert PAGE in shown


def test_the_pure_steps_need_neither_database_nor_network():
    [found] = parse_feed(rss(item(TITLE, link=PAGE)), url=FEED, now=A_WEDNESDAY).items
    assert (found.title, found.url) == (TITLE, PAGE)
    read = extract(page(TITLE), url=PAGE, now=A_WEDNESDAY)
    assert read.title == TITLE
    assert "harbour council voted" in read.text
