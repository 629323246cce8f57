"""/metrics: who may see it, what it says, and that it says it as Prometheus reads it."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from feeds.clock import database_now
from feeds.models import Host
from tests.factories import make_article, make_curator, make_entry, make_feed, make_reader, make_record
from zisnews import metrics
from zisnews.celery import tick

pytestmark = pytest.mark.django_db
TOKEN = "a-long-secret-of-the-operators"


@pytest.fixture
def scrape(client, settings):
    """Scrape as Prometheus does, and parse what comes: (name, labels) → value."""
    settings.ZIS_METRICS_TOKEN = TOKEN

    def read() -> dict:
        cache.delete(metrics.KEY)
        response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/plain; version=")
        families = list(text_string_to_metric_families(response.content.decode()))
        return {
            (sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples
        }

    return read


def test_feeds_are_told_by_state_and_each_is_in_one(scrape):
    now = database_now()
    make_feed(checked_at=now, succeeded_at=now, next_check_at=now + timedelta(hours=1))
    make_feed(next_check_at=now - timedelta(seconds=90))
    make_feed(checked_at=now, failure_count=2, last_error="Nothing at this address (404).", next_check_at=now)
    make_feed(is_paused=True)
    make_feed(is_paused=True, retired_at=now)

    found = scrape()

    states = {labels[0]: value for (name, *labels), value in found.items() if name == "zis_feeds"}
    assert states == {"well": 1, "new": 1, "failing": 1, "paused": 1, "retired": 1}
    assert found["zis_feeds_failing", "gone"] == 1
    assert found["zis_feeds_failing", "busy"] == 0
    assert found["zis_feeds_due",] == 2
    assert found["zis_feeds_overdue_seconds",] == pytest.approx(90, abs=10)


def test_what_came_in_and_what_waits_is_told(scrape):
    feed = make_feed()
    make_record(feed, status=200, entries_new=2)
    make_record(feed, status=500, error="The server met a fault of its own (500).")
    make_entry(feed=feed)
    make_entry(feed=feed, state="published", read_error="It turns us away (403).", seen_at=database_now())
    make_article(minutes_ago=2)
    Host.objects.create(name="busy.example", held_until=database_now() + timedelta(hours=1))

    found = scrape()

    assert found["zis_fetches_last_5_minutes", "news"] == found["zis_fetches_last_5_minutes", "failed"] == 1
    assert found["zis_entries_waiting", "to_be_read"] == 1
    assert found["zis_pages_unreadable_last_hour", "closed"] == 1
    assert found["zis_articles_added_last_hour",] == found["zis_articles",] == 1
    assert found["zis_handling_seconds", "0.5"] > 0
    assert found["zis_hosts_on_hold",] == 1
    assert found["zis_queue_messages", "fetch"] == 0
    assert found["zis_database_bytes",] > 1_000_000
    assert found["zis_picture_disk_free_bytes",] > 0


def test_an_empty_site_has_numbers_too_and_leaves_out_what_nobody_measured(scrape):
    found = scrape()
    assert found["zis_articles",] == found["zis_feeds", "failing"] == 0
    assert not [key for key in found if key[0] == "zis_lag_seconds"]
    assert ("zis_beat_age_seconds",) not in found


def test_the_age_of_scheduler_and_workers_is_told(scrape):
    tick()
    tick("fetch")
    found = scrape()
    assert found["zis_beat_age_seconds",] < 10
    assert found["zis_worker_age_seconds", "fetch"] < 10


def test_names_follow_prometheus_and_labels_stay_few_however_many_feeds_there_are(scrape):
    few = set(scrape())
    for number in range(30):
        make_record(make_feed(failure_count=1, last_error=f"Odd fault {number}."), error=f"Odd fault {number}.")
    many = set(scrape())
    assert many == few
    assert all(key[0].startswith("zis_") for key in many)
    assert not any(key[0].endswith(("_total", "_count")) for key in many), "nothing here is a counter"


def test_a_session_of_staff_opens_it_and_others_find_nothing(client):
    assert client.get("/metrics").status_code == 404
    client.force_login(make_reader())
    assert client.get("/metrics").status_code == 404
    client.force_login(make_curator())
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics")["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer \u00e4\u00f6"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Real-IP": "127.0.0.1", "X-Forwarded-Host": "localhost", "Host": "localhost"},
        {"X-Metrics-Token": TOKEN},
    ],
)
def test_nothing_anybody_can_claim_opens_it(client, settings, headers):
    settings.ZIS_METRICS_TOKEN = TOKEN
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 404
    assert b"zis_" not in response.content


def test_the_token_in_the_address_opens_nothing(client, settings):
    settings.ZIS_METRICS_TOKEN = TOKEN
    assert client.get("/metrics", {"token": TOKEN}).status_code == 404


def test_without_a_token_in_the_settings_no_token_opens_it(client, settings):
    settings.ZIS_METRICS_TOKEN = ""
    for value in ("Bearer", "Bearer ", "Bearer None"):
        assert client.get("/metrics", headers={"Authorization": value}).status_code == 404


def test_a_deactivated_curator_sees_nothing(client):
    curator = make_curator()
    client.force_login(curator)
    curator.is_active = False
    curator.save()
    assert client.get("/metrics").status_code == 404


def test_scraping_often_asks_the_database_once(client):
    client.force_login(make_curator())
    first = client.get("/metrics").content
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/metrics").content == first
    assert not [query for query in queries if "feeds_" in query["sql"]]


def test_without_redis_the_numbers_of_the_database_are_told_still(client, settings):
    settings.ZIS_METRICS_TOKEN = TOKEN
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/valkey.sock",
        }
    }
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    make_article()
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "zis_articles 1.0" in text
    assert "zis_queue_messages{" not in text


def test_metrics_can_only_be_read(client):
    client.force_login(make_curator())
    assert client.post("/metrics").status_code == 405


def test_a_scrape_is_quick(client):
    client.force_login(make_curator())
    took = []
    for _ in range(3):
        started = time.perf_counter()
        client.get("/metrics")
        took.append(time.perf_counter() - started)
    assert min(took) < 2  # whatever else the machine does
