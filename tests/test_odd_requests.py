"""Requests no browser sends: each is answered with a page of ours, none with an error of ours."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/source/?country=%00",
        "/source/?language=%00",
        "/source/?after=%00",
        "/latest/?after=2026-11-21T08:00:00Z~" + "9" * 5_000,
        "/latest/?after=2026-11-21T08:00:00Z~9223372036854775808",
        "/latest/?after=0001-01-01T00:00:00%2B23:59~1",
        "/latest/?after=9999-12-31T23:59:59-23:59~1",
        "/latest/?after=2026-11-21T08:00:00~1",
    ],
)
def test_a_query_nobody_means_is_a_bad_request(client: Client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("position", ["9999-12-31T23:59:59Z~1", "0001-01-01T00:00:00Z~1"])
def test_a_position_beyond_all_articles_is_an_empty_or_full_page(client: Client, position):
    assert client.get("/latest/", {"after": position}).status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "null", "http://elsewhere.example"])
def test_a_form_sent_from_elsewhere_is_refused_however_its_origin_is_written(client: Client, origin):
    response = client.post("/preferences/", {"theme": "dark"}, headers={"Origin": origin})
    assert response.status_code == 403
    assert "theme" not in response.cookies
