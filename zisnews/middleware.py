"""What wraps every request: its id, in the logs and in the answer."""

import gzip
import re
import secrets
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from accounts.preferences import preferences_of
from zisnews.errors import bad_request, too_large
from zisnews.kept_pages import EVERYTHING, outdate

MOST_FORM_BYTES = 16 * 1024 * 1024  # the largest file somebody sends us is an ad's picture
QUICK, WORTH_COMPRESSING = 2, 1_000  # zlib's level; bytes
FILE_NAME = 8  # a flag of RFC 1952: a name follows the header
TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|msclkid|yclid|dclid)(=|$)")
ACCEPTED_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestIdMiddleware:
    """Give each request an id; one given by the proxy (X-Request-ID) is kept if it is harmless."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if ACCEPTED_ID.fullmatch(given) else uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class WithoutTrackingMiddleware:
    """Leave out of a query what other sites hang on links to count clicks: no page of ours means it or hands it on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "utm_" in query or "clid" in query:
            kept = [part for part in query.split("&") if not TRACKING.match(part)]
            request.META["QUERY_STRING"] = "&".join(kept)
        return self.get_response(request)


class CompressionMiddleware(GZipMiddleware):
    """Django's own, which pads at random against guessing secrets by length (BREACH); but a user's page is compressed
    for one request alone, so it shall be quick: half the time for a tenth more bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_own = settings.SESSION_COOKIE_NAME in request.COOKIES
        if is_own and isinstance(response, HttpResponse) and self.is_to_be_compressed(request, response):
            compressed = gzip.compress(response.content, QUICK, mtime=0)
            padding = b"a" * secrets.randbelow(self.max_random_bytes) + b"\0"
            # The header, with a flag that a name follows it: the padding.
            response.content = compressed[:3] + bytes([FILE_NAME]) + compressed[4:10] + padding + compressed[10:]
            response["Content-Encoding"], response["Content-Length"] = "gzip", str(len(response.content))
            patch_vary_headers(response, ["Accept-Encoding"])
            if response.get("ETag", "").startswith('"'):  # no longer the same bytes
                response["ETag"] = f"W/{response['ETag']}"
            return response
        return super().process_response(request, response)

    def is_to_be_compressed(self, request: HttpRequest, response: HttpResponse) -> bool:
        accepts = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        return accepts and len(response.content) > WORTH_COMPRESSING and not response.has_header("Content-Encoding")


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


class CuratorsMiddleware:
    """Show and read the times of the admin in the time zone the curator has chosen; show what they changed at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("admin:index")) or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(preferences_of(request).zone):
            response = self.get_response(request)
        if request.method == "POST":
            outdate(EVERYTHING)
        return response
