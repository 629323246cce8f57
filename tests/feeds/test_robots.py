"""What a robots.txt lets us fetch, by the sentences of RFC 9309."""

import re
import time

import pytest

from feeds.manners.robots import MAX_BYTES, NAME, Robots, our_lines
from feeds.net.connecting import user_agent

HOST = "https://paper.example"


def robots(text: str | bytes) -> Robots:
    return Robots(our_lines(text.encode() if isinstance(text, str) else text))


def allows(text: str | bytes, path: str) -> bool:
    return robots(text).allows(HOST + path)


def test_our_requests_begin_with_the_name_that_a_robots_txt_calls_us():
    assert re.match("[A-Za-z_-]+", user_agent("https://site.example/"))[0] == NAME


# Which group is ours (2.2.1)


@pytest.mark.parametrize("name", ["ZisNews", "zisnews", "ZISNEWS", "ZisNews/0.1", "ZisNews *", "zisnews  # that one"])
def test_our_name_is_read_in_any_case_and_without_what_follows_it(name):
    assert not allows(f"User-agent: {name}\nDisallow: /", "/a")


@pytest.mark.parametrize("name", ["Zis", "News", "ZisNewsBot", "OtherBot", "Mozilla ZisNews", ""])
def test_a_group_for_another_name_is_none_of_ours(name):
    assert allows(f"User-agent: {name}\nDisallow: /", "/a")


def test_our_own_group_counts_alone_even_where_the_one_for_all_is_stricter_or_comes_first():
    text = "User-agent: *\nDisallow: /\n\nUser-agent: zisnews\nDisallow: /private\n"
    assert allows(text, "/news")
    assert not allows(text, "/private/1")


def test_an_empty_group_of_our_own_allows_everything():
    assert allows("User-agent: *\nDisallow: /\n\nUser-agent: zisnews\nDisallow:\n", "/a")


def test_several_groups_of_ours_are_one():
    text = "User-agent: zisnews\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\nUser-agent: ZISNEWS\nDisallow: /c\n"
    assert [allows(text, path) for path in ("/a", "/b", "/c")] == [False, True, False]


def test_several_groups_for_all_are_one():
    text = "User-agent: *\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: *\nDisallow: /c\n"
    assert [allows(text, path) for path in ("/a", "/b", "/c")] == [False, True, False]


def test_names_one_after_the_other_share_the_rules_that_follow():
    text = "User-agent: other\nUser-agent: zisnews\nDisallow: /a\nUser-agent: third\nDisallow: /b\n"
    assert [allows(text, path) for path in ("/a", "/b")] == [False, True]


@pytest.mark.parametrize(
    "between", ["Sitemap: https://paper.example/map.xml", "Crawl-delay: 3", "Noindex: /x", "junk", ""]
)
def test_what_is_no_rule_parts_no_names(between):
    assert not allows(f"User-agent: zisnews\n{between}\nUser-agent: other\nDisallow: /", "/a")


def test_rules_before_any_name_concern_nobody():
    assert allows("Disallow: /\nUser-agent: other\nDisallow: /\n", "/a")


def test_no_group_for_us_allows_everything():
    assert allows("User-agent: other\nDisallow: /\n", "/a")
    assert allows("", "/a")


# Which rule counts (2.2.2)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /fish", "/fish", False),
        ("Disallow: /fish", "/fish.html", False),
        ("Disallow: /fish", "/fishheads/yummy.html", False),
        ("Disallow: /fish", "/fish.php?id=anything", False),
        ("Disallow: /fish", "/Fish.asp", True),
        ("Disallow: /fish", "/catfish", True),
        ("Disallow: /fish", "/desert/fish", True),
        ("Disallow: /fish/", "/fish", True),
        ("Disallow: /fish/", "/fish/?id=anything", False),
        ("Disallow: /*.php", "/folder/filename.php?parameters", False),
        ("Disallow: /*.php", "/windows.PHP", True),
        ("Disallow: /*.php$", "/folder/filename.php", False),
        ("Disallow: /*.php$", "/filename.php?parameters", True),
        ("Disallow: /*.php$", "/filename.php5", True),
        ("Disallow: /fish*.php", "/fishheads/catfish.php?parameters", False),
        ("Disallow: /fish*.php", "/Fish.PHP", True),
        ("Disallow: /this/*/exactly", "/this/or/that/exactly", False),
        ("Disallow: *", "/a", False),
        ("Disallow: *.pdf", "/a/b.pdf", False),
        ("Disallow: /$", "/", False),
        ("Disallow: /$", "/a", True),
        ("Disallow: /?s=", "/?s=words", False),
        ("Disallow: /?s=", "/", True),
        ("Disallow: /a$b", "/a$b", False),
        ("Disallow: fish", "/fish", True),
        ("Disallow:", "/a", True),
        ("Disallow: /a # and why", "/a", False),
        ("Disallow /a", "/a", False),
        ("disallow : /a", "/a", False),
        ("DISALLOW:/a", "/a", False),
        ("Disalow: /a", "/a", False),
        ("Disallow: /", "/robots.txt", True),
    ],
)
def test_a_pattern_matches_as_the_rfc_says(rules, path, allowed):
    assert allows(f"User-agent: *\n{rules}\n", path) is allowed


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Allow: /p\nDisallow: /", "/page", True),
        ("Disallow: /\nAllow: /p", "/page", True),
        ("Allow: /folder\nDisallow: /folder", "/folder/page", True),
        ("Disallow: /folder\nAllow: /folder", "/folder/page", True),
        ("Allow: /page\nDisallow: /*.htm", "/page.htm", False),
        ("Allow: /page\nDisallow: /*.ph", "/page.php5", True),
        ("Allow: /$\nDisallow: /", "/", True),
        ("Allow: /$\nDisallow: /", "/page.htm", False),
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", False),
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/", True),
    ],
)
def test_the_longest_pattern_counts_and_allow_where_two_are_alike(rules, path, allowed):
    assert allows(f"User-agent: *\n{rules}\n", path) is allowed


