"""Which IP addresses are on the public internet: the others are refused, unless a setting allows their network.

Asked about each URL and each answer of a name server, and again at the moment of connecting. The rules are
security.md's: what Python's ipaddress calls global is not good enough (it means multicast, NAT64, 6to4 and the clouds'
own metadata addresses too), so the networks are listed here, from the IANA special-purpose registries.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from functools import lru_cache

from feeds.errors import AddressRefused

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOCALHOST = "127.0.0.1"

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


def parse_networks(networks: Iterable[str]) -> tuple[Network, ...]:
    """CIDRs ("127.0.0.0/8") as networks; ValueError names the one that is none."""
    return tuple(ipaddress.ip_network(network) for network in networks)


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


@lru_cache(maxsize=4096)
def _unmapped(ip: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IP address, an IPv4 one where it was wrapped as ::ffff:a.b.c.d; a zone (fe80::1%eth0) is no part of it."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
