"""Orders that curators give while Redis is away, and orders that reach two workers at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from feeds import orders, previewing, previews
from feeds.clock import database_now
from feeds.finding import searches, searching
from feeds.models import Source
from feeds.websub.hinting import hint_at_pushes
from tests.documents import item, page, rss
from tests.factories import make_curator, make_entry, make_feed, make_source

HOME, FEED, STORY = "https://paper.example/", "https://paper.example/feed", "https://paper.example/news/1"
NOWHERE = "redis://127.0.0.1:1/0"
SAID = "(Redis) does not answer"


@pytest.fixture
def curator(client):
    client.force_login(make_curator())
    return client


@pytest.fixture
def source(web) -> Source:
    source = make_source(site_url=HOME)
    make_entry(feed=make_feed(source=source), url=STORY, title="Bridge reopens")
    return source


@pytest.fixture
def let_redis_go(settings, monkeypatch) -> Callable[[], None]:
    """Call it, and neither cache nor queue answer any more."""

    def go() -> None:
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NOWHERE}}
        monkeypatch.setattr(current_app.conf, "broker_url", NOWHERE)

    return go


def preview_page(source: Source) -> str:
    return reverse("admin:feeds_source_preview", args=[source.pk])


@pytest.mark.django_db
def test_a_search_that_can_not_be_ordered_says_so_and_keeps_the_address(curator, let_redis_go):
    let_redis_go()

    answer = curator.post(reverse("admin:feeds_source_find"), {"address": "paper.example/news"})

    assert answer.status_code == 200
    assert SAID in answer.content.decode()
    assert 'value="paper.example/news"' in answer.content.decode()


@pytest.mark.django_db
def test_a_preview_that_can_not_be_ordered_says_so_and_keeps_the_rule(curator, source, let_redis_go):
    let_redis_go()
    rule = {"text_selector": ".story > p", "clutter_selector": ".plea", "page": STORY}

    answer = curator.post(preview_page(source), rule)

    assert answer.status_code == 200
    assert SAID in answer.content.decode()
    assert answer.context["form"].data["text_selector"] == ".story > p"
    assert 'value=".plea"' in answer.content.decode()


@pytest.mark.django_db
def test_a_rule_can_be_saved_and_sources_fetched_while_redis_is_away(curator, source, let_redis_go):
    let_redis_go()

    saved = curator.post(preview_page(source), {"text_selector": ".story", "clutter_selector": "", "save": "1"})
    fetched = curator.post(
        reverse("admin:feeds_source_changelist"), {"action": "fetch_now", "_selected_action": [source.pk]}, follow=True
    )

    assert (saved.status_code, fetched.status_code) == (302, 200)
    assert Source.objects.get().text_selector == ".story"


@pytest.mark.django_db
def test_a_list_that_can_not_be_kept_says_so(curator, let_redis_go):
    let_redis_go()
    file = SimpleUploadedFile("feeds.csv", f"name,feed_url\nPaper,{FEED}".encode())

    answer = curator.post(reverse("admin:feeds_source_import"), {"file": file})

    assert answer.status_code == 200
    assert SAID in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["feeds_source_found", "feeds_source_imported"])
def test_what_was_found_can_be_looked_at_again_once_redis_is_back(curator, let_redis_go, name):
    let_redis_go()

    answer = curator.get(reverse(f"admin:{name}", args=["key"]))

    assert answer.status_code == 503
    assert "load the page again" in answer.content.decode()


@pytest.mark.django_db
def test_a_preview_can_be_looked_at_again_once_redis_is_back(curator, source, let_redis_go):
    let_redis_go()

    assert curator.get(f"{preview_page(source)}?result=key").status_code == 503
    assert curator.get(preview_page(source)).status_code == 200


def test_a_worker_that_can_not_be_woken_costs_the_push_nothing(let_redis_go):
    let_redis_go()
    hint_at_pushes()
    with pytest.raises(orders.QueueAway):
        orders.send("feeds.tasks.read_pushes")


def at_once(carry_out: Callable[[], object]) -> None:
    """Have four workers carry out the same order at the same moment."""

    def work(_: int) -> None:
        try:
            carry_out()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))


@pytest.mark.django_db(transaction=True)
def test_a_preview_ordered_once_and_delivered_often_is_made_once(web, source):
    web[STORY] = page("Bridge reopens")
    preview = previews.Preview(source.pk, STORY, ".story", "", database_now())
    previews.keep("key", preview)

    at_once(lambda: previewing.make("key"))

    made = previews.find("key")
    assert made is not None
    assert made.is_made
    assert len(web.asked_for(STORY)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_search_ordered_once_and_delivered_often_is_made_once(web):
    web[HOME] = f'<html><head><link rel="alternate" type="application/rss+xml" href="{FEED}"></head></html>'
    web[FEED] = rss(item())
    now = database_now()
    searches.keep(1, "key", searches.Search(HOME, now, now))

    at_once(lambda: searching.make(1, "key"))

    search = searches.find(1, "key")
    assert search is not None
    assert search.found is not None
    assert [feed["url"] for feed in search.found["feeds"]] == [FEED]
    assert (len(web.asked_for(HOME)), len(web.asked_for(FEED))) == (1, 1)
