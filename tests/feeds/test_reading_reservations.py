"""Reservations of text and data mining, where a host, a header or a page makes them."""

import json

import pytest

from feeds import reading
from feeds.models import Entry, Host
from tests.documents import page
from tests.feeds.waiting_pages import (
    PAGE,
    SITE,
    TDMREP,
    read,
    wait_for_page,
)
from tests.web import Answer

pytestmark = pytest.mark.django_db


def tdmrep(*rules: dict) -> Answer:
    return Answer(headers={"Content-Type": "application/json"}, body=json.dumps(rules).encode())


@pytest.mark.parametrize(
    ("of_host", "of_document", "of_page", "display"),
    [
        (None, None, None, "full_text"),
        (1, None, None, "excerpt"),
        (1, 0, None, "full_text"),
        (1, 0, 1, "excerpt"),
        (0, 1, None, "excerpt"),
        (None, 1, 0, "full_text"),
        (None, None, 1, "excerpt"),
    ],
)
def test_a_reservation_counts_from_the_host_the_header_and_the_page_the_later_before_the_earlier(
    web, of_host, of_document, of_page, display
):
    if of_host is not None:
        web[TDMREP] = tdmrep({"location": "/news/*", "tdm-reservation": of_host})
    headers = {"Content-Type": "text/html"} | ({"tdm-reservation": str(of_document)} if of_document is not None else {})
    head = f'<meta name="tdm-reservation" content="{of_page}">' if of_page is not None else ""
    web[PAGE] = Answer(headers=headers, body=page(head=head))
    wait_for_page()

    found = read().page

    assert found["display"] == display
    assert ("TDMRep" in found["display_reason"]) == (display == "excerpt")


def test_a_hosts_reservations_are_kept_on_its_row_with_their_terms(web):
    rule = {"location": "/", "tdm-reservation": 1, "tdm-policy": f"{SITE}/terms"}
    web[TDMREP] = tdmrep(rule)
    web[PAGE] = page()
    wait_for_page()
    assert f"{SITE}/terms" in read().page["display_reason"]
    assert Host.objects.get().reservations == [rule]


def test_a_tdmrep_that_robots_txt_closes_or_that_fails_keeps_no_page_from_being_read(web):
    for number, (robots, answer) in enumerate(
        [("User-agent: *\nDisallow: /.well-known/\n", tdmrep()), ("", Answer(500)), ("", b"[" * 100_000)]
    ):
        host = f"https://paper{number}.example"
        web[f"{host}/robots.txt"], web[f"{host}/.well-known/tdmrep.json"] = robots, answer
        web[f"{host}/a"] = page()
        wait_for_page(f"{host}/a")
    reading.read_due_pages()
    assert Entry.objects.filter(state="ready", read_error="").count() == 3
    assert not web.asked_for("https://paper0.example/.well-known/tdmrep.json")
