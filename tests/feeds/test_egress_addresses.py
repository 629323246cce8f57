"""Where connections go, seen at the connect step: an audit hook of the interpreter hears every one.

The lines of the security notes on egress, and what holds each:

 1 parse once, strictly      test_addresses.py (improper URLs, disguises), here test_a_disguise_of_loopback_…
   scheme, port, userinfo    test_addresses.py, test_fetching.py (redirects), here test_a_redirect_to_our_own_network_…
 2 every answer public       test_connecting.py test_a_name_with_an_answer_inside_…, here test_no_address_…
   the checked address       here test_a_name_that_changes_its_answer_…, test_what_is_connected_to_is_what_was_judged
   the peer asked again      not so: the socket factory judges the very address that connect() is then given, and what
                             the interpreter reports below is what was connected to
 3 redirects by hand, ≤ 5    test_fetching.py test_five_redirects_…, validators dropped; here …_redirect_…
   Location of any bytes     test_fetching.py test_odd_bytes_…
 4 no environment, cookies   test_connecting.py test_proxies_…, test_a_certificate_…, test_fetching.py test_no_cookie_…
 5 time and size             test_fetching.py, test_unpacking.py, test_egress_answers.py
   all limits by number      test_egress_documents.py test_the_limits_are_those_…
 6 XML and the sandbox       test_egress_documents.py, test_parsing.py, test_sandbox.py, test_mutations.py
 7 per host, back-off        test_turns.py, test_scheduling.py, test_recording.py, test_outages.py
 8 linear expressions        test_sanitising.py, test_robots.py, test_reservations.py (hostile texts in little time)
 every feature               test_egress_doors.py; test_one_door.py forbids any other way out
"""

import asyncio
import ipaddress
import socket

import pytest

from feeds.errors import AddressRefused, FetchError
from feeds.fetching import Fetcher
from feeds.net import connecting
from feeds.net.settings import FetchSettings
from tests.feeds.test_connecting import NameServer
from tests.web import Answer, Web

RSS = b"<rss version='2.0'/>"
OUTSIDE = "127.0.0.2"  # stands for the public internet: the one network these tests allow


class OutsideWeb(Web):
    ip = OUTSIDE


@pytest.fixture
def outside(tmp_path):
    with OutsideWeb(tmp_path / "outside") as web:
        yield web


def fetch(url: str, resolver=None, *, allow: list[str] | None = None):
    async def once():
        settings = FetchSettings.from_values(allow_networks=allow or [])
        async with Fetcher(settings, resolver=resolver, connect_seconds=1) as fetcher:
            return await fetcher.fetch(url)

    return asyncio.run(once())


DISGUISES = [
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0X7F.0.0.1", "0177.0.0.1",
    "017700000001", "0", "0.0.0.0", "0x0", "127.0.0.01", "127.000.000.001", "127.0.0.1%00", "127%2e0%2e0%2e1",
    "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "①②⑦.⓪.⓪.①", "１２７.０.０.１", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "١٢٧.٠.٠.١",
    "localhost", "LOCALHOST", "localhost.", "feeds.localhost", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "loc\u00adalhost", "ｌocalhost",
    "ℓocalhost", "loca\u200dlhost", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::127.0.0.1]", "[::7f00:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::127.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::1]", "[2001:0:1:1:1:1:80ff:fffe]", "[::1%lo]",
    "[::1%251]", "[fe80::1%lo]", "[fe80::1]", "a@127.0.0.1", "news.example@127.0.0.1", "127.0.0.1\\@news.example",
    "127.0.0.1#@news.example", "news.example\t@127.0.0.1", " 127.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("host", DISGUISES)
def test_a_disguise_of_loopback_is_not_connected_to(web, dialled, host):
    for scheme in ("http", "https"):
        with pytest.raises(AddressRefused):
            fetch(f"{scheme}://{host}:{web.port}/")

    assert dialled.addresses == []
    assert web.requests == []


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127。0。0。1", "loc\u00adalhost"])
def test_the_system_itself_would_connect_to_such_disguises(dialled, host):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        socket.create_connection((host, address[1]), timeout=1).close()

    assert dialled.addresses[-1:] == [address]


# IANA's special-purpose registries, with what Python's ipaddress takes for public although it is not.
SPECIAL_V4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
]  # fmt: skip
SPECIAL_V6 = [
    "::/128", "::1/128", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64",
    "2001::/23", "2001::/32", "2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "2002::/16", "3fff::/20",
    "5f00::/16", "fc00::/7", "fd00:ec2::254/128", "fe80::/10", "fec0::/10", "ff00::/8", "4000::/3", "e000::/4",
]  # fmt: skip


def ends_of(network: str) -> list[str]:
    """The first and the last address of a network, and what IPv6 makes of an IPv4 one."""
    both = ipaddress.ip_network(network)
    addresses = [str(both[0]), str(both[-1])]
    if both.version == 4:
        addresses += [f"::ffff:{address}" for address in addresses]
    return list(dict.fromkeys(addresses))


