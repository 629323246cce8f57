"""A kept page is answered before Django's handler, and nobody can tell."""

import time
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core import signals
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections

from accounts.preferences import THEME_COOKIE
from aggregator import visits
from aggregator.models import Article
from tests.factories import make_ad
from tests.keeping import BROWSER, addresses, told_article
from zisnews import shared_pages, wsgi

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeping")]


@pytest.fixture
def article() -> Article:
    return told_article()


def whole_answer(site: Any, address: str, **asked: str) -> tuple[str, dict[str, str], bytes]:
    """What a WSGI application says, but for what is another with each request."""
    said: list[Any] = []
    path, _, query = address.partition("?")
    environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver", **asked}
    setup_testing_defaults(environ)
    signals.request_started.disconnect(close_old_connections)  # a test's own connection stays
    body = b"".join(site(environ, lambda status, headers, *_: said.extend([status, headers])))
    signals.request_started.connect(close_old_connections)
    headers = dict(said[1])
    assert len(headers) == len(said[1])
    assert len(headers.pop("X-Request-ID")) == 32
    return said[0], headers, body


def test_what_is_answered_before_django_differs_in_nothing_from_what_django_answers(article, monkeypatch):
    """Each shared page as browsers and programs ask for it, and what may not be answered there."""
    gzip_, known = {"HTTP_ACCEPT_ENCODING": "gzip, br"}, {"HTTP_IF_NONE_MATCH": "*"}
    ways: list[dict[str, str]] = [
        {}, gzip_, known, gzip_ | {"REQUEST_METHOD": "HEAD"}, {"HTTP_ACCEPT_LANGUAGE": "fr"},
        {"HTTP_COOKIE": f"{THEME_COOKIE}=dark; language=ru"}, {"HTTP_HOST": "evil.example"}, {"SCRIPT_NAME": "/news"},
        {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=made-up"}, {"HTTP_HX_REQUEST": "true"},
        {"HTTP_ACCEPT": "application/json"}, {"HTTP_AUTHORIZATION": "Bearer x"}, {"REQUEST_METHOD": "POST"},
    ]  # fmt: skip
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # Age is the same
    site, answered = wsgi.Site(), []

    def said(*given: Any) -> Any:
        answered.append(given)
        return shared_pages.said(*given)

    monkeypatch.setattr(wsgi, "said", said)
    for address in [*addresses(article), "/latest/?utm_source=mail", "/accounts/login/"]:
        for asked in ways if address in {"/latest/", article.get_absolute_url()} else ways[:1]:
            whole_answer(site, address, **asked)
            before, ours = len(answered), whole_answer(site, address, **asked)
            is_kept = "Age" in ours[1] and "utm_" not in address
            by_django = whole_answer(WSGIHandler.__call__.__get__(site), address, **asked)
            differing = {"Set-Cookie", "Content-Length"} if not is_kept else set()

            assert len(answered) == before + is_kept, (address, asked)
            assert ours[0] == by_django[0], (address, asked)
            for name in (ours[1].keys() | by_django[1].keys()) - differing:
                assert ours[1].get(name) == by_django[1].get(name), (address, asked, name)
            assert ours[2] == by_django[2] or not is_kept, (address, asked)
    assert len(answered) > len(shared_pages.SHARED)


def test_an_ad_that_may_not_be_shown_again_is_counted_once_and_left_out_before_django_too(article):
    ad = make_ad("overlay", cap_per_day=2)
    cache.delete("ads:in-force")
    person = {"HTTP_USER_AGENT": BROWSER["user-agent"]}
    site, address = wsgi.Site(), article.get_absolute_url()
    pages = [whole_answer(site, address, **person, REMOTE_ADDR=f"203.0.113.{n}")[2] for n in range(4)]
    visits.write_gathered()
    article.refresh_from_db()

    assert [ad.headline in page.decode() for page in pages] == [True, True, False, False]
    assert article.view_count == 4
