"""What operators and proxies ask."""

import sys
import time

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import make_reader
from zisnews.celery import tick
from zisnews.health import BEAT_KEY

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

pytestmark = pytest.mark.django_db


def test_healthz_answers_while_the_process_lives(client):
    assert client.get("/healthz").content == b"ok\n"


def test_readyz_is_ready_when_beat_has_ticked(client):
    tick()
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True, "missing": {}})


@pytest.mark.parametrize("age", [None, 300])
def test_readyz_names_a_beat_that_does_not_tick(client, age):
    if age:
        cache.set(BEAT_KEY, time.time() - age, timeout=None)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert set(response.json()["missing"]) == {"beat"}


def test_readyz_names_redis_when_it_is_away(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/valkey.sock",
        }
    }
    assert set(client.get("/readyz").json()["missing"]) == {"redis"}


def test_every_answer_carries_a_request_id_and_keeps_a_harmless_one_it_was_given(client):
    assert len(client.get("/healthz")["X-Request-ID"]) == 32
    assert client.get("/healthz", headers={"X-Request-ID": "abcd-1234"})["X-Request-ID"] == "abcd-1234"
    assert client.get("/healthz", headers={"X-Request-ID": "a\tb<script>"})["X-Request-ID"] != "a\tb<script>"


def test_an_error_is_a_page_for_a_browser_and_json_for_a_program(client):
    page = client.get("/nowhere/")
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")
    answer = client.get("/nowhere/", headers={"Accept": "application/json"})
    assert answer.json() == {"error": {"code": 404, "message": "There is nothing at this address."}}


def test_pages_travel_compressed(client):
    response = client.get(reverse("latest"), headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 10_000


def test_the_page_of_a_user_travels_by_zstd_where_a_browser_takes_it_and_by_gzip_else():
    client = Client()
    client.force_login(make_reader())
    lengths = {len(client.get("/latest/", headers={"Accept-Encoding": "gzip"}).content) for _number in range(8)}
    packed = client.get("/latest/", headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    plain = client.get("/latest/")

    assert len(lengths) > 1  # nobody learns from the length what stands in it
    assert packed["Content-Encoding"] == "zstd" and "Accept-Encoding" in packed["Vary"]
    assert int(packed["Content-Length"]) == len(packed.content)
    page, _comment, padding = zstd.decompress(packed.content).rpartition(b"<!--")
    assert page.endswith(b"</html>\n") and padding.endswith(b"-->")
    assert "Content-Encoding" not in plain and plain.content.endswith(b"</html>\n")


def test_a_reader_who_only_reads_gets_no_cookie_and_a_strict_policy(client):
    response = client.get(reverse("latest"))
    assert not response.cookies
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
