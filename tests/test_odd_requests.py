"""Requests no browser sends: each is answered with a page of ours, none with an error of ours."""

import re
import time
from collections.abc import Iterator, Sequence
from itertools import product
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from aggregator.models import Article
from tests.factories import make_article, make_comment, make_reader, make_story
from zisnews.wsgi import application

pytestmark = pytest.mark.django_db

SECONDS = 3  # of our own work that no answer takes, on a busy machine; on a quiet one it is a tenth
# What stands in an address in place of each kind of parameter; the first is there.
VALUES = {
    "int": ["1", "0", "9223372036854775808", "9" * 5_000, "-1", "１"],
    "slug": ["a", "-", "2026-11-21", "9999-12-31", "x" * 3_000, "%D0%B0", "..%2f"],
    "str": ["-", "%00", "%ff%fe", "a%0D%0ASet-Cookie:%20b=c", "%ED%A0%80", "%E2%80%AE", "x" * 3_000],
}
QUERIES = [
    "after=2026-11-21T08:00:00Z~1&q=a",
    "after=1~2~1&tab=all&side=one&why&hidden=show",
    "after=2026-11-21T08:00:00Z~nan~1&q=a&sort=relevance",
    "after=a&after=b&q=%22&q=-a*&tab=%00",
    "after=%D9%A1~%D9%A1~%D9%A1&side=%F0%9F%A6%84",
    "q=%ff%fe%ED%A0%80&country=ZZZZ&language=%27&category=..%2f&source=%22&from=9999-12-31&to=2999-12-31",
    "q=" + "x%CC%81" * 2_000,
    "try=" + "%EF%B7%BA" * 1_000 + "&sort=hides&next=//evil.example",
    "&".join(f"q=a{number}" for number in range(1_500)),
]
BODIES = [
    {"kind": "like\0", "do": "where", "where": "\0", "next": "//evil.example\r\nX: y", "list": "\0*", "site": "\0"},
    {"theme": "x" * 10_000, "time_zone": "../etc", "language": "\0", "keyword": "\0", "until": "9999-12-31"},
]


def routes(resolver: URLResolver, before: str = "", above: Sequence[str] = ()) -> Iterator[tuple[str, list[str]]]:
    """Every address of ours that is written as a route, but the admin's, and the kinds of its parameters."""
    for one in resolver.url_patterns:
        if not isinstance(one.pattern, RoutePattern):
            continue
        route = before + str(one.pattern)
        kinds = [*above, *(type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
                           for converter in one.pattern.converters.values())]  # fmt: skip
        if isinstance(one, URLResolver):
            yield from () if route == "admin/" else routes(one, route, kinds)
        elif isinstance(one, URLPattern) and not route.startswith("admin/") and route != "readyz":  # no worker runs
            yield "/" + route, kinds


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


def plain_routes() -> list[str]:
    """Each address once, with what is there."""
    return [
        re.sub(r"<(\w+):\w+>", lambda kind: VALUES[kind[1]][0], route.removeprefix("/"))
        for route, _kinds in routes(get_resolver())
        if "logout" not in route
    ]


def addresses() -> Iterator[str]:
    """Each route with what is there, and with each odd value in place of each of its parameters."""
    for route, kinds in routes(get_resolver()):
        pieces = re.split(r"<[^>]+>", route)
        usual = [VALUES[kind][0] for kind in kinds]
        rows = [usual] + [
            [*usual[:place], odd, *usual[place + 1 :]] for place, kind in enumerate(kinds) for odd in VALUES[kind][1:]
        ]
        yield from ("".join(piece + value for piece, value in zip(pieces, [*row, ""], strict=True)) for row in rows)


@pytest.fixture
def reader() -> Client:
    """Somebody logged in, on a site with one article and one story."""
    article = make_article(pk=1, slug="-", title="A headline")
    make_story(pk=1, slug="-", told_by=(article, make_article(pk=2, country="FR")))
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_reader())
    return client


