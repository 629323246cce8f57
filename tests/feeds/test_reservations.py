"""Whether text and data mining is reserved, by the final report of the TDM Reservation Protocol."""

import json
import time

import pytest

from feeds.manners.reservations import MAX_BYTES, Reservation, Reservations, last_said, read_reservations, reservation

HOST = "https://provider.example"
POLICY = "https://provider.example/policies/policy.json"
RESERVED, FREE, UNSAID = Reservation(True), Reservation(False), Reservation()


def said_of(path: str, *rules: dict | list | str) -> Reservation:
    """What a tdmrep.json of these rules says of a path."""
    return Reservations(read_reservations(json.dumps(list(rules)).encode())).of(HOST + path)


def rule(location: str, value: object = 1, **more: object) -> dict:
    return {"location": location, "tdm-reservation": value, **more}


def test_a_whole_site_may_be_reserved():
    assert said_of("/any/page.html?id=1", rule("/")) == RESERVED


THREE_GROUPS = (
    rule("/directory-a/"),
    {"location": "/directory-b/html/", "tdm-reservation": 1, "tdm-policy": POLICY},
    rule("/directory-b/images/*.jpg", 0),
)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/directory-a/one.pdf", RESERVED),
        ("/directory-b/html/one", Reservation(True, POLICY)),
        ("/directory-b/images/a/b.jpg", FREE),
        ("/directory-b/images/a.png", UNSAID),
        ("/Directory-A/one.pdf", UNSAID),
        ("/", UNSAID),
    ],
)
def test_each_part_of_a_site_has_its_own_rule_and_the_rest_has_none(path, said):
    assert said_of(path, *THREE_GROUPS) == said


def test_the_first_rule_that_fits_counts_however_long_another_is():
    assert said_of("/news/one", rule("/news/", 0), rule("/")) == FREE
    assert said_of("/news/one", rule("/"), rule("/news/one", 0)) == RESERVED


@pytest.mark.parametrize(
    ("location", "path", "fits"),
    [
        ("/this/path/exactly$", "/this/path/exactly", True),
        ("/this/path/exactly$", "/this/path/exactly/not", False),
        ("/this/*/then", "/this/and/that/then", True),
        ("/path/foo-%24", "/path/foo-$", True),
        ("/a b", "/a%20b", True),
        ("/a#b", "/a", False),
        ("/x\nDisallow: /y", "/y", False),
        ("*", "/a", True),
        ("news", "/news", False),
        ("", "/news", False),
    ],
)
def test_a_location_is_written_like_a_path_of_robots_txt(location, path, fits):
    assert said_of(path, rule(location)) == (RESERVED if fits else UNSAID)


@pytest.mark.parametrize("value", [2, -1, "yes", "", None, True, 1.5, [1], {"a": 1}, 10**30])
def test_another_value_than_one_and_nought_says_nothing(value):
    assert said_of("/", rule("/", value)) == UNSAID


@pytest.mark.parametrize("value", ["1", " 1 ", 1])
def test_a_number_written_as_text_is_the_number(value):
    assert reservation(value) == RESERVED


@pytest.mark.parametrize("policy", ["policies/1", "javascript:alert(1)", "https://x.example/" + "a" * 600, 7, None, {}])
def test_terms_that_are_no_web_address_are_left_out(policy):
    assert reservation("1", policy) == RESERVED


def test_a_single_rule_without_its_brackets_is_read():
    assert read_reservations(json.dumps(rule("/")).encode()) == [rule("/")]


def test_what_is_kept_can_be_read_again_by_a_curator_and_by_us():
    kept = read_reservations(json.dumps([{**rule("/a", "1"), "tdm-policy": POLICY, "other": "x" * 1000}]).encode())
    assert kept == [{"location": "/a", "tdm-reservation": 1, "tdm-policy": POLICY}]
    assert Reservations(kept).of(HOST + "/a/b") == Reservation(True, POLICY)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><p>Not found",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"\xff\xfe\x00",
        b"null",
        b"1" * 10_000,
        b'["/", 1, null, {"location": {}, "tdm-reservation": 1}]',
        b'[{"location": "/", "tdm-reservation": 1}]' + b" " * MAX_BYTES,
    ],
    ids=["empty", "html", "brackets", "braces", "binary", "null", "digits", "strangers", "large"],
)
def test_what_is_no_such_file_reserves_nothing(body):
    assert read_reservations(body) == []


def test_characters_no_database_takes_are_not_kept():
    (kept,) = read_reservations(b'[{"location": "/a\\u0000b\\ud800", "tdm-reservation": 1}]')
    json.dumps(kept).encode()
    assert "\\u0000" not in json.dumps(kept)


def test_a_hostile_file_is_asked_in_little_time():
    rules = [rule("/" + "*a" * 19 + f"b{n}") for n in range(5_000)]
    body = json.dumps(rules)[: MAX_BYTES - 10].rpartition(", ")[0] + "]"
    began_at = time.process_time()
    assert Reservations(read_reservations(body.encode())).of(HOST + "/" + "a" * 1_900) == UNSAID
    assert time.process_time() - began_at < 1


def test_what_is_said_nearer_to_the_page_supersedes_what_is_said_for_its_host():
    assert last_said([RESERVED, FREE, UNSAID]) == FREE
    assert last_said([FREE, UNSAID, RESERVED]) == RESERVED
    assert last_said([]) == UNSAID


def test_terms_stand_until_others_are_named_or_nothing_is_reserved():
    with_terms = Reservation(True, POLICY)
    assert last_said([with_terms, RESERVED]) == with_terms
    assert last_said([with_terms, FREE]) == FREE
    assert last_said([with_terms, FREE, RESERVED]) == RESERVED
