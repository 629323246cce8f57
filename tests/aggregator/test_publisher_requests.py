"""The form by which a publisher asks to be shown by less or left out."""

import pytest

from feeds.models import Notice, PublisherRequest
from tests.factories import make_curator, make_source

pytestmark = pytest.mark.django_db

WISH = {
    "site": "https://www.paper.example/news",
    "wish": "headline",
    "email": "desk@paper.example",
    "message": "Please",
}


def send(client, **changes):
    return client.post("/sources-policy/", WISH | changes, headers={"sec-fetch-site": "same-origin"})


def test_a_wish_is_kept_with_the_source_it_is_about_and_curators_hear_of_it(client):
    source = make_source(site_url="https://www.paper.example/")

    answer = send(client)

    request = PublisherRequest.objects.get()
    assert answer.status_code == 302 and "Thank you" in client.get(answer.headers["Location"]).content.decode()
    assert (request.site, request.wish, request.source) == ("paper.example", "headline", source)
    assert "paper.example" in Notice.objects.get().sentence


def test_a_wish_sent_twice_is_one(client):
    send(client)
    send(client)

    assert PublisherRequest.objects.count() == Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"site": ""}, "This field is required"),
        ({"site": "our paper"}, "Give the address of your site"),
        ({"site": "http://["}, "Give the address of your site"),
        ({"email": "desk"}, "Enter a valid email address"),
        ({"wish": "money"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(client, change, said):
    answer = send(client, **change)
    page = answer.content.decode()

    assert answer.status_code == 422 and said in page and "Please</textarea>" in page
    assert not PublisherRequest.objects.exists()


def test_what_a_program_fills_in_is_thanked_for_and_dropped(client):
    assert send(client, url="https://spam.example").status_code == 302
    assert not PublisherRequest.objects.exists()


def test_nobody_can_fill_the_table(client, monkeypatch):
    monkeypatch.setattr("aggregator.forms.MOST_OF_AN_HOUR", 3)
    for number in range(6):
        send(client, email=f"desk{number}@paper.example")

    assert PublisherRequest.objects.count() == 3


def test_another_site_can_not_send_the_form(client):
    answer = client.post("/sources-policy/", WISH, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403 and not PublisherRequest.objects.exists()


def test_reading_the_page_sets_no_cookie(client):
    assert not client.get("/sources-policy/").cookies


def test_what_a_publisher_writes_is_text_to_curators(client):
    send(client, message="<script>alert(1)</script>")
    client.force_login(make_curator())

    page = client.get(f"/admin/feeds/publisherrequest/{PublisherRequest.objects.get().pk}/change/").content.decode()

    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_a_curator_puts_an_answered_request_aside_and_it_may_come_again(client):
    send(client)
    client.force_login(make_curator())
    chosen = {"action": "answered", "_selected_action": [PublisherRequest.objects.get().pk]}
    client.post("/admin/feeds/publisherrequest/", chosen)

    assert not PublisherRequest.objects.open().exists()

    send(client)

    assert PublisherRequest.objects.open().count() == 1


def test_a_wish_that_found_no_room_is_not_thanked_for(client, monkeypatch):
    monkeypatch.setattr("aggregator.forms.MOST_OF_AN_HOUR", 1)
    send(client)

    assert send(client, email="another@paper.example").status_code == 429


def test_one_address_does_not_take_the_room_of_all_others(client, monkeypatch):
    monkeypatch.setattr("aggregator.views.sources.REQUESTS_PER_HOUR", 2)
    for number in range(3):
        answer = send(client, email=f"desk{number}@paper.example")

    assert answer.status_code == 429 and PublisherRequest.objects.count() == 2
    assert (
        client.post(
            "/sources-policy/", WISH, headers={"sec-fetch-site": "same-origin"}, REMOTE_ADDR="192.0.2.7"
        ).status_code
        == 302
    )