def asked(client: Client, method: str, address: str, body: dict[str, str] | None = None) -> str:
    """What was wrong with the answer; "" for none."""
    cache.clear()  # or limits answer in place of pages
    began = time.thread_time()
    answer = client.generic(method, address) if body is None else client.post(address, body)
    if isinstance(answer, StreamingHttpResponse):  # a file is closed when it is sent
        b"".join(answer)
    took = time.thread_time() - began
    wrong = [f"{answer.status_code}"] if answer.status_code >= 500 else []
    wrong += [f"{took:.1f} s"] if took > SECONDS else []
    if answer.headers.get("Location", "").startswith(("//", "http://evil", "/\\")):
        wrong.append(f"leads to {answer.headers['Location']}")
    if answer.status_code >= 400 and "html" in answer.headers["Content-Type"] and method == "GET":
        wrong += [] if b"ZisNews" in answer.content else ["not our page"]
    return f"{method} {address[:120]}: {', '.join(wrong)}" if wrong else ""


def test_no_address_whatever_stands_in_it_is_an_error_of_ours(reader):
    found = [address for address in addresses() if "logout" not in address]
    assert len(found) > 150

    wrong = [asked(client, "GET", address) for address, client in product(found, (reader, Client()))]

    assert not [one for one in wrong if one]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_no_page_whatever_it_is_asked_is_an_error_of_ours(reader, query):
    plain = ["/" + route for route in plain_routes()]

    assert not [one for address in plain if (one := asked(reader, "GET", f"{address}?{query}"))]


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_no_method_is_an_error_of_ours(reader, method):
    plain = ["/" + route for route in plain_routes()]

    assert not [one for address in plain if (one := asked(reader, method, address))]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_form_whatever_is_in_it_is_an_error_of_ours(reader, body):
    reader.handler.enforce_csrf_checks = False

    assert not [one for route in plain_routes() if (one := asked(reader, "POST", f"/{route}", body))]


def test_each_form_of_somebody_logged_in_wants_its_token(reader):
    for route in plain_routes():
        answer = reader.post("/" + route, BODIES[0])
        assert answer.status_code in {302, 303, 400, 403, 404, 405, 422} or not answer.cookies, route
    assert not reader.session.get("keywords_to_undo")


@pytest.mark.parametrize("charset", ["hex", "rot13", "undefined", "idna", "utf-7", "unicode_escape", "utf-16", "none"])
def test_no_charset_a_request_names_changes_how_it_is_read(charset):
    environ = {"PATH_INFO": "/source/", "QUERY_STRING": "q=%5Cx00%5Cud800", "HTTP_ACCEPT": "text/html"}
    environ |= {"CONTENT_TYPE": f"text/plain; charset={charset}", "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)

    answer = application.get_response(application.request_class(environ))

    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200 and r'value="\x00\ud800"' in answer.content.decode()


# Forms that take a text of ours or of the reader's into a question to Postgres: address, fields, the field with NUL.
WITH_NUL = [
    ("/search/save/", {"query": "q=peace", "saved": "yes"}, "name"),
    ("/follow/", {"what": "source", "follow": "yes"}, "id"),
    ("/follow/", {"what": "country", "follow": "yes"}, "id"),
    ("/read/", {}, "scope"),
    ("/welcome/?step=1", {}, "country"),
    ("/welcome/?step=2", {}, "category"),
    ("/comment/1/flag/", {"reason": "spam"}, "note"),
]


@pytest.mark.parametrize(("address", "fields", "odd"), WITH_NUL)
def test_nul_in_a_form_is_no_error_of_ours(reader, address, fields, odd):
    reader.handler.enforce_csrf_checks = False
    make_comment(Article.objects.get(pk=1), pk=1)

    for text in ("\0", "source:\0"):
        assert not asked(reader, "POST", address, fields | {odd: text})


def test_a_form_larger_than_any_of_ours_is_refused_before_it_is_read(reader):
    reader.handler.enforce_csrf_checks = False

    for address in ("/preferences/", "/settings/keywords/several/"):
        answer = reader.generic(
            "POST", address, b"-", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(2**34)
        )
        assert answer.status_code == 413, address
        assert b"ZisNews" in answer.content


def test_the_name_of_a_search_fills_neither_session_nor_page(reader):
    reader.handler.enforce_csrf_checks = False

    reader.post("/search/save/", {"query": "q=peace", "saved": "yes", "name": "x" * 2_000_000})

    assert len(reader.get("/settings/following/").content) < 50_000