@pytest.mark.parametrize(
    ("rule", "path", "allowed"),
    [
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", False),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", True),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84", False),
        ("/foo/bar/%E3%83%84", "/foo/bar/ツ", False),
        ("/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84", False),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("/foo/bar/baz", "/foo/bar/%62%61%7A", False),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", False),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-b.html", True),
        ("/a%2Fb", "/a/b", True),
        ("/a b", "/a%20b", False),
    ],
)
def test_octets_are_compared_whichever_way_they_are_written(rule, path, allowed):
    assert allows(f"User-agent: *\nDisallow: {rule}\n", path) is allowed


def test_all_line_ends_end_lines_and_no_other_character_does():
    for end in ("\n", "\r", "\r\n", "\n\n\n"):
        assert not allows(f"User-agent: *{end}Disallow: /a{end}Allow: /b", "/a")
    for character in "\x0b\x0c\x85\u2028":
        assert allows(f"User-agent: *\nDisallow: /x{character}Disallow: /a\n", "/a")


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    assert not allows(b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", "/a")


@pytest.mark.parametrize(
    "junk", [b"\x00\xff\xfe" * 500, b"<!doctype html><html><p>Disallow: /</html>", b"\x1f\x8b\x08 gzip", b":::\n:\n#\n"]
)
def test_what_is_no_robots_txt_forbids_nothing(junk):
    assert allows(junk, "/a")
    assert "\x00" not in our_lines(b"User-agent: *\nDisallow: /a\x00b\n")


# Delays


@pytest.mark.parametrize(
    ("said", "delay"),
    [
        ("10", 10),
        ("0.5", 0.5),
        (".5", 0.5),
        ("2.", 2),
        ("86400", 60),
        ("0", None),
        ("-1", None),
        ("1e9", None),
        ("nan", None),
        ("inf", None),
        ("ten", None),
        ("", None),
        ("٣", None),
    ],
)
def test_a_delay_may_be_a_fraction_is_a_minute_at_most_and_else_is_none(said, delay):
    assert robots(f"User-agent: *\nCrawl-delay: {said}\n").crawl_delay == delay


def test_the_delay_is_that_of_our_group_and_the_largest_where_there_are_two():
    assert robots("User-agent: *\nCrawl-delay: 9\n\nUser-agent: zisnews\nAllow: /\n").crawl_delay is None
    assert robots("User-agent: *\nCrawl-delay: 4\nDisallow: /a\nCrawl-delay: 2\n").crawl_delay == 4


# Hostile ones


def test_of_a_file_that_is_too_large_the_first_500_kib_count_but_for_the_line_that_is_cut():
    head = "User-agent: *\nDisallow: /a\n"
    filler = "#" * (MAX_BYTES - len(head) - len("\nDisallow: /")) + "\nDisallow: /public/private\n"
    text = head + filler + "Disallow: /b\n"
    assert [allows(text, path) for path in ("/a", "/b", "/public/x", "/c")] == [False, True, True, True]


HOSTILE = {
    "names and rules": "".join(f"User-agent: a{n}\n" for n in range(9_000)) + "Disallow: /x\n" * 25_000,
    "many patterns": "User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(35_000)),
    "many wildcards": "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 18}*b{n}$\n" for n in range(10_000)),
    "a line of wildcards": "User-agent: *\nDisallow: /" + "*a" * 4_000 + "\n" + "Disallow: " + "*" * 500_000,
    "a line of blanks": "User-agent: *\nDisallow:" + " " * 500_000,
    "colons": ":" * 500_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_read_and_asked_in_little_time(text):
    began_at = time.process_time()
    ours = robots(text)
    read_at = time.process_time()
    ours.allows(HOST + "/" + "a" * 1_900)
    assert read_at - began_at < 3
    assert time.process_time() - read_at < 1


def test_wildcards_beyond_those_of_real_files_make_a_rule_wider_never_weaker():
    stars = "*a" * 40
    assert not allows(f"User-agent: *\nDisallow: /{stars}x\n", "/" + "a" * 100)
    assert not allows(f"User-agent: *\nDisallow: /\nAllow: /{stars}\n", "/" + "a" * 100)
