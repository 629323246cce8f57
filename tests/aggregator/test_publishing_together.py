"""Publishing by several workers at once, of pages that have left, and of pages under other spellings."""

import threading
from collections import Counter

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from aggregator.models import Article, Story, Tombstone
from aggregator.publishing import publish_ready
from feeds.clock import database_now
from feeds.models import Entry
from tests.aggregator.test_publishing import page_of
from tests.factories import make_entry, make_feed, make_source

PAGE = "https://paper.example/news/1"


@pytest.mark.django_db(transaction=True)
def test_workers_that_publish_the_same_addresses_at_once_make_each_article_once_and_none_gives_up():
    for feed in [make_feed(source=make_source()) for _ in range(4)]:
        for number in range(60):
            make_entry(feed=feed, state="ready", url=f"https://paper.example/{number}", title=f"Event number {number}")
    taken: Counter[str] = Counter()

    def work(name: str) -> None:
        try:
            while entries := publish_ready(20).entries:
                taken[name] += entries
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert Article.objects.count() == 60
    assert not Entry.objects.exclude(state="published").exists()
    assert sum(taken.values()) == 240
    assert sum(Story.objects.values_list("article_count", flat=True)) == 60


@pytest.mark.django_db
@pytest.mark.parametrize("page", [None, page_of("https://paper.example/canonical")])
def test_the_address_of_an_article_that_left_makes_none_again(page):
    Tombstone.objects.bury(["https://paper.example/news/1", "https://paper.example/canonical"], database_now())
    gone = make_entry(state="ready", url=f"{PAGE}?utm_source=rss", page=page)
    kept = make_entry(state="ready", url="https://paper.example/news/2")

    publish_ready()

    assert Article.objects.get().entry == kept
    gone.refresh_from_db()
    assert (gone.state, gone.title, gone.page) == ("gone", "", None)


@pytest.mark.django_db
def test_an_article_that_stands_is_renewed_though_its_address_is_in_a_tombstone():
    entry = make_entry(state="ready", url=PAGE, title="Talks begin")
    publish_ready()
    Tombstone.objects.bury([PAGE], database_now())
    Entry.objects.filter(pk=entry.pk).update(state="ready", title="Talks fail")
    publish_ready()
    assert Article.objects.get().title == "Talks fail"


@pytest.mark.django_db
def test_what_has_left_is_asked_for_once_a_batch():
    for _ in range(10):
        make_entry(state="ready")
    with CaptureQueriesContext(connection) as queries:
        publish_ready()
    assert sum("aggregator_tombstone" in query["sql"] for query in queries) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spelling", ["http://paper.example/news/1", "https://www.paper.example/news/1", "http://www.paper.example/news/1/"]
)
def test_one_page_of_a_source_under_another_spelling_is_one_article(spelling):
    source = make_source()
    for url in (PAGE, spelling):
        make_entry(feed=make_feed(source=source), state="ready", url=url)
        publish_ready()
    assert Article.objects.get().url == PAGE


@pytest.mark.django_db
def test_another_spelling_is_another_page_when_it_is_another_sources_or_has_parameters():
    own = ("https://paper.example/news?id=1", "https://paper.example/news/?id=1")
    for url in (PAGE, PAGE.replace("https", "http"), *own):
        make_entry(state="ready", url=url)
    publish_ready()
    assert Article.objects.count() == 4
