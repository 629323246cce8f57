"""Lists from a copy of the database: read there by whoever has no session, and made without it where it fails.

The copy here is the same database through a connection that may only read, as a standby's may.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from aggregator.models import Article
from tests.factories import make_article, make_source
from zisnews import replicas

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def copy(settings, monkeypatch) -> Iterator[None]:
    reading = connections["default"].copy(replicas.COPY)
    reading.settings_dict["OPTIONS"] = {"connect_timeout": 3, "options": "-c default_transaction_read_only=on"}
    connections[replicas.COPY] = reading
    settings.DATABASE_ROUTERS = ["zisnews.replicas.Router"]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "zisnews.replicas.ReplicaMiddleware"]
    settings.ZIS_PAGE_SECONDS = 0  # each page is made anew
    monkeypatch.setattr(replicas, "copy", replicas.Copy())
    yield
    connections[replicas.COPY].close()
    del connections[replicas.COPY]


def asked(path: str, *, client: Client | None = None) -> tuple[int, int]:
    """(queries to the copy, queries to the database) for a page that answers as it should."""
    with (
        CaptureQueriesContext(connections[replicas.COPY]) as there,
        CaptureQueriesContext(connection) as here,
    ):
        response = (client or Client()).get(path)
    assert response.status_code == 200, path
    return sum("pg_is_in_recovery" not in query["sql"] for query in there.captured_queries), len(here)


def test_a_list_without_a_session_is_read_from_the_copy_and_all_else_from_the_database(copy):
    article = make_article(title="Flood", source=make_source(slug="paper"))
    reader = Client()
    reader.cookies["session"] = "somebody"

    for path in ("/latest/", "/country/gb/", "/source/paper/", "/feed/latest/", "/search/?q=flood"):
        assert asked(path)[0] > 0, path
        assert asked(path, client=reader)[0] == 0, path
    assert asked(f"/article/{article.pk}/{article.slug}/")[0] == 0
    assert b"Flood" in Client().get("/latest/").content


def test_what_was_read_from_the_copy_is_saved_in_the_database(copy):
    make_article(title="Flood")
    token = replicas.reads_copy.set(True)
    try:
        article = Article.objects.get()
        assert article._state.db == replicas.COPY
        article.title = "Drought"
        article.save()
        with transaction.atomic():
            assert Article.objects.select_for_update().get().title == "Drought"
    finally:
        replicas.reads_copy.reset(token)


def test_a_copy_that_dies_in_the_middle_of_a_page_costs_nobody_the_page(copy):
    make_article(title="Flood")
    assert asked("/latest/")[0] > 0
    with connections[replicas.COPY].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])

    client = Client()
    client.raise_request_exception = True
    response = client.get("/latest/")

    assert response.status_code == 200
    assert b"Flood" in response.content
    assert asked("/latest/")[0] == 0, "it is left alone for a while"
    replicas.copy.look_at = 0.0
    assert asked("/latest/")[0] > 0, "and read again when it answers"


def test_a_copy_that_does_not_answer_is_asked_once_in_a_while(copy, monkeypatch):
    connections[replicas.COPY].settings_dict |= {"HOST": "127.0.0.1", "PORT": "1"}
    looks = []
    look = replicas.is_near

    def counted() -> bool:
        looks.append(1)
        return look()

    monkeypatch.setattr(replicas, "is_near", counted)

    for _ in range(3):
        assert Client().get("/latest/").status_code == 200

    assert len(looks) == 1


def test_a_copy_that_is_far_behind_is_not_read(copy, monkeypatch):
    monkeypatch.setattr(replicas, "HOW_FAR", f"SELECT {replicas.FURTHEST_SECONDS + 1} /* pg_is_in_recovery */")
    assert asked("/latest/")[0] == 0


def test_every_list_that_is_named_exists():
    names = set(re.findall(r"[a-z_]+", " ".join(str(name) for name in get_resolver().reverse_dict if name)))
    assert names >= replicas.LISTS
