"""Why a URL gave no document, in sentences for curators: what happened, whose fault it is, what comes next.

Sends nothing; fetching.py raises what is made here.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from feeds.errors import FetchError, HostOnHold
from feeds.net.holds import LONGEST_RETRY_SECONDS

HOLD_SECONDS = 600  # after a 429 that does not say how long, or says a moment in the past
PERMANENT_STATUSES = {404, 410, 451}

STATUS_SENTENCES = {
    204: "The server answered 204: it has nothing to give at this address.",
    206: "The server sent only a part (206) though we asked for the whole; this is its fault, and we ask again later.",
    300: "The server offers several documents (300) and none of them by itself; the address needs a closer look.",
    304: "The server said “not changed” (304) though we did not ask whether it had; this is its fault.",
    400: "The server says our request is wrong (400); the address may have a mistake.",
    401: "The server asks for a password (401); this address is not for the public.",
    402: "The server asks for payment (402); this address is not for the public.",
    403: "The server turns us away (403); its owner may not want readers like ours, or blocks our network.",
    404: "There is nothing at this address (404); look for its new one on the publisher's site.",
    406: "The server has no form of this document that we can read (406).",
    410: "The publisher has taken this down for good (410).",
    451: "The server may not show this for legal reasons (451).",
    500: "The server met a fault of its own (500); we ask again later.",
    502: "The publisher's front server got no proper answer from the one behind it (502); we ask again later.",
    503: "The server answered 503 (busy or under repair); we ask again later.",
    504: "The publisher's front server waited in vain for the one behind it (504); we ask again later.",
}


def failure_of_status(url: str, status: int, *, retry_after: int | None = None) -> FetchError:
    """The error for an answer that is neither a document nor “unchanged” nor a redirect.

    429, and 503 that says for how long, speak for the whole host: they give HostOnHold.
    """
    if status == 429 or (status == 503 and retry_after):
        seconds = retry_after or HOLD_SECONDS
        why = "says we ask too often (429)" if status == 429 else "is busy or under repair (503)"
        rest = f"we leave its whole host alone for {in_words(seconds)}, then ask again"
        reason = f"The server {why}; {rest}."
        return HostOnHold(url, reason, seconds=seconds, status=status, retry_after=retry_after or None)
    return FetchError(
        url,
        STATUS_SENTENCES.get(status) or _sentence_by_class(status),
        permanent=status in PERMANENT_STATUSES,
        status=status,
        retry_after=retry_after,
    )


def in_words(seconds: float) -> str:
    """A length of time for a sentence, rounded: “40 seconds”, “10 minutes”, “3 hours”."""
    unit, length = "second", 1
    if seconds >= 120:
        unit, length = ("hour", 3600) if seconds >= 7200 else ("minute", 60)
    count = max(round(seconds / length), 1)
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def failure_of_error(url: str, error: Exception, *, status: int | None = None) -> FetchError:
    """The error for an exchange that broke off; ``error`` is what the HTTP client or the system raised.

    status: of the answer that had begun; None where there was none
    """
    return FetchError(url, _sentence_for(error), status=status)


def retry_seconds(value: str, *, now: datetime) -> int | None:
    """Read a Retry-After header, in seconds or as a date, as whole seconds from now: at least 0, at most a day.

    None where it is absent or unreadable (RFC 9110, 10.2.3).
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:9]), LONGEST_RETRY_SECONDS)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(min(max((moment - now).total_seconds(), 0), LONGEST_RETRY_SECONDS))


def _sentence_by_class(status: int) -> str:
    if 520 <= status <= 530:
        return (
            f"The publisher's delivery network could not reach the publisher's server ({status}); we ask again later."
        )
    if status >= 500:
        return f"The server met a fault of its own ({status}); we ask again later."
    if status >= 400:
        return f"The server refused our request ({status}); the address or the server's rules need a closer look."
    return f"The server gave an answer we can do nothing with ({status})."


def _sentence_for(error: Exception) -> str:
    sentence = next(
        (text for kind, text in SENTENCES if isinstance(error, kind)), "The exchange with the server failed"
    )
    detail = _detail_of(error)
    return f"{sentence} ({detail}); we ask again later." if detail else f"{sentence}; we ask again later."


# The first kind that fits; so the narrower stand before the wider.
SENTENCES: list[tuple[type[Exception], str]] = [
    (aiohttp.ClientConnectorDNSError, "The server's name was not found: mistyped, expired, or its name server is down"),
    (aiohttp.ClientConnectorCertificateError, "The server's certificate does not prove that it is who we asked for"),
    (aiohttp.ClientSSLError, "The server offers no secure connection that we can accept"),
    (aiohttp.ConnectionTimeoutError, "The server did not take our connection in time"),
    (aiohttp.SocketTimeoutError, "The server fell silent in the middle"),
    (aiohttp.ClientConnectorError, "The server did not take our connection"),
    (aiohttp.ServerDisconnectedError, "The server hung up without an answer"),
    (aiohttp.ClientPayloadError, "The server hung up before it had sent everything, or sent it damaged"),
    (aiohttp.ClientResponseError, "The server's answer does not follow the rules of HTTP"),
    (TimeoutError, "The server took longer in all than we wait"),
    (aiohttp.ClientOSError, "The connection broke"),
]  # fmt: skip


def _detail_of(error: Exception) -> str:
    """The technical part, one short line, for whoever mends it."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _one_line(getattr(error.certificate_error, "verify_message", "") or str(error.certificate_error))
    if isinstance(error, aiohttp.ClientConnectorError):
        return _one_line(error.os_error.strerror or str(error.os_error))
    if isinstance(error, aiohttp.ClientResponseError):
        return _one_line(error.message)
    if isinstance(error, TimeoutError | aiohttp.ServerDisconnectedError | aiohttp.ClientPayloadError):
        return ""
    return _one_line(str(error) or type(error).__name__)


def _one_line(text: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in text[:400])
    return " ".join(printable.split())[:160].rstrip(" .;")
