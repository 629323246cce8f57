"""How often articles are opened: once per reader and day, nobody remembered, nothing lost between two workers."""

import threading
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from aggregator import visits
from aggregator.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"


@pytest.fixture
def client_of_redis():
    client = redis.Redis.from_url(settings.REDIS_URL)
    yield client
    client.close()


def open_page(client, article: Article, *, agent: str = FIREFOX, address: str = "192.0.2.7", **headers: str) -> None:
    answer = client.get(article.get_absolute_url(), REMOTE_ADDR=address, headers={"User-Agent": agent, **headers})
    assert answer.status_code == 200


def views_of(article: Article) -> int:
    visits.write_gathered()
    article.refresh_from_db(fields=["view_count"])
    return article.view_count


def test_a_reader_counts_once_a_day_however_often_they_come(client):
    article = make_article()

    for _ in range(3):
        open_page(client, article)

    assert views_of(article) == 1
    open_page(client, article)
    assert views_of(article) == 1


def test_readers_differ_by_address_and_by_browser_and_articles_count_apart(client):
    first, second = make_article(), make_article()

    open_page(client, first)
    open_page(client, first, address="192.0.2.8")
    open_page(client, first, agent=SAFARI)
    open_page(client, second)

    assert (views_of(first), views_of(second)) == (3, 1)


def test_a_visit_sets_no_cookie(client):
    open_page(client, make_article())

    assert not client.cookies


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.14.1",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36",
        "facebookexternalhit/1.1",
    ],
)
def test_programs_are_not_counted(client, agent):
    article = make_article()

    open_page(client, article, agent=agent)

    assert views_of(article) == 0


def test_a_telephone_named_like_a_bot_is_a_persons(client):
    article = make_article()

    open_page(client, article, agent="Mozilla/5.0 (Linux; Android 11; CUBOT X50) AppleWebKit/537.36 Chrome/140 Mobile")

    assert views_of(article) == 1


@pytest.mark.parametrize("header", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
def test_a_page_fetched_in_advance_was_not_read(client, header):
    article = make_article()

    open_page(client, article, **header)

    assert views_of(article) == 0


def test_asking_for_the_head_alone_is_no_visit(client):
    article = make_article()

    client.head(article.get_absolute_url(), headers={"User-Agent": FIREFOX})

    assert views_of(article) == 0


def test_what_redis_keeps_of_a_reader_ends_with_the_day_and_names_nobody(client, client_of_redis):
    open_page(client, make_article())

    kept = {
        key: client_of_redis.ttl(key) for key in client_of_redis.keys("*:visits:*") if key.decode() != visits.GATHERED
    }

    assert len(kept) == 2 and all(0 < seconds <= 86_400 for seconds in kept.values())
    held = b"".join(client_of_redis.dump(key) for key in kept)
    assert b"192.0.2.7" not in held and b"Firefox" not in held


def test_the_next_day_a_reader_counts_again(client_of_redis):
    article, now = make_article(), timezone.now()
    request = RequestFactory().get("/", headers={"User-Agent": FIREFOX})

    for moment in (now, now, now + timedelta(days=1)):
        visits.note(article.pk, request, moment)

    assert views_of(article) == 2


def test_a_flood_of_invented_browsers_ends_somewhere(client, monkeypatch):
    monkeypatch.setattr(visits, "MOST_READERS", 3)
    article = make_article()

    for number in range(9):
        open_page(client, article, agent=f"{FIREFOX} {number}")

    assert views_of(article) == 3


def test_without_redis_pages_are_shown_and_nobody_waits(client, monkeypatch):
    absent = visits.Counter("redis://127.0.0.1:1/0")
    monkeypatch.setattr(visits, "_counter", lambda: absent)
    article = make_article()

    for _ in range(2):
        open_page(client, article)

    assert absent.away_until > 0
    assert views_of(article) == 0


def test_views_of_an_article_that_left_are_laid_aside(client, client_of_redis):
    article = make_article()
    open_page(client, article)
    article.delete()

    visits.write_gathered()

    assert not client_of_redis.exists(visits.GATHERED, visits.TAKEN)


def test_what_a_dead_worker_had_taken_is_written_by_the_next(client_of_redis):
    article = make_article()
    client_of_redis.hset(visits.TAKEN, article.pk, 4)
    client_of_redis.hset(visits.GATHERED, article.pk, 3)

    assert views_of(article) == 7
    assert views_of(article) == 7


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_view_once(client_of_redis):
    articles = [make_article() for _ in range(5)]
    client_of_redis.hset(visits.GATHERED, mapping={article.pk: 10 for article in articles})

    def write() -> None:
        visits.write_gathered()
        connection.close()

    workers = [threading.Thread(target=write) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    visits.write_gathered()

    assert set(Article.objects.values_list("view_count", flat=True)) == {10}
