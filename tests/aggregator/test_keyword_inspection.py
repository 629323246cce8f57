"""`inspect keywords`: which keywords hide an article, by the SQL that pages use."""

import json
import subprocess
from pathlib import Path

import pytest

from accounts.keywords import parse_keyword
from aggregator.keyword_inspection import inspect_keywords
from tests.accounts.test_keywords import HIDES, KEEPS

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]


def test_each_line_is_answered_in_order_with_the_keywords_that_hide_it():
    lines = [
        {"id": 1, "title": "Two wars", "description": "US and EU"},
        {"id": "b", "title": "tell us", "description": None},
        {"id": 3},
    ]

    answers = list(inspect_keywords(lines, [parse_keyword("war*"), parse_keyword("US")]))

    assert [(one["id"], one["hidden"], one["by"]) for one in answers] == [
        (1, True, ["war*", "US"]), ("b", False, []), (3, False, []),
    ]  # fmt: skip


def test_a_line_brings_its_own_keywords_beside_those_of_all():
    lines = [
        {"id": 1, "title": "Harvest in Rome", "keywords": ["rome", "harvest", "milan"]},
        {"id": 2, "title": "Rome"},
    ]

    answers = list(inspect_keywords(lines, [parse_keyword("harvest")]))

    assert [one["by"] for one in answers] == [["harvest", "rome"], []]


def test_a_line_that_fails_costs_none_of_the_others():
    lines = [{"id": 1, "title": "Rome", "keywords": ["*"]}, {"fault": "The line is no JSON.", "id": None}, {"id": 3}]

    answers = list(inspect_keywords(lines, []))

    assert [one["ok"] for one in answers] == [False, False, True] and "star" in answers[0]["error"]


@pytest.mark.parametrize("keywords", [7, "war", [5], [None], {"a": 1}])
def test_keywords_that_are_no_list_of_words_are_named_as_the_fault(keywords):
    (answer,) = inspect_keywords([{"id": 1, "title": "war", "keywords": keywords}], [])

    assert answer == {"id": 1, "ok": False, "error": "“keywords” is not a list of words."}


def test_odd_texts_are_looked_through_as_far_as_they_are_texts():
    lines = [
        {"id": 1, "title": "a b " * 2500, "description": "x" * 100_000, "keywords": ["a b"]},
        {"id": 2, "title": "wa\0r and \ud800", "keywords": ["wa\0r", "war"]},
        {"id": 3, "title": ["war"], "description": {"of": "war"}, "tags": "war", "keywords": ["war"]},
        {"id": {"any": 1}, "title": "w" * 1_000_000, "keywords": ["ww*"]},
        {"id": 5},
    ]

    answers = list(inspect_keywords(lines, []))

    assert [one["ok"] for one in answers] == [True] * 5 and [one["hidden"] for one in answers[:2]] == [True, True]
    assert answers[3]["hidden"] and not answers[4]["hidden"]


@pytest.mark.parametrize(("hides", "cases"), [(True, HIDES), (False, KEEPS)])
def test_every_case_that_is_promised_is_told_as_pages_do(hides, cases):
    lines = [{"id": n, "description": text, "keywords": [typed]} for n, (typed, text) in enumerate(cases)]

    assert [(lines[n], one["hidden"]) for n, one in enumerate(inspect_keywords(lines, []))] == [
        (line, hides) for line in lines
    ]


def test_a_long_run_is_answered_line_by_line():
    lines = ({"id": n, "title": f"Word{n}"} for n in range(450))

    assert [one["id"] for one in inspect_keywords(lines, [parse_keyword("word7")]) if one["hidden"]] == [7]


def test_the_command_reads_standard_input_and_files(tmp_path, clean_environment):
    (tmp_path / "words.txt").write_text("football\nEuropean Union\n", encoding="utf-8")
    command = [
        "./zis",
        "manage",
        "--data",
        str(tmp_path / "data"),
        "inspect",
        "keywords",
        "--keyword",
        "war*",
        "--blocked",
    ]
    lines = b'{"id": 1, "title": "European Union\xe2\x80\x99s budget"}\nnonsense\n{"id": 2, "title": "Warning"}\n'

    done = subprocess.run(
        [*command, str(tmp_path / "words.txt")], input=lines, capture_output=True, cwd=ROOT, env=clean_environment(),
        timeout=120, check=False,
    )  # fmt: skip
    refused = subprocess.run(
        [*command[:-1], "--keyword", "*"], input=b"", capture_output=True, cwd=ROOT, env=clean_environment(),
        timeout=120, check=False,
    )  # fmt: skip

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [one.get("by") for one in answers] == [["European Union"], None, ["war*"]]
    assert refused.returncode == 2 and b"star stands at the end" in refused.stderr
