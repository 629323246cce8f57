"""Which pages are the same for everybody without an account, what they differ by, and the middleware that keeps them.

A page is shared only if its route stands in SHARED and its query asks nothing that does not stand there. Its name says
all it may differ by: address, language, and what preferences cookies say. Whoever has a session is answered by the
views, always.
"""

import gzip
import re
import time
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_request

from accounts import ad_counts
from accounts.ad_views import CLOSED, CLOSED_COOKIE
from accounts.preferences import looked_up
from aggregator import visits
from zisnews.kept_pages import EVERYTHING, KeptPage, Versions, shelf, thing_of_article
from zisnews.visitors import is_by_person

_PLACE = frozenset({"after", "hidden"})
_SEARCH = frozenset({"q", "source", "country", "category", "language", "from", "to", "sort"})
# The name of a route → what its query may ask. What asks anything else is answered, and not kept.
SHARED: Mapping[str, frozenset[str]] = {
    "front": frozenset({"hidden"}),
    "latest": _PLACE,
    "category": _PLACE | {"tab"},
    "countries": frozenset(),
    "country": _PLACE,
    "sources": frozenset({"after", "q", "country", "language", "category"}),
    "source": _PLACE,
    "stories": _PLACE | {"side", "category", "country"},
    "matrix": frozenset({"category", "country"}),
    "matrix_cell": _PLACE | {"category"},
    "story": _PLACE | {"tab", "a", "b", "why"},
    "article": frozenset({"sort", "after"}),
    "search": _PLACE | _SEARCH,
    **dict.fromkeys(["about", "terms", "app", "privacy", "comment_rules"], frozenset()),
    **dict.fromkeys(["feed_front", "feed_latest", "feed_category", "feed_country", "feed_source"], _PLACE),
    "feed_story": _PLACE,
    "feed_stories": _PLACE | {"side", "category", "country"},
    "feed_search": _PLACE | _SEARCH,
    **dict.fromkeys(["sitemap_index", "sitemap_pages", "sitemap_stories", "news_sitemap"], frozenset()),
}
OF_AN_ARTICLE = re.compile(r"/article/(\d{1,19})/")
FILES = ("/static/", "/media/")
LONGEST_ADDRESS, MOST_BYTES = 1_000, 1_000_000
PERSONAL_COOKIES = ("messages",)  # besides the session's: what was said to one reader alone
NOT_KEPT = {"Content-Length", "Content-Encoding", "ETag"}  # said anew with each answer
SAID_AGAIN = {"Cache-Control", "Vary"}  # to who has the page
LOOKED = "zis.looked"  # in what WSGI hands on: what look_for() has found
NOT_SHARED = re.compile(r"\b(private|no-store|no-cache)\b")


class SharedPagesMiddleware:
    """Answer readers without an account with pages that are kept, and keep those that are made for them.

    A page that has grown old is made anew by one request, while the others get the old one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.ZIS_PAGE_SECONDS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name, page, versions = request.META.pop(LOOKED, None) or look_for(request)
        if not name:
            return self.get_response(request)
        if page and page.is_fresh(time.time()) and counts(page, request):
            return answer(page, request)
        if request.method != "GET" or not is_shared(request):
            return self.get_response(request)
        if not shelf().claim(name):
            page = page or shelf().awaited(name, things_of(request))
            if page and counts(page, request):
                return answer(page, request)
        return self.make(request, name, versions)

    def make(self, request: HttpRequest, name: str, versions: Versions) -> HttpResponse:
        """Have the views make the page; keep it where it may be kept.

        versions: of before, so that what changes meanwhile outdates it
        """
        known = request.META.pop("HTTP_IF_NONE_MATCH", "")
        page = None
        try:
            response = self.get_response(request)
            page = page_of(request, response, versions)
        finally:
            shelf().keep(name, page, is_plain=not request.META.get("QUERY_STRING"))
        if page is None:
            return response
        request.META["HTTP_IF_NONE_MATCH"] = known
        return answer(page, request)


def look_for(request: HttpRequest) -> tuple[str, KeptPage | None, Versions]:
    """What a page is kept under, "" where it is not to be; the page, if it is there; the versions to make it of."""
    name = name_of(request) if may_be_shared(request) else ""
    return name, *(shelf().look(name, things_of(request)) if name else (None, []))


def may_be_shared(request: HttpRequest) -> bool:
    """Whether nothing in a request says that its answer is for one reader, or no page."""
    headers, cookies = request.META, request.COOKIES
    accepted = headers.get("HTTP_ACCEPT", "")
    return (
        request.method in {"GET", "HEAD"}
        and not request.path_info.startswith(FILES)
        and settings.SESSION_COOKIE_NAME not in cookies
        and not any(name in cookies for name in PERSONAL_COOKIES)
        and "HTTP_AUTHORIZATION" not in headers
        and "HTTP_HX_REQUEST" not in headers
        and not accepted.startswith("application/json")
    )


def name_of(request: HttpRequest) -> str:
    """What a page is kept under: all that it may differ by; "" where it is not to be kept."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    address = f"{request.scheme}://{host}{request.get_full_path()}"
    if len(address) > LONGEST_ADDRESS:
        return ""
    differs_by = (
        address,
        request.META.get("QUERY_STRING", ""),  # an address spells bytes and their escapes alike, which say other things
        get_language_from_request(request),
        looked_up(request),
        request.COOKIES.get(CLOSED_COOKIE) == CLOSED,
    )
    return blake2b(repr(differs_by).encode(errors="replace"), digest_size=16).hexdigest()


