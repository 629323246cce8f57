"""Error pages stand even where the database is the trouble."""

import re

import pytest
from django.db import IntegrityError
from django.http import HttpResponse
from django.template import loader

from tests.factories import make_reader
from zisnews.errors import ErrorPagesMiddleware
from zisnews.personal_data import erase


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 500, 503])
def test_an_error_page_stands_alone_and_leads_back(status):
    # no database mark: a query would fail the test
    page = loader.render_to_string(f"errors/{status}.html", {"message": "What happened <here>"})

    assert "What happened &lt;here&gt;" in page
    assert 'href="/">To the front page</a>' in page
    assert page.count("<h1") == 1


def test_a_form_address_opened_like_a_page_says_so_in_our_words(client):
    page = client.get("/preferences/")
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "can not be opened like a page" in page.content.decode()
    answer = client.get("/preferences/", headers={"Accept": "application/json"})
    assert answer.json()["error"]["code"] == 405


def test_what_is_not_there_can_be_searched_for_and_keeps_the_readers_theme(client):
    client.cookies["theme"] = "dark"
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert re.search(
        r'<form class="search" role="search" action="/search/">.*name="q"', page.content.decode(), re.DOTALL
    )
    assert 'data-theme="dark"' in page.content.decode()


@pytest.mark.django_db
def test_what_a_tab_asks_while_another_erases_the_account_is_no_error_of_ours(rf):
    pages, request = ErrorPagesMiddleware(lambda request: HttpResponse()), rf.post("/read/")
    request.user = make_reader()
    assert pages.process_exception(request, IntegrityError()) is None, "of somebody who is there it is one"

    erase(request.user.pk)

    assert pages.process_exception(request, IntegrityError()).status_code == 403
