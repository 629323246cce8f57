"""Every task delivered twice at the same moment has the effect of one: that is what a queue may do to us."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import close_old_connections, connections

from accounts import tasks as accounts_tasks
from aggregator import tasks as aggregator_tasks
from aggregator.models import Article, Headline
from comments import tasks as comments_tasks
from feeds import tasks
from feeds.clock import database_now
from feeds.models import Entry, Feed, FetchRecord, Notice, Push, Source, Subscription
from tests.documents import item, page, rss
from tests.factories import make_feed, make_source
from tests.feeds.test_marks import icon
from tests.feeds.test_moves import make_lost_feed
from tests.web import Answer
from zisnews.celery import app

OUR_HUB = "https://ours.example/"
HUB, SITE = "https://hub.example/", "https://paper.example/"
COUNT = 20


class NoSlots:
    """Two workers are two processes: neither knows of the other's slots."""

    def acquire(self, *, blocking: bool) -> bool:
        return True

    def release(self) -> None:
        pass


@pytest.fixture(autouse=True)
def site(web, settings, tmp_path, monkeypatch, transactional_db):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ZIS_WEBSUB, settings.SITE_URL = True, "https://news.example"
    settings.ZIS_WEBSUB_HUB = OUR_HUB
    web[OUR_HUB] = Answer(204)
    for module in (tasks, aggregator_tasks):
        for name in [name for name in vars(module) if name.endswith("_slots")]:
            monkeypatch.setattr(module, name, NoSlots())
    web[HUB] = Answer(202)
    web[SITE] = '<html><head><link rel="icon" href="/icon.png"></head><body></body></html>'
    web[f"{SITE}icon.png"] = icon(180)
    for n in range(COUNT):
        picture = f"{SITE}{n}.png"
        media = f"<media:content url='{picture}' medium='image' width='900'/>"
        hub = f'</title><link rel="hub" xmlns="http://www.w3.org/2005/Atom" href="{HUB}"/>'
        document = rss(item(f"Council number {n} votes", link=f"{SITE}news/{n}", guid=str(n), extra=media))
        web[f"{SITE}feed/{n}"] = document.replace(b"</title>", hub.encode(), 1)
        web[f"{SITE}news/{n}"] = page(f"Council number {n} votes")
        web[picture] = icon(640, "JPEG", f"#{n * 9:02x}4080")
    return web


def twice(task: Callable[..., object], *arguments: object, times: int = 2) -> None:
    """Run a task in so many threads at the same moment, each with a connection of its own; errors surface."""
    errors: list[BaseException] = []
    together = threading.Barrier(times)

    def run() -> None:
        try:
            together.wait()
            task(*arguments)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert not errors, errors


def test_every_task_of_ours_is_delivered_twice_here():
    ours = {name for name in app.tasks if name.startswith(("feeds.", "accounts.", "aggregator.", "comments."))}
    here = {f"feeds.tasks.{name}" for name in (*RHYTHM, *ORDERS)} | {f"aggregator.tasks.{name}" for name in OF_ARTICLES}
    here |= {f"comments.tasks.{name}" for name in OF_ANSWERS} | {f"accounts.tasks.{name}" for name in OF_ACCOUNTS}
    assert ours == here


RHYTHM = ["refresh_due_feeds", "read_pushes", "keep_subscriptions", "read_due_pages", "find_due_marks"]
RHYTHM += ["search_lost_feeds", "forget_old_records", "forgive_clock"]
ORDERS = ["make_preview", "search_feeds"]  # of curators, kept under a key: tests/feeds/test_preview.py, test_adding.py
OF_ARTICLES = ["publish_ready", "fetch_due_pictures", "train_categories", "let_old_articles_leave", "sweep_pictures"]
OF_ARTICLES += ["count_hours", "write_views", "catch_up_search", "count_keywords", "announce_new", "rank_stories"]
OF_ARTICLES += ["keep_what_is_left"]
OF_ARTICLES += ["move_followers", "tell_of_stories", "tell_of_searches", "count_who_writes_about_whom"]
OF_ARTICLES += ["compare_grown_stories", "compare_older_stories", "count_what_is_usual"]
OF_ARTICLES += ["add_up_terms", "merge_stories", "look_at_night"]
OF_ANSWERS = ["recount_reactions", "recount_comments", "wipe_deleted_comments", "carry_on_purges"]
OF_ACCOUNTS = ["forget_ended_sessions", "write_ad_counts"]
OF_ACCOUNTS += ["recount_followers", "forget_old_notices"]


def test_twice_is_once(site):
    source = make_source(site_url=SITE)
    Source.objects.update(mark_after=database_now())
    for n in range(COUNT):
        make_feed(source=source, url=f"{SITE}feed/{n}")

    for _ in range(2):
        for name in RHYTHM:
            twice(getattr(tasks, name), times=3)
        for name in OF_ARTICLES:
            twice(getattr(aggregator_tasks, name), times=3)
        for name in OF_ANSWERS:
            twice(getattr(comments_tasks, name), times=3)
        for name in OF_ACCOUNTS:
            twice(getattr(accounts_tasks, name), times=3)

    asked = Counter(request.url for request in site.requests)
    assert {url: times for url, times in asked.items() if times > 1 and url not in {HUB, OUR_HUB}} == {}
    assert Entry.objects.count() == Article.objects.count() == COUNT
    assert not Headline.objects.exists()
    assert Article.objects.exclude(picture="").count() == COUNT
    assert FetchRecord.objects.count() == COUNT
    assert set(Feed.objects.values_list("failure_count", flat=True)) == {0}
    assert asked[HUB] == Subscription.objects.count() == COUNT
    assert Source.objects.get().mark


def test_a_push_delivered_twice_is_read_once(site):
    feed = make_feed(source=make_source(site_url=SITE), url=f"{SITE}feed/1", hub_url=HUB, topic_url=f"{SITE}feed/1")
    twice(tasks.keep_subscriptions)
    subscription = Subscription.objects.get()
    Push.objects.create(subscription=subscription, body=site[f"{SITE}feed/1"], content_type="text/xml")

    twice(tasks.read_pushes, times=4)

    assert Entry.objects.filter(feed=feed).count() == 1
    assert not Push.objects.exists()
    assert FetchRecord.objects.filter(feed=feed, is_push=True).count() == 1


def test_a_lost_feed_is_searched_and_told_of_once(site):
    make_lost_feed(source=make_source(site_url=SITE), url=f"{SITE}old")
    site[SITE] = f'<html><head><link rel="alternate" type="application/rss+xml" href="{SITE}feed/1"></head></html>'

    twice(tasks.search_lost_feeds, times=4)

    assert len(site.asked_for(SITE)) == 1
    assert Notice.objects.count() <= 1
