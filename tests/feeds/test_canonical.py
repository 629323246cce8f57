import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.canonical import canonical_url, other_spellings

PIECES = r"""
a Z 0 - . _ ~ / : @ ! $ & ' ( ) * + , ; = ? [ ] | # % %2e %7E %2F .. /./ /../ \ ^ é € " < utm_source=x ref=rss
""".split()


@given(
    host=st.sampled_from(["paper.example", "a.b-c.example", "-a.example", "a..example", "a_b.example", "1.2", "x", ""]),
    rest=st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)
@settings(max_examples=400)
def test_an_address_that_looks_plain_is_read_as_every_other_is(host, rest):
    for url in (f"https://{host}/{rest}", f"https://{host}{rest}"):
        assert canonical_url(url) == canonical_url(url.replace("https", "HTTPS"))  # no plain address begins so


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example/Story", "https://news.example/Story"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("https://news.example:80/a", "https://news.example:80/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://news.example/a?", "https://news.example/a"),
        ("https://news.example/a/", "https://news.example/a/"),
        ("https://news.example/a//b", "https://news.example/a//b"),
        ("https://news.example/a/./b/../c", "https://news.example/a/c"),
        ("https://news.example/../../a", "https://news.example/a"),
        ("https://news.example/a/..", "https://news.example/"),
        ("https://news.example/a/b/.", "https://news.example/a/b/"),
        ("https://news.example/%7euser/%e2%82%ac", "https://news.example/~user/%E2%82%AC"),
        ("https://news.example/€", "https://news.example/%E2%82%AC"),
        ("https://news.example/a%2Fb", "https://news.example/a%2Fb"),
        ("https://news.example/a%2e%2e/b", "https://news.example/a../b"),
        ("https://news.example/x/%2e%2e/b", "https://news.example/b"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("https://news.example/a b", "https://news.example/a%20b"),
        ("  https://news.example/a\n ", "https://news.example/a"),
        ("https://news.exa\n\tmple/a", "https://news.example/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://news.example/?q=a+b&r=a%20b", "https://news.example/?q=a+b&r=a%20b"),
        ("https://news.example/?b=2&a=1&b=1", "https://news.example/?b=2&a=1&b=1"),
        ("http://127.0.0.1:8900/p/1/a/2", "http://127.0.0.1:8900/p/1/a/2"),
        ("http://[2606:4700:0::1111]/a", "http://[2606:4700::1111]/a"),
    ],
)
def test_a_page_has_one_spelling(url, canonical):
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("utm_source=rss&id=7&UTM_Medium=x", "?id=7"),
        ("id=7&fbclid=abc&gclid=1&msclkid=2&yclid=3", "?id=7"),
        ("at_medium=RSS&at_campaign=rss", ""),
        ("maca=en-rss-en-all-1573-rdf", ""),
        ("traffic_source=rss", ""),
        ("cmp=rss&CMP=share", ""),
        ("id=7&amp;utm_source=x", "?id=7"),
        ("%75tm_source=x", ""),
        ("ref=rss&source=newsfeed-rss&from=feed", ""),
        ("rss=1&mod=rss_Technology&track=rss&emc=rss&wpisrc=nl&tpcc=rss", ""),
        ("rss=12&mod=viewthread&feature=4&track=7", "?rss=12&mod=viewthread&feature=4&track=7"),
        ("v=abc&feature=youtu.be", "?v=abc"),
        ("objectid=12&ref=", "?objectid=12"),
        ("source=wire&ref=12&from=home", "?source=wire&ref=12&from=home"),
        ("gallery=12&cid=4&uid=5&eid=6&session=7&keyword=x", "?gallery=12&cid=4&uid=5&eid=6&session=7&keyword=x"),
        ("p=123&preview=true", "?p=123&preview=true"),
        ("&&id=7&", "?id=7"),
        ("attribute=1&atlas=2", "?attribute=1&atlas=2"),
    ],
)
def test_only_parameters_that_track_are_dropped(query, kept):
    assert canonical_url(f"https://news.example/story?{query}") == f"https://news.example/story{kept}"


@pytest.mark.parametrize(
    "url",
    [
        "", " ", "story.html", "/story", "//news.example/a", "mailto:a@news.example", "javascript:alert(1)",
        "data:text/html,x", "ftp://news.example/", "https://", "https://user@news.example/", "https://a\\b/",
        "https://127.1/", "https://[::1", "https://news.example:70000/", "https://news.example/" + "a" * 2_000,
        "https://news.example/\x00a", "https://news.example/\ud800",
    ],
)  # fmt: skip
def test_what_no_page_can_have_is_empty(url):
    assert canonical_url(url) == ""


def test_a_relative_url_is_read_from_where_it_stands():
    base = "https://news.example/world/feed.xml"

    assert canonical_url("story", base=base) == "https://news.example/world/story"
    assert canonical_url("/story?utm_source=x", base=base) == "https://news.example/story"
    assert canonical_url("//cdn.example/a", base=base) == "https://cdn.example/a"
    assert canonical_url("https://other.example/a", base=base) == "https://other.example/a"
    assert canonical_url("https://[", base=base) == ""
    assert canonical_url("mailto:a@b.example", base=base) == ""


def test_other_spellings_differ_in_scheme_www_and_the_slash_at_the_end():
    others = set(other_spellings("https://news.example/a"))
    assert others == {
        f"{scheme}://{host}/a{slash}"
        for scheme in ("http", "https")
        for host in ("news.example", "www.news.example")
        for slash in ("", "/")
    } - {"https://news.example/a"}
    assert "https://news.example/a/" in other_spellings("http://www.news.example/a")


def test_the_home_page_and_an_address_with_parameters_have_no_other_slash():
    assert set(other_spellings("https://www.news.example/")) == {
        "http://www.news.example/", "https://news.example/", "http://news.example/",
    }  # fmt: skip
    assert all(url.endswith("/a?id=1") for url in other_spellings("https://news.example/a?id=1"))
