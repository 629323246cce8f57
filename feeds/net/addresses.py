"""Which addresses we ask at all: a URL is read once, strictly, and every IP address behind it is judged.

Sends nothing. fetching.py uses it for each hop and again at the moment of connecting, ``inspect url`` to explain.
The rules are security.md's: what Python's ipaddress calls global is not good enough (it means multicast, NAT64,
6to4 and the clouds' own metadata addresses too), so the networks are listed here, from the IANA special-purpose
registries.
"""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

import idna

from feeds.errors import AddressRefused

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MAX_URL_CHARACTERS = 8_000
LOCALHOST = "127.0.0.1"
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

REFUSED_V4 = {
    "0.0.0.0/8": "stands for “this host”",
    "10.0.0.0/8": "is a private network",
    "100.64.0.0/10": "is inside a provider's network (carrier-grade NAT)",
    "127.0.0.0/8": "is this machine itself",
    "168.63.129.16/32": "is a cloud's control address",
    "169.254.0.0/16": "is link-local, where clouds keep their secrets",
    "172.16.0.0/12": "is a private network",
    "192.0.0.0/24": "is reserved for protocols",
    "192.0.2.0/24": "is reserved for documentation",
    "192.31.196.0/24": "is reserved for name servers (AS112)",
    "192.52.193.0/24": "is reserved for multicast relays",
    "192.88.99.0/24": "is reserved for 6to4 relays",
    "192.168.0.0/16": "is a private network",
    "192.175.48.0/24": "is reserved for name servers (AS112)",
    "198.18.0.0/15": "is reserved for benchmarks",
    "198.51.100.0/24": "is reserved for documentation",
    "203.0.113.0/24": "is reserved for documentation",
    "224.0.0.0/4": "is multicast",
    "240.0.0.0/4": "is reserved",
}
# The first network that holds the address gives the reason; beyond 2000::/3 nothing is public.
REFUSED_V6 = {
    "::/128": "stands for “this host”",
    "::1/128": "is this machine itself",
    "64:ff9b::/96": "hides an IPv4 address (NAT64)",
    "64:ff9b:1::/48": "hides an IPv4 address (NAT64)",
    "fc00::/7": "is a private network",
    "fe80::/10": "is link-local",
    "fec0::/10": "is site-local",
    "ff00::/8": "is multicast",
    "2001::/32": "hides an IPv4 address (Teredo)",
    "2001::/23": "is reserved for protocols",
    "2001:db8::/32": "is reserved for documentation",
    "2002::/16": "hides an IPv4 address (6to4)",
    "2620:4f:8000::/48": "is reserved for name servers (AS112)",
    "3fff::/20": "is reserved for documentation",
}
PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
NETWORKS_V4 = [(ipaddress.IPv4Network(network), why) for network, why in REFUSED_V4.items()]
NETWORKS_V6 = [(ipaddress.IPv6Network(network), why) for network, why in REFUSED_V6.items()]

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


def parse_networks(networks: Iterable[str]) -> tuple[Network, ...]:
    """CIDRs ("127.0.0.0/8") as networks; ValueError names the one that is none."""
    return tuple(ipaddress.ip_network(network) for network in networks)


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


def judge_ip(ip: str, *, allow: Sequence[Network] = ()) -> None:
    """Raise AddressRefused, with a sentence, unless this IP address is on the public internet (or in ``allow``)."""
    if reason := refusal_of(ip, allow):
        raise AddressRefused(ip, reason)


def judge_answers(host: str, answers: Sequence[str], *, allow: Sequence[Network] = ()) -> None:
    """Raise AddressRefused unless a name has answers and every one of them is public.

    One private answer among public ones is refused too: whoever mixes them waits for us to pick the private one.
    """
    if not answers:
        raise AddressRefused(host, f"The name {host} has no address.")
    for ip in answers:
        if reason := refusal_of(ip, allow):
            raise AddressRefused(host, f"The name {host} leads inside: {reason}")


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


def is_local_name(host: str) -> bool:
    """localhost and all below it: always this machine, whatever a name server says (RFC 6761, 6.3)."""
    return host == "localhost" or host.endswith(".localhost")


def refusal_of(ip: str, allow: Sequence[Network] = ()) -> str:
    """The sentence that says why we do not connect to an IP address; empty where we do."""
    reason = _refusal(ip)
    return "" if reason and is_allowed(ip, allow) else reason


def is_allowed(ip: str, allow: Sequence[Network]) -> bool:
    """Is this IP address in one of the networks a setting allows?"""
    if not allow:
        return False
    try:
        address = _unmapped(ip)
    except ValueError:
        return False
    return any(address in network for network in allow)


@lru_cache(maxsize=4096)
def _refusal(ip: str) -> str:
    try:
        address = _unmapped(ip)
    except ValueError:
        return f"“{ip}” is no IP address in its usual form."
    networks: Sequence[tuple[Network, str]] = NETWORKS_V4 if address.version == 4 else NETWORKS_V6
    for network, why in networks:
        if address in network:
            return f"{ip} {why} ({network}); we only ask public addresses."
    if address.version == 6 and address not in PUBLIC_V6:
        return f"{ip} is not a public IPv6 address (those begin with 2 or 3)."
    return ""


def _unmapped(ip: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IP address, an IPv4 one where it was wrapped as ::ffff:a.b.c.d; a zone (fe80::1%eth0) is no part of it."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


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
