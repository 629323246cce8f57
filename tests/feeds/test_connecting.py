import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import DefaultResolver
from aiohttp.abc import AbstractResolver
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from feeds.errors import AddressRefused, FetchError
from feeds.fetching import Fetcher
from feeds.net.connecting import guarded_sockets, user_agent
from feeds.net.settings import FetchSettings, read_host_map
from tests.web import Answer, Web
from zisnews.processes import wait_until

RSS = b"<rss version='2.0'/>"
LOOPBACK = ["127.0.0.0/8"]


class NameServer(AbstractResolver):
    """Answers with what it is told; a name it does not know does not exist."""

    def __init__(self, **answers: list[str]) -> None:
        self.answers = {name.replace("_", "."): ips for name, ips in answers.items()}
        self.asked: list[str] = []

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        self.asked.append(host)
        if host not in self.answers:
            raise OSError(None, "Domain name not found")
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [
            {"hostname": host, "host": ip, "port": port, "family": families[":" in ip], "proto": 0, "flags": 0}
            for ip in self.answers[host]
        ]

    async def close(self):
        pass


def fetch(url: str, resolver: AbstractResolver | None = None, *, allow: list[str] | None = None, **limits):
    async def once():
        settings = FetchSettings.from_values(allow_networks=allow or [])
        async with Fetcher(settings, resolver=resolver, **limits) as fetcher:
            return await fetcher.fetch(url)

    return asyncio.run(once())


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["10.1.2.3"], ["::1"], ["fd00::1"], ["169.254.169.254"], ["::ffff:10.0.0.1"], ["64:ff9b::a00:1"],
     ["93.184.216.34", "127.0.0.1"], ["2606:4700::1111", "fe80::1"]],
)  # fmt: skip
def test_a_name_with_an_answer_inside_is_not_connected_to(web, answers):
    web["http://inside.example/"] = RSS

    with pytest.raises(AddressRefused, match="leads inside") as refused:
        fetch(f"http://inside.example:{web.port}/", NameServer(inside_example=answers))

    assert refused.value.url == f"http://inside.example:{web.port}/"
    assert web.requests == []


def test_the_connect_step_sees_the_very_address_even_if_the_look_up_was_fooled(web, monkeypatch):
    monkeypatch.setattr("feeds.net.connecting.judge_answers", lambda *_, **__: None)
    web["http://rebound.example/"] = RSS

    with pytest.raises(AddressRefused, match="this machine"):
        fetch(f"http://rebound.example:{web.port}/", NameServer(rebound_example=["127.0.0.1", "127.0.0.2"]))
    assert web.requests == []


def test_the_connect_step_judges_literal_addresses_too(web, monkeypatch):
    monkeypatch.setattr("feeds.net.addresses.refusal_of", lambda *_: "")
    monkeypatch.setattr("feeds.net.connecting.judge_ip", refuse)

    with pytest.raises(AddressRefused, match="seen"):
        fetch(f"http://127.0.0.1:{web.port}/")
    assert web.requests == []


def refuse(ip, **_):
    raise AddressRefused(ip, "seen")


def test_an_allowed_network_is_the_only_exception(web):
    name = f"http://paper.example:{web.port}/feed"
    web[name] = RSS
    web[f"http://127.0.0.1:{web.port}/feed"] = RSS

    assert fetch(name, NameServer(paper_example=["127.0.0.1"]), allow=LOOPBACK).body == RSS
    assert fetch(f"http://127.0.0.1:{web.port}/feed", allow=LOOPBACK).body == RSS
    with pytest.raises(AddressRefused):
        fetch(name, NameServer(paper_example=["127.0.0.1"]), allow=["127.0.0.2/32"])


def test_localhost_is_this_machine_without_asking_anybody(web):
    web[f"http://localhost:{web.port}/"] = RSS
    servers = NameServer(localhost=["93.184.216.34"])
    servers.answers["127.0.0.1"] = ["127.0.0.1"]

    with pytest.raises(AddressRefused, match="this machine"):
        fetch(f"http://localhost:{web.port}/", servers)
    assert fetch(f"http://localhost:{web.port}/", servers, allow=LOOPBACK).body == RSS
    assert "localhost" not in servers.asked


def test_ipv4_comes_first_and_the_next_address_is_tried_when_one_is_dead(web):
    web[f"http://paper.example:{web.port}/"] = RSS
    servers = NameServer(paper_example=["::1", "127.0.0.9", "127.0.0.1"])

    document = fetch(f"http://paper.example:{web.port}/", servers, allow=[*LOOPBACK, "::1/128"], connect_seconds=1)

    assert document.body == RSS


def test_a_name_that_does_not_exist_is_an_error_that_may_pass():
    with pytest.raises(FetchError, match="name was not found") as failed:
        fetch("https://no-such-paper.example/", NameServer())

    assert not failed.value.permanent
    assert not isinstance(failed.value, AddressRefused)


def test_many_who_wait_for_one_look_up_each_get_an_error_about_their_own_url():
    async def all_at_once():
        servers = NameServer(inside_example=["10.0.0.1"])
        async with Fetcher(FetchSettings(), resolver=servers) as fetcher:
            urls = [f"https://inside.example/{number}" for number in range(9)]
            errors = await asyncio.gather(*map(fetcher.fetch, urls), return_exceptions=True)
            assert [error.url for error in errors] == urls

    asyncio.run(all_at_once())


