"""Which addresses we ask at all: a URL is read once, strictly, and every IP address behind it is judged (networks.py).

Sends nothing. fetching.py uses it for each hop, ``inspect url`` to explain.
"""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

import idna

from feeds.errors import AddressRefused
from feeds.net.networks import LOCALHOST, Network, is_allowed, is_local_name, judge_answers, refusal_of

MAX_URL_CHARACTERS = 8_000
DEFAULT_PORTS = {"http": 80, "https": 443}

# Ports above 1023 where something other than the web listens by convention. Whoever may name a feed must not be
# able to make us speak to databases, queues, mail, phones or control panels, ours or anybody's.
SERVICE_PORTS = frozenset(
    {1080, 1433, 1434, 1521, 1723, 1883, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3260, 3306, 3389, 3690, 4190}
    | {4369, 5038, 5060, 5061, 5222, 5269, 5432, 5433, 5555, 5601, 5671, 5672, 5900, 5901, 5984, 5985, 5986}
    | {*range(6000, 6064), 6379, 6380, 6443, 6432, 6566, *range(6660, 6670), 6697, 7000, 7001, 7199, 7474, 7687}
    | {8086, 8125, 8300, 8301, 8500, 8883, 9042, 9092, 9100, 9160, 9200, 9300, 10000, 10080, 10250, 10255, 11211}
    | {15672, 16379, 26379, 27017, 27018, 27019, 28015, 50000, 61613, 61616}
)

