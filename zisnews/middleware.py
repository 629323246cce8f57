"""What wraps every request: its id, in the logs and in the answer."""

import gzip
import re
import secrets
import sys
from collections.abc import Callable
from functools import cache
from uuid import uuid4

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from accounts.preferences import preferences_of
from zisnews.errors import bad_request, too_large
from zisnews.kept_pages import EVERYTHING, outdate

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_FORM_BYTES = 16 * 1024 * 1024  # the largest file somebody sends us is an ad's picture
QUICK, QUICKEST, WORTH_COMPRESSING = 2, 1, 1_000  # level of zlib, of zstd; bytes
WHOLE_PAGE, WITHIN = b"<!doctype html>", 40  # no part of one, which a script may put anywhere; bytes
FILE_NAME = 8  # a flag of RFC 1952: a name follows the header
TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|msclkid|yclid|dclid)(=|$)")
ACCEPTED_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestIdMiddleware:
    """Give each request an id; one given by the proxy (X-Request-ID) is kept if it is harmless."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = id_of(request)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


def id_of(request: HttpRequest) -> str:
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if ACCEPTED_ID.fullmatch(given) else uuid4().hex


class WithoutTrackingMiddleware:
    """Leave out of a query what other sites hang on links to count clicks: no page of ours means it or hands it on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if may_track(query):
            kept = [part for part in query.split("&") if not TRACKING.match(part)]
            request.META["QUERY_STRING"] = "&".join(kept)
        return self.get_response(request)


def may_track(query: str) -> bool:
    return "utm_" in query or "clid" in query


class CompressionMiddleware(GZipMiddleware):
    """Django's own, which pads at random against guessing secrets by length (BREACH); but a user's page is compressed
    for one request alone, so it shall be quick: by zstd, as browsers take it, in a fifth of gzip's time.

    The padding of a zstd page is a comment after its end.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_own = settings.SESSION_COOKIE_NAME in request.COOKIES
        if not is_own or not isinstance(response, HttpResponse) or not self.is_to_be_compressed(response):
            return super().process_response(request, response)
        codings = request.META.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "").split(",")
        if "zstd" in codings and WHOLE_PAGE in response.content[:WITHIN]:
            padding = secrets.token_urlsafe(secrets.randbelow(self.max_random_bytes)).encode()
            return packed(response, "zstd", zstd.compress(response.content + b"<!--" + padding + b"-->", QUICKEST))
        if "gzip" in codings:
            compressed = gzip.compress(response.content, QUICK, mtime=0)
            padding = b"a" * secrets.randbelow(self.max_random_bytes) + b"\0"
            # The header, with a flag that a name follows it: the padding.
            named = compressed[:3] + bytes([FILE_NAME]) + compressed[4:10] + padding + compressed[10:]
            return packed(response, "gzip", named)
        return super().process_response(request, response)

    def is_to_be_compressed(self, response: HttpResponse) -> bool:
        return len(response.content) > WORTH_COMPRESSING and not response.has_header("Content-Encoding")


def packed(response: HttpResponse, coding: str, content: bytes) -> HttpResponse:
    """The answer with its body in a content coding."""
    response.content = content
    response["Content-Encoding"], response["Content-Length"] = coding, str(len(content))
    patch_vary_headers(response, ["Accept-Encoding"])
    if response.get("ETag", "").startswith('"'):  # no longer the same bytes
        response["ETag"] = f"W/{response['ETag']}"
    return response


class OwnPagesMiddleware:
    """Let no shared cache keep a page that was made for somebody who is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response


class NoNulMiddleware:
    """Answer 400 to a query with NUL in it: no page of ours means it, and Postgres would refuse it later."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        return bad_request(request) if "%00" in query or "\0" in query else self.get_response(request)


class LargeFormsMiddleware:
    """Answer 413 to a form larger than any of ours: Django would keep a file in it on disk, whatever its size."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"  # of a body without it Django reads nothing
        is_form = request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}
        if is_form and announced.isdecimal() and (len(announced) > 18 or int(announced) > MOST_FORM_BYTES):
            return too_large(request)
        return self.get_response(request)


@cache
def admin_address(prefix: str) -> str:
    """prefix: what stands before all addresses, which `reverse` knows; it only tells one from another"""
    return reverse("admin:index")


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's header, put together once: no page of ours changes it or has a script in itself that needs a nonce,
    and to do it anew took a thirtieth of a page's time.
    """

    def process_request(self, request: HttpRequest) -> None:
        pass

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault(HEADER, content_policy())
        return response


@cache
def content_policy() -> str:
    return build_policy()


class CuratorsMiddleware:
    """Show and read the times of the admin in the time zone the curator has chosen; show what they changed at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(admin_address(get_script_prefix())) or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(preferences_of(request).zone):
            response = self.get_response(request)
        if request.method == "POST":
            outdate(EVERYTHING)
        return response