def test_https_is_really_spoken_where_no_host_map_says_otherwise(web):
    web[f"https://127.0.0.1:{web.port}/"] = RSS

    with pytest.raises(FetchError, match="did not take our connection"):
        fetch(f"https://127.0.0.1:{web.port}/", allow=LOOPBACK, connect_seconds=0.3)
    assert web.requests == []


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> tuple[Path, Path]:
    """Certificate and key of paper.example, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "paper.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("paper.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "certificate.pem", folder / "key.pem"


@pytest.fixture
def secure_web(tmp_path, authority):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*authority)
    with Web(tmp_path / "unused", tls=context) as web:
        yield web


def test_a_certificate_nobody_vouches_for_is_refused(secure_web):
    servers = NameServer(paper_example=["127.0.0.1"])

    with pytest.raises(FetchError, match="certificate does not prove") as failed:
        fetch(f"https://paper.example:{secure_web.port}/", servers, allow=LOOPBACK)

    assert not failed.value.permanent
    assert secure_web.requests == []


def test_a_certificate_counts_for_the_name_that_was_asked_for(secure_web, authority, monkeypatch):
    context = ssl.create_default_context(cafile=str(authority[0]))
    monkeypatch.setattr("feeds.net.connecting.tls_context", lambda: context)
    servers = NameServer(paper_example=["127.0.0.1"], other_example=["127.0.0.1"])
    secure_web[f"http://paper.example:{secure_web.port}/"] = RSS

    assert fetch(f"https://paper.example:{secure_web.port}/", servers, allow=LOOPBACK).body == RSS
    with pytest.raises(FetchError, match="certificate does not prove"):
        fetch(f"https://other.example:{secure_web.port}/", servers, allow=LOOPBACK)


def test_proxies_and_passwords_of_the_environment_are_not_used(web, monkeypatch, tmp_path):
    web[f"http://127.0.0.1:{web.port}/"] = RSS
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert fetch(f"http://127.0.0.1:{web.port}/", allow=LOOPBACK).body == RSS
    assert "authorization" not in web.requests[0].headers


def test_one_connection_serves_the_next_request_to_the_same_host(web):
    web[f"http://127.0.0.1:{web.port}/"] = Answer(body=RSS)
    made = []

    async def twice():
        settings = FetchSettings.from_values(allow_networks=LOOPBACK)
        async with Fetcher(settings) as fetcher:
            connector = fetcher._session.connector
            factory = connector._socket_factory

            def counting(info):
                made.append(info)
                return factory(info)

            connector._socket_factory = counting
            for _ in range(3):
                await fetcher.fetch(f"http://127.0.0.1:{web.port}/")

    asyncio.run(twice())

    assert len(made) == 1


def test_only_the_mapped_address_itself_is_free_below_the_guard():
    make_socket = guarded_sockets(FetchSettings(host_map={"*": ("127.0.0.1", 9000)}))

    make_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9000))).close()
    for address in [("127.0.0.1", 9001), ("127.0.0.2", 9000), ("::1", 9000, 0, 0)]:
        with pytest.raises(AddressRefused):
            make_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", address))
    assert not issubclass(AddressRefused, OSError | RuntimeError)


def test_a_host_map_is_read_line_by_line(tmp_path: Path):
    path = tmp_path / "host-map"
    path.write_text("# ours\npaper.example 127.0.0.1:8001\n\nWire.Example [::1]:8002  # IPv6\n* 127.0.0.1:8003\n")

    assert read_host_map(path) == {
        "paper.example": ("127.0.0.1", 8001),
        "wire.example": ("::1", 8002),
        "*": ("127.0.0.1", 8003),
    }


@pytest.mark.parametrize("line", ["paper.example", "paper.example 127.0.0.1", "a b 127.0.0.1:1", "* demo:80", "* :80"])
def test_a_line_of_the_host_map_that_is_none_is_named(tmp_path: Path, line):
    path = tmp_path / "host-map"
    path.write_text(f"# comment\n{line}\n")

    with pytest.raises(ValueError, match="line 2"):
        read_host_map(path)


def test_a_mapped_host_is_spoken_to_in_its_own_name_and_others_are_not_mapped(web: Web, tmp_path):
    web["https://paper.example/a?b"] = RSS
    path = tmp_path / "one-host"
    path.write_text(f"paper.example 127.0.0.1:{web.port}\n")

    async def both():
        settings = FetchSettings.from_values(host_map=str(path))
        async with Fetcher(settings, resolver=NameServer()) as fetcher:
            assert (await fetcher.fetch("https://paper.example/a?b")).body == RSS
            with pytest.raises(FetchError, match="name was not found"):
                await fetcher.fetch("https://other.example/")

    asyncio.run(both())
    assert [request.url for request in web.requests] == ["https://paper.example/a?b"]


def test_the_system_resolver_answers_for_literal_addresses():
    async def ask():
        resolver = DefaultResolver()
        answers = await resolver.resolve("127.0.0.1", 80, socket.AF_UNSPEC)
        await resolver.close()
        return answers[0]["host"]

    assert asyncio.run(ask()) == "127.0.0.1"


def test_the_user_agent_cannot_break_out_of_its_header():
    assert user_agent("") == "ZisNews/0.1"
    assert user_agent("me@site.example\r\nX: 1é") == "ZisNews/0.1 (+me@site.exampleX: 1)"


def test_fetchers_leave_no_files_open_behind_them():
    def open_files() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    before = open_files()
    for _ in range(10):
        with pytest.raises(FetchError):
            fetch("https://nowhere.invalid/")

    # One whose resolver stays open leaves four. The resolver's own thread closes them a moment later.
    assert wait_until(lambda: open_files() < before + 10, 60)
