"""What the headers of an answer say, as bounded plain values. Any byte may stand in them. Touches no network."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urljoin

from multidict import CIMultiDictProxy

from feeds.errors import AddressRefused
from feeds.net.addresses import Address

Headers = CIMultiDictProxy[str]

HEADER_MAX_CHARACTERS = 1_000
ROBOTS_MAX_CHARACTERS = 1_000
ETAG_MAX_CHARACTERS = 500
LAST_MODIFIED_MAX_CHARACTERS = 100
LINK_MAX_CHARACTERS = 16_000
MAX_LINKS = 20
LONGEST_FRESH_SECONDS = 30 * 86_400

LINK = re.compile(r"<([^<>]{1,2000})>([^<]{0,1000})")
REL = re.compile(r';[ \t]{0,9}rel[ \t]{0,9}=[ \t]{0,9}(?:"([^"]{0,200})"|([^\s;,"]{1,200}))', re.IGNORECASE)
MAX_AGE = re.compile(r'max-age[ \t]{0,9}=[ \t]{0,9}"?(\d{1,10})', re.IGNORECASE)
NOT_KEPT = re.compile(r"no-cache|no-store|must-understand", re.IGNORECASE)


def text_of(headers: Headers, name: str, longest: int = HEADER_MAX_CHARACTERS) -> str:
    """A header as text that a database takes: bytes that are no UTF-8 become U+FFFD."""
    return headers.get(name, "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:longest]


def all_of(headers: Headers, name: str, longest: int, *, between: str = ", ") -> str:
    """All headers of a name as one text, as if they had come as one (RFC 9110, 5.3)."""
    joined = between.join(headers.getall(name, []))[:longest]
    return joined.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def validator(headers: Headers, name: str, longest: int) -> str:
    """A validator as we can send it back; empty for one that we could not keep as it is, as it would never match."""
    value = headers.get(name, "")
    return value if value.isascii() and value.isprintable() and len(value) <= longest else ""


def conditions(etag: str, last_modified: str) -> dict[str, str]:
    """The headers that make a request conditional."""
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in wanted.items() if value and value.isascii() and value.isprintable()}


def fresh_seconds(headers: Headers, *, now: datetime) -> int | None:
    """How long the answer may be taken for the present one (RFC 9111, 4.2), from now; at most 30 days.

    None where the server says nothing readable of it, or that nobody shall keep it.
    """
    control = all_of(headers, "Cache-Control", HEADER_MAX_CHARACTERS)
    if NOT_KEPT.search(control):
        return None
    if found := MAX_AGE.search(control):
        age = headers.get("Age", "").strip()
        lifetime = int(found[1]) - (int(age[:10]) if age.isascii() and age.isdigit() else 0)
        return min(max(lifetime, 0), LONGEST_FRESH_SECONDS)
    expires = _moment(headers.get("Expires", ""))
    if expires is None:
        return None
    said_at = _moment(headers.get("Date", "")) or now  # both by the server's clock, which may go wrong
    return round(min(max((expires - said_at).total_seconds(), 0), LONGEST_FRESH_SECONDS))


def links_of(headers: Headers, base: str) -> tuple[tuple[str, str], ...]:
    """(relation, absolute web address) of each link in Link headers (RFC 8288); once for each of its relations."""
    links: list[tuple[str, str]] = []
    for target, parameters in LINK.findall(all_of(headers, "Link", LINK_MAX_CHARACTERS)):
        found = REL.search(parameters)
        try:
            url = urljoin(base, target.strip())
        except ValueError:
            continue
        if found and url.startswith(("http://", "https://")):
            links += [(relation, url) for relation in (found[1] or found[2] or "").lower().split()]
    return tuple(links[:MAX_LINKS])


def next_url(address: Address, location: str) -> str:
    """The URL a Location header leads to. Its bytes may be anything: Latin-1, UTF-8, blanks in the path."""
    raw = location.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = quote(raw, safe=bytes(range(0x21, 0x7F)))
    text = text.strip().replace(" ", "%20")
    if re.search(r"[\x00-\x1f\\]", text):
        raise AddressRefused(address.url, "The server sends us on to an address with forbidden characters.")
    try:
        is_absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)  # urljoin takes "https:///x" for a path of this host
        return (text if is_absolute else urljoin(address.url, text)).partition("#")[0]
    except ValueError:
        raise AddressRefused(address.url, "The server sends us on to something that is no address.") from None


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
