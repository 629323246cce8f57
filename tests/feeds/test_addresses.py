import pytest

from feeds.errors import AddressRefused
from feeds.net.addresses import judge_url, parse_address
from feeds.net.networks import judge_answers, judge_ip, parse_networks

LOOPBACK = parse_networks(["127.0.0.0/8", "::1/128"])


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://news.example/feed.xml", "https://news.example/feed.xml"),
        ("HTTP://News.Example.:80", "http://news.example/"),
        ("https://news.example:443/a?b=c#part", "https://news.example/a?b=c"),
        ("http://news.example:8080/", "http://news.example:8080/"),
        ("http://news.example?q=1", "http://news.example/?q=1"),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("https://пример.example/новости?я=1", None),
        ("http://8.8.8.8/feed", "http://8.8.8.8/feed"),
        ("http://[2606:4700:0:0::1111]/", "http://[2606:4700::1111]/"),
        ("http://my_paper.example/%7Euser/a%2Fb", "http://my_paper.example/%7Euser/a%2Fb"),
        ("http://a.example/tags/<x>|y", "http://a.example/tags/%3Cx%3E|y"),
    ],
)
def test_a_proper_url_is_taken_apart_and_put_together_again(url, canonical):
    address = parse_address(url)

    assert address.url.isascii()
    if canonical:
        assert address.url == canonical
    assert parse_address(address.url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example/feed",
        "//news.example/feed",
        "file:///etc/passwd",
        "http+unix://%2Frun%2Fdocker.sock/info",
        "data:text/xml,<rss/>",
        "gopher://news.example/",
        "ftp://news.example/",
        "javascript:alert(1)",
        "http:/news.example",
        "http:news.example",
        "http://",
        "http:///feed",
        "http://?x",
        "http://#x",
        "http://:80/",
        "http://user@news.example/",
        "http://user:secret@news.example/",
        "http://news.example@127.0.0.1/",
        "http://news.example\\@127.0.0.1/",
        "http:\\\\news.example\\",
        "http://news.example/a\\b",
        "http://news.example/a b",
        "http://news .example/",
        " http://news.example/",
        "http://news.example/\r\nHost: other",
        "http://news.example/\x00",
        "http://news.example/\x7f",
        "http://news.exa\u00admple/",
        "http://news.example\u200b/",
        "http://\ufeffnews.example/",
        "http://news.example/\ud800",
        "http://news..example/",
        "http://.news.example/",
        "http://news.example../",
        "http://-news.example/",
        "http://news%2eexample/",
        "http://%31%32%37.0.0.1/",
        "http://[::1/",
        "http://::1/",
        "http://[2606:4700::1111]x/",
        "http://[2606:4700::1111%25eth0]/",
        "http://[v1.a]/",
        "http://news.example:80x/",
        "http://news.example:80:80/",
        "http://news.example:-1/",
        "http://news.example:99999/",
        "http://news.example:0/",
        "http://news.example:８０/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 130 + "example/",
    ],
)
def test_an_improper_url_is_refused(url):
    with pytest.raises(AddressRefused) as refused:
        parse_address(url)

    assert refused.value.permanent
    assert refused.value.reason.endswith(".")
    assert refused.value.url == url


@pytest.mark.parametrize(
    "host",
    [
        "0x7f000001", "0x7f.1", "0X7F.0.0.1", "127.1", "127.0.1", "2130706433", "0177.0.0.1", "017700000001",
        "127.0.0.01", "00.0.0.0", "1.2.3.4.5", "256.1.1.1", "8.8.8", "8", "1.2.3.0x4", "0x", "news.example.1",
        "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "①②⑦.⓪.⓪.①", "１２７.0.0.1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "loc\u00adalhost",
        "ｌocalhost", "ℓocalhost", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "１２７.１",
    ],
)  # fmt: skip
def test_a_host_written_in_disguise_is_refused(host):
    with pytest.raises(AddressRefused):
        parse_address(f"http://{host}/", allow=LOOPBACK)


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
        "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1",
        "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.1.1", "192.175.48.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1", "2001:10::1",
        "2001:20::1", "2001:2::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "2620:4f:8000::1", "3fff::1",
        "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1", "e000::1",
        "127.1", "", "localhost", "8.8.8.8:80",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(ip):
    with pytest.raises(AddressRefused) as refused:
        judge_ip(ip)

    assert refused.value.reason.endswith(".")


