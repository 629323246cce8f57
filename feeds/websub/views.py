"""The one address a hub knows of us: /websub/<token>/. Touches no session, shows no page, parses nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from feeds.models import Subscription
from feeds.websub import confirming, receiving
from feeds.websub.receiving import PUSH_MAX_BYTES, Delivery

log = structlog.get_logger(__name__)

PIECE_BYTES = 64 * 1024
LONGEST_CHALLENGE = 4_000
RETRY_SECONDS = "60"
PATIENCE_SECONDS = 10
# Of the four threads of a process only so many take pushes in: a large one costs 45 MB for a moment, and readers come
# first (zisnews/gunicorn.py).
slots = threading.BoundedSemaphore(2)
LONGEST_WAIT_SECONDS = 1
SHUT_RD = 0  # of socket.shutdown(): this module opens none


@csrf_exempt  # hubs have no form of ours; what they send is signed
@never_cache
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, token: str) -> HttpResponse:
    """A hub asks whether we want what we asked it for (GET), or sends news (POST)."""
    return take_push(request, token) if request.method == "POST" else answer_hub(request, token)


def answer_hub(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a verification of intent (WebSub, 5.3) with its challenge, a denial (5.2) with nothing; 404 to others."""
    said = {name: request.GET.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge", "lease_seconds")}
    is_listening = settings.ZIS_WEBSUB or said["mode"] == "unsubscribe"  # switched off, we still take our leave
    if not is_listening or len(said["challenge"]) > LONGEST_CHALLENGE:
        raise Http404
    if said["mode"] == "denied" and confirming.deny(token, said["topic"], request.GET.get("hub.reason", "")):
        return plain("")
    if said["challenge"] and confirming.confirm(token, said["mode"], said["topic"], said["lease_seconds"]):
        return plain(said["challenge"])
    raise Http404


def take_push(request: HttpRequest, token: str) -> HttpResponse:
    """Take in a push; 410 tells a hub that nobody wants it any more (WebSub, 7)."""
    subscription = receiving.find(token) if settings.ZIS_WEBSUB else None
    if subscription is None:
        return plain("Nobody here has subscribed to this.\n", HTTPStatus.GONE)
    if receiving.is_too_much(subscription) or not slots.acquire(timeout=LONGEST_WAIT_SECONDS):
        receiving.look_ourselves(subscription)
        deafen(request.META.get("gunicorn.socket"))  # which would wait five seconds for the rest of what nobody reads
        answer = plain("Too many at once; we look at the feed ourselves.\n", HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = RETRY_SECONDS
        return answer
    try:
        return read_push(request, subscription)
    finally:
        slots.release()


def read_push(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Read the body and keep it, or say why not."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        answer = plain("Send it uncompressed.\n", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        answer["Accept-Encoding"] = "identity"
        return answer
    with hurried(request):
        body = body_of(request)
    if body is None:
        receiving.look_ourselves(subscription)
        return plain("Too large; we look at the feed ourselves.\n", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    announced = request.META.get("CONTENT_LENGTH") or ""
    if announced and announced != str(len(body)):
        return plain("It broke off in the middle.\n", HTTPStatus.BAD_REQUEST)
    delivery = Delivery(
        body,
        content_type=request.headers.get("Content-Type", ""),
        signature=request.headers.get("X-Hub-Signature", ""),
        link=request.headers.get("Link", ""),
    )
    receiving.take_in(subscription, delivery)
    return plain("", HTTPStatus.ACCEPTED)


def body_of(request: HttpRequest) -> bytes | None:
    """The body, read piece by piece; None where it is larger than we read, empty where it is garbled."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    if announced.isdecimal() and int(announced) > PUSH_MAX_BYTES:
        return None
    is_chunked = not announced and bool(request.META.get("wsgi.input_terminated"))
    source = request.META["wsgi.input"] if is_chunked else request  # Django reads no body without a length
    pieces, size = [], 0
    try:
        while piece := source.read(PIECE_BYTES):
            pieces.append(piece)
            size += len(piece)
            if size > PUSH_MAX_BYTES:
                return None
    except Exception:  # the sender hung up, or its chunks are nonsense: servers have kinds of their own for that
        log.info("a push could not be read", exc_info=True)
        return b""
    return b"".join(pieces)


@contextmanager
def hurried(request: HttpRequest) -> Iterator[None]:
    """Listen no longer than this to a sender that drips: it would keep a thread of ours from readers for hours.

    Behind a proxy that takes requests in whole it never comes to that; without gunicorn it does nothing.
    """
    connection = request.META.get("gunicorn.socket")
    timer = threading.Timer(PATIENCE_SECONDS, deafen, [connection])
    if connection is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def deafen(connection: Any) -> None:
    """Read no more from a connection, as if the other side had ended; what we say still reaches it."""
    with suppress(OSError, AttributeError):  # AttributeError: there is none, without gunicorn
        connection.shutdown(SHUT_RD)


def plain(text: str, status: int = HTTPStatus.OK) -> HttpResponse:
    """A text that no browser takes for anything else: what a hub sends us to repeat may be markup."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
