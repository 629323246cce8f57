"""How a connection to somebody else's server comes to be: looked up, judged, connected, secured.

The address is judged twice: all answers of the name server, and in the connect step the one IP address that is about
to be connected. The second holds whatever lies between, for names and literal addresses alike.
"""

import socket
import ssl
from collections.abc import Callable
from functools import lru_cache

import aiohttp
import certifi
from aiohttp.abc import AbstractResolver, ResolveResult

from feeds.net.networks import LOCALHOST, Network, is_local_name, judge_answers, judge_ip
from feeds.net.settings import FetchSettings
from feeds.net.unpacking import ACCEPT_ENCODING

DNS_CACHE_SECONDS = 60
KEEPALIVE_SECONDS = 5  # long enough for the next feed of the same host, short enough not to hoard sockets
MAX_HEADER_BYTES = 32_768  # one line; the 8 KiB of most clients is less than the policies some publishers send
MAX_HEADERS = 200

SocketAddress = tuple[int, int, int, str, tuple]  # as getaddrinfo gives it


def open_session(
    settings: FetchSettings, *, connect_seconds: float, read_seconds: float, resolver: "GuardedResolver"
) -> aiohttp.ClientSession:
    """A session that keeps nothing but connections: no cookies, no proxies, no passwords from the environment.

    How many requests it makes at a time is for its user to limit, and the resolver for its user to close.
    """
    connector = aiohttp.TCPConnector(
        resolver=resolver,
        socket_factory=guarded_sockets(settings),
        happy_eyeballs_delay=None,  # a race of connections would swallow the guard's refusal
        ssl=tls_context(),
        limit=0,
        keepalive_timeout=KEEPALIVE_SECONDS,
        ttl_dns_cache=DNS_CACHE_SECONDS,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(
            total=None, connect=2 * connect_seconds, sock_connect=connect_seconds, sock_read=read_seconds
        ),
        headers={"User-Agent": user_agent(settings.contact), "Accept-Encoding": ACCEPT_ENCODING},
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        max_line_size=MAX_HEADER_BYTES,
        max_field_size=MAX_HEADER_BYTES,
        max_headers=MAX_HEADERS,
    )


class GuardedResolver(AbstractResolver):
    """Asks another resolver and passes its answers on only if every one of them is public.

    IPv4 comes first: a broken IPv6 route is the commoner fault, and would cost the connect timeout.
    """

    def __init__(self, inner: AbstractResolver, allow: tuple[Network, ...]) -> None:
        self._inner, self._allow = inner, allow

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        answers = await self._inner.resolve(LOCALHOST if is_local_name(host) else host, port, family)
        judge_answers(host, [answer["host"] for answer in answers], allow=self._allow)
        return sorted(answers, key=lambda answer: answer["family"] != socket.AF_INET)

    async def close(self) -> None:
        await self._inner.close()


def guarded_sockets(settings: FetchSettings) -> Callable[[SocketAddress], socket.socket]:
    """A socket factory that is given the address about to be connected and raises AddressRefused unless we may.

    That is no OSError: after one, the next address of the name would be tried.
    """
    mapped = frozenset(settings.host_map.values())

    def make_socket(address: SocketAddress) -> socket.socket:
        family, kind, protocol, _, (ip, port, *_) = address
        if (ip, port) not in mapped:
            judge_ip(ip, allow=settings.allow)
        return socket.socket(family, kind, protocol)

    return make_socket


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Certificates are always verified, against the system's authorities or, where it has none, certifi's."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def user_agent(contact: str) -> str:
    """Who asks, and where a publisher can talk to us."""
    contact = "".join(character for character in contact if character.isascii() and character.isprintable())
    return f"ZisNews/0.1 (+{contact})" if contact else "ZisNews/0.1"