@pytest.mark.parametrize("network", [*SPECIAL_V4, *SPECIAL_V6])
def test_no_address_that_is_not_public_is_connected_to(dialled, monkeypatch, network):
    addresses = ends_of(network)
    for ip in addresses:
        with pytest.raises(AddressRefused):
            fetch(f"http://[{ip}]/" if ":" in ip else f"http://{ip}/")
        for answers in ([ip], ["93.184.216.34", ip], [ip, "2606:4700::1111"]):
            with pytest.raises(AddressRefused, match="leads inside"):
                fetch("http://inside.example/", NameServer(inside_example=answers))
    monkeypatch.setattr(connecting, "judge_answers", lambda *_, **__: None)  # the look-up is fooled
    for ip in addresses:
        with pytest.raises(AddressRefused):
            fetch("http://inside.example/", NameServer(inside_example=[ip]))

    assert dialled.addresses == []


class ChangingNameServer(NameServer):
    """Gives another answer each time."""

    later: list[list[str]]

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        [self.answers[host], *self.later] = self.later
        return await super().resolve(host, port, family)


def test_a_name_that_changes_its_answer_between_two_connections_is_judged_anew(web, outside, dialled, monkeypatch):
    monkeypatch.setattr(connecting, "DNS_CACHE_SECONDS", 0)
    url = f"http://rebinding.example:{outside.port}/"
    outside[url] = Answer(302, headers={"Location": "/two", "Connection": "close"}, cut=0)
    servers = ChangingNameServer(rebinding_example=[])
    servers.later = [[OUTSIDE], [OUTSIDE, "127.0.0.1"], ["127.0.0.1"]]

    async def thrice():
        settings = FetchSettings.from_values(allow_networks=[f"{OUTSIDE}/32"])
        for _ in range(2):
            async with Fetcher(settings, resolver=servers) as fetcher:
                with pytest.raises(AddressRefused, match="leads inside"):
                    await fetcher.fetch(url)

    asyncio.run(thrice())

    assert len(dialled.of(outside)) == 1
    assert {ip for ip, _ in dialled.addresses} == {OUTSIDE}


def test_what_is_connected_to_is_what_was_judged(outside, dialled):
    """One look-up for judging and connecting: a name server that lies the second time is not asked a second time."""
    url = f"http://rebinding.example:{outside.port}/"
    outside[url] = RSS
    servers = ChangingNameServer(rebinding_example=[])
    servers.later = [[OUTSIDE], ["127.0.0.1"]]

    assert fetch(url, servers, allow=[f"{OUTSIDE}/32"]).body == RSS
    assert servers.asked == ["rebinding.example"]
    assert dialled.addresses == [(OUTSIDE, outside.port)]


@pytest.mark.parametrize(
    "location",
    [*(f"http://{host}:PORT/" for host in DISGUISES if not set(host) & {"\t", " "}), "//127.0.0.1:PORT/",
     "///127.0.0.1:PORT/", "\\\\127.0.0.1:PORT\\", "http:127.0.0.1:PORT", "http:/127.0.0.1:PORT/", "file:///etc/passwd",
     "gopher://127.0.0.1:PORT/_", "dict://127.0.0.1:PORT/", "ftp://127.0.0.1:PORT/", "http+unix://%2Frun%2Fx.sock/",
     "jar:http://127.0.0.1:PORT/!/", "ldap://127.0.0.1:PORT/", "data:text/xml,<rss/>", "http://10.0.0.1/",
     "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/latest/", "http://inside.example:PORT/"],
)  # fmt: skip
def test_a_redirect_to_our_own_network_is_not_followed(web, outside, dialled, location):
    names = NameServer(paper_example=[OUTSIDE], inside_example=["127.0.0.1"], news_example=[OUTSIDE, "127.0.0.1"])
    url = f"http://paper.example:{outside.port}/feed"
    for status in (301, 302, 303, 307, 308):
        target = location.replace("PORT", str(web.port)).encode()
        outside[url] = Answer(status, headers={"Location": target})
        with pytest.raises(FetchError):
            fetch(url, names, allow=[f"{OUTSIDE}/32"])

    assert {ip for ip, _ in dialled.addresses} == {OUTSIDE}
    assert web.requests == []


@pytest.mark.parametrize("port", [1, 22, 25, 111, 1023, 2375, 3306, 5432, 6379, 9200, 11211, 27017])
def test_a_redirect_to_another_service_is_not_followed(outside, dialled, port):
    names = NameServer(paper_example=["127.0.0.3", OUTSIDE], other_example=["93.184.216.34"])
    url = f"http://{OUTSIDE}:{outside.port}/"
    outside[url] = Answer(302, headers={"Location": f"http://other.example:{port}/"})

    with pytest.raises(AddressRefused, match=f"Port {port}"):
        fetch(url, names, allow=[f"{OUTSIDE}/32"])
    assert dialled.addresses == [(OUTSIDE, outside.port)]


def test_passwords_in_an_address_go_nowhere(outside, dialled):
    with pytest.raises(AddressRefused):
        fetch(f"http://user:secret@{OUTSIDE}:{outside.port}/", allow=[f"{OUTSIDE}/32"])
    assert dialled.addresses == []