@pytest.mark.parametrize(
    "ip",
    ["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
     "168.63.129.15", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255", "198.17.255.255", "198.20.0.0",
     "223.255.255.255", "::ffff:8.8.8.8", "2001:200::1", "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1",
     "2c0f::1", "3ffe::1"],
)  # fmt: skip
def test_an_address_on_the_public_internet_is_not_refused(ip):
    judge_ip(ip)


def test_a_literal_private_address_in_a_url_is_refused_unless_its_network_is_allowed():
    with pytest.raises(AddressRefused, match="this machine"):
        parse_address("http://127.0.0.1:8900/feed")
    with pytest.raises(AddressRefused):
        parse_address("http://[::ffff:127.0.0.1]/")

    assert parse_address("http://127.0.0.1:8900/feed", allow=LOOPBACK).port == 8900
    assert parse_address("http://127.0.0.1:6379/feed", allow=LOOPBACK).port == 6379
    assert parse_address("http://[::ffff:127.0.0.1]/", allow=LOOPBACK)
    with pytest.raises(AddressRefused):
        parse_address("http://10.0.0.1/", allow=LOOPBACK)


@pytest.mark.parametrize("port", [1, 21, 22, 25, 53, 81, 110, 139, 445, 465, 587, 993, 3306, 5432, 6379, 9200, 11211])
def test_the_ports_of_other_services_are_refused(port):
    with pytest.raises(AddressRefused, match=f"Port {port}"):
        parse_address(f"http://news.example:{port}/")
    assert parse_address(f"http://news.example:{port}/", any_port=True).port == port


@pytest.mark.parametrize("port", [80, 443, 3000, 8000, 8080, 8443, 8888, 65535])
def test_the_ports_where_the_web_is_served_are_taken(port):
    assert parse_address(f"https://news.example:{port}/").port == port


def test_a_name_may_end_in_a_digit_and_is_still_a_name():
    assert not parse_address("http://paper24/").is_ip
    assert not parse_address("http://news.xn--mnchen-3ya9/").is_ip
    assert parse_address("http://8.8.8.8/").is_ip
    assert parse_address("http://[2606:4700::1111]/").is_ip


def test_every_answer_of_a_name_must_be_public():
    judge_answers("a.example", ["93.184.216.34", "2606:4700::1111"])
    for answers in (["93.184.216.34", "10.0.0.1"], ["2606:4700::1111", "::1"], ["10.0.0.1"], []):
        with pytest.raises(AddressRefused, match=r"a\.example"):
            judge_answers("a.example", answers)


def test_a_url_is_judged_by_the_answers_it_is_given():
    public = judge_url("http://Paper.Example/feed", {"paper.example": ["93.184.216.34", "1.1.1.1"]})
    assert (public.allowed, public.address) == (True, "93.184.216.34")

    mixed = judge_url("http://paper.example/feed", {"PAPER.example.": ["93.184.216.34", "192.168.0.1"]})
    assert (mixed.allowed, mixed.address) == (False, "")
    assert "192.168.0.1" in mixed.reason

    assert not judge_url("http://paper.example/feed", {"paper.example": []}).allowed
    assert not judge_url("http://paper.example/feed", {"paper.example": ["127.1"]}).allowed
    assert not judge_url("http://169.254.169.254/latest/meta-data", {"169.254.169.254": ["1.1.1.1"]}).allowed
    assert "a setting" in judge_url("http://127.0.0.1:9/", allow=LOOPBACK).reason


def test_localhost_is_this_machine_whatever_a_name_server_says():
    for host in ("localhost", "LOCALHOST.", "feeds.localhost"):
        assert not judge_url(f"http://{host}/", {host: ["1.1.1.1"]}).allowed
        assert judge_url(f"http://{host}/", {host: ["1.1.1.1"]}, allow=LOOPBACK).address == "127.0.0.1"


def test_a_name_that_nobody_knows_is_refused():
    verdict = judge_url("http://no-such-host.invalid/")

    assert not verdict.allowed
    assert "no-such-host.invalid" in verdict.reason