def things_of(request: HttpRequest) -> list[str]:
    """What the page of this address is made of that changes by itself, beside what all pages are made of."""
    article = OF_AN_ARTICLE.match(request.path_info)
    return [EVERYTHING, *([thing_of_article(int(article[1]))] if article else [])]


def is_shared(request: HttpRequest) -> bool:
    """Whether the address leads to a page that is shared, and asks it nothing of which we do not know what it does."""
    try:
        match: ResolverMatch = resolve(request.path_info)
    except Resolver404:
        return False
    asked = SHARED.get(match.url_name or "")
    return asked is not None and asked.issuperset(QueryDict(request.META.get("QUERY_STRING", "")))


def page_of(request: HttpRequest, response: HttpResponse, versions: Versions) -> KeptPage | None:
    """What is kept of an answer; None where it is not everybody's, or no page."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return None
    if len(response.content) > MOST_BYTES or NOT_SHARED.search(response.get("Cache-Control", "")):
        return None
    if not response.has_header("Cache-Control"):
        seconds = settings.ZIS_PAGE_SECONDS
        patch_cache_control(response, public=True, max_age=0, s_maxage=seconds, stale_while_revalidate=seconds)
    patch_vary_headers(response, ["Accept-Encoding", "Accept-Language", "Cookie"])
    is_compressed = response.get("Content-Encoding") == "gzip"
    text = gzip.decompress(response.content) if is_compressed else response.content
    match = request.resolver_match
    return KeptPage(
        made_at=time.time(),
        versions=versions,
        etag=f'W/"{blake2b(text, digest_size=16).hexdigest()}"',
        headers=[(name, value) for name, value in response.items() if name not in NOT_KEPT],
        article=match.kwargs["pk"] if match and match.url_name == "article" else 0,
        ads=getattr(request, "_ads_shown", []),
        body=response.content if is_compressed else gzip.compress(text, 6, mtime=0),
    )


def counts(page: KeptPage, request: HttpRequest) -> bool:
    """Count what the view would have counted; False where an ad on the page was shown as often as it may be today."""
    if not is_by_person(request):
        return True
    now = timezone.now()
    if not all(ad_counts.take(pk, cap, now) for pk, cap in page.ads):
        return False
    if page.article:
        visits.note(page.article, request, now)
    return True


def answer(page: KeptPage, request: HttpRequest) -> HttpResponse:
    """The page as it is kept, or that the reader has it already."""
    status, headers, body = said(page, request)
    response = HttpResponse(body, status=status)
    del response["Content-Type"]
    for name, value in headers:
        response[name] = value
    return response


def said(page: KeptPage, request: HttpRequest) -> tuple[int, list[tuple[str, str]], bytes]:
    """The same as its status, headers and body."""
    about = [("ETag", page.etag), ("Age", str(max(0, int(time.time() - page.made_at))))]
    if is_known(page, request):
        return 304, [*about, *((name, value) for name, value in page.headers if name in SAID_AGAIN)], b""
    body = page.body
    if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        about.append(("Content-Encoding", "gzip"))
    else:
        body = page.text
    about.append(("Content-Length", str(len(body))))
    return 200, [*page.headers, *about], body if request.method != "HEAD" else b""


def is_known(page: KeptPage, request: HttpRequest) -> bool:
    """Whether the reader's program says that it has this very page (RFC 9110, 13.1.2: compared weakly)."""
    asked = request.META.get("HTTP_IF_NONE_MATCH", "")
    if not asked:
        return False
    known: Any = parse_etags(asked)
    return known == ["*"] or page.etag.removeprefix("W/") in [etag.removeprefix("W/") for etag in known]