PLAIN_HOST = re.compile(r"https?://[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?=[/?#]|\Z)")
URL_PARTS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<target>[^#]*)(?:#.*)?")
AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?")
FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?|[a-z0-9_]")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
OTHER_DOTS = re.compile("[\u3002\uff0e\uff61]")
TARGET_SAFE = "%/:?[]@!$&'()*+,;=-._~|^"


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart and found proper; a name in it has not been looked up yet.

    host:   lower-case ASCII (punycode) without trailing dot, or an IP address without brackets
    target: path and query as they go over the wire, never empty, ASCII
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_ip(self) -> bool:
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


class Verdict(NamedTuple):
    """What ``judge_url`` found: ``address`` is the IP address we would connect to, empty where none is allowed."""

    allowed: bool
    reason: str
    address: str


def parse_address(url: str, *, allow: Sequence[Network] = (), any_port: bool = False) -> Address:
    """Take a URL apart and judge what can be judged without looking its host up.

    allow:    networks that are not refused although they are not public (tests, the demo)
    any_port: leave the port alone, because a host map decides where the connection goes
    Raises AddressRefused with a sentence.
    """
    address = take_apart(url)
    ip = LOCALHOST if is_local_name(address.host) else address.host if address.is_ip else ""
    if ip and (reason := refusal_of(ip, allow)):
        raise AddressRefused(url, reason)
    if not any_port and not (ip and is_allowed(ip, allow)):
        _judge_port(url, address.port)
    return address


def take_apart(url: str) -> Address:
    """Read a URL, once and strictly: what browsers would quietly repair raises AddressRefused."""
    if len(url) > MAX_URL_CHARACTERS:
        raise AddressRefused(url[:200], f"The address is longer than {MAX_URL_CHARACTERS} characters.")
    found = FORBIDDEN.search(url)
    if found:
        raise AddressRefused(url, f"The address contains {_name_of(found.group())}, which no web address may.")
    parts = URL_PARTS.fullmatch(url)
    if not parts:
        raise AddressRefused(url, "This is not a web address: it must begin with http:// or https:// and a host.")
    scheme = parts["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise AddressRefused(url, f"We only fetch http and https addresses, not “{scheme}”.")
    if "@" in parts["authority"]:
        raise AddressRefused(url, "The address carries a user name or password before the host.")
    authority = AUTHORITY.fullmatch(parts["authority"])
    if not authority:
        raise AddressRefused(url, "What stands between // and the path is no host, or a host with something behind it.")
    port = int(authority["port"] or DEFAULT_PORTS[scheme])
    if not 0 < port <= 65535:
        raise AddressRefused(url, f"{port} is no port number.")
    return Address(scheme, _canonical_host(url, authority["host"]), port, _encoded_target(parts["target"]))


def with_plain_host(url: str) -> str:
    """The URL with its host as all our rows spell hosts: lower case, punycode, without a port that goes without saying.

    What follows the host stays letter by letter, and so does a URL that is no web address.
    """
    if PLAIN_HOST.match(url):
        return url
    try:
        address = take_apart(url)
    except AddressRefused:
        return url
    parts = URL_PARTS.fullmatch(url)
    return f"{address.scheme}://{address.authority}{url[parts.end('authority') :]}" if parts else url


def judge_url(
    url: str, resolve: Mapping[str, Sequence[str]] | None = None, *, allow: Sequence[Network] = ()
) -> Verdict:
    """Would we fetch this URL, and from which IP address? Sends no request; looks a name up unless told its answers.

    resolve: host → its IP addresses, in place of a look-up
    """
    try:
        address = parse_address(url, allow=allow)
        answers = [address.host] if address.is_ip else _answers_for(address.host, resolve or {})
        if not address.is_ip:
            judge_answers(address.host, answers, allow=allow)
    except AddressRefused as refused:
        return Verdict(False, refused.reason, "")
    is_public = all(not refusal_of(ip) for ip in answers)
    how = "is on the public internet" if is_public else "is in a network that a setting allows"
    return Verdict(True, f"{address.host} {how}.", answers[0])


def _canonical_host(url: str, host: str) -> str:
    if host.startswith("["):
        return _canonical_ipv6(url, host[1:-1])
    if not host.isascii():
        host = _punycode(url, host)
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if not host or len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise AddressRefused(url, "The host is empty or no proper host name.")
    if NUMBER.fullmatch(labels[-1]):
        return _canonical_ipv4(url, host)
    return host


def _canonical_ipv4(url: str, host: str) -> str:
    """127.1, 0x7f000001, 2130706433 and 0177.0.0.1 are all 127.0.0.1 to the system, so none but that is taken."""
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        raise AddressRefused(
            url, "The host is a number that is no IPv4 address in its usual form (four numbers up to 255)."
        ) from None


def _canonical_ipv6(url: str, host: str) -> str:
    try:
        if "%" in host:
            raise ValueError
        return str(ipaddress.IPv6Address(host))
    except ValueError:
        raise AddressRefused(url, "What stands in the brackets is no IPv6 address.") from None


def _punycode(url: str, host: str) -> str:
    """IDNA 2008 without the mappings of UTS 46: those make “localhost” of ⓛⓞⓒⓐⓛⓗⓞⓢⓣ and digits of full-width ones."""
    try:
        if OTHER_DOTS.search(host):
            raise idna.IDNAError("a full stop that is not “.”")
        return idna.encode(unicodedata.normalize("NFC", host.lower()), strict=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressRefused(url, f"The host is no proper international name: {error}.") from None


def _encoded_target(target: str) -> str:
    """Path and query, percent-encoded where they are not plain ASCII; a path is never empty on the wire."""
    if not target.startswith("/"):
        target = "/" + target
    return quote(target, safe=TARGET_SAFE)


def _judge_port(url: str, port: int) -> None:
    if port not in DEFAULT_PORTS.values() and (port < 1024 or port in SERVICE_PORTS):
        raise AddressRefused(url, f"Port {port} belongs to another service than the web; we do not ask it.")


def _answers_for(host: str, resolve: Mapping[str, Sequence[str]]) -> list[str]:
    if is_local_name(host):
        return [LOCALHOST]
    for name, answers in resolve.items():
        if name.lower().removesuffix(".") == host:
            return list(answers)
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def _name_of(character: str) -> str:
    if character == "\\":
        return "a backslash"
    if character.isspace():
        return "a blank"
    return f"the character U+{ord(character):04X}"
