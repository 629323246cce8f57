"""Forms that we send to hubs: through the same door, by the same rules as what we fetch."""

import asyncio

import pytest

from feeds.errors import AddressRefused, FetchError, HostOnHold
from feeds.fetching import Document, Fetcher
from feeds.net.settings import FetchSettings
from tests.web import Answer, Web

HUB = "https://hub.example/"
FIELDS = {"hub.mode": "subscribe", "hub.topic": "https://paper.example/?a=1&b=ü"}


def post(web: Web, url: str = HUB) -> Document:
    async def once() -> Document:
        async with Fetcher(FetchSettings.from_values(host_map=str(web.host_map))) as fetcher:
            return await fetcher.post(url, fields=FIELDS)

    return asyncio.run(once())


def test_a_form_arrives_as_browsers_send_them_and_any_2xx_is_well(web):
    web[HUB] = Answer(202, body=b"Accepted")

    document = post(web)

    assert (document.status, document.body) == (202, b"Accepted")
    [request] = web.requests
    assert (request.method, request.headers["content-type"]) == ("POST", "application/x-www-form-urlencoded")
    assert request.body == b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fpaper.example%2F%3Fa%3D1%26b%3D%C3%BC"


@pytest.mark.parametrize("status", [301, 302, 303])
def test_it_is_not_sent_on_by_a_redirect_that_turns_a_form_into_a_question(web, status):
    web[HUB] = Answer(status, headers={"Location": "https://other.example/"})
    web["https://other.example/"] = b"nobody asked"

    with pytest.raises(FetchError, match=str(status)):
        post(web)
    assert [request.host for request in web.requests] == ["hub.example"]


@pytest.mark.parametrize("status", [307, 308])
def test_it_is_sent_on_whole_where_the_server_says_so(web, status):
    web[HUB] = Answer(status, headers={"Location": "https://other.example/hub"})
    web["https://other.example/hub"] = Answer(204)

    assert post(web).final_url == "https://other.example/hub"
    asked, sent_on = web.requests
    assert (sent_on.method, sent_on.body) == ("POST", asked.body)


@pytest.mark.parametrize("inside", ["http://127.0.0.1/", "http://169.254.169.254/", "https://[::1]/"])
def test_it_is_sent_to_no_machine_of_ours_nor_on_to_one(web, inside):
    with pytest.raises(AddressRefused):
        post(web, inside)

    web[HUB] = Answer(307, headers={"Location": inside})
    with pytest.raises(AddressRefused):
        post(web)


def test_a_hub_that_is_asked_too_often_is_on_hold_as_any_host(web):
    web[HUB] = Answer(429, headers={"Retry-After": "30"})
    with pytest.raises(HostOnHold) as hold:
        post(web)
    assert hold.value.seconds == 30
