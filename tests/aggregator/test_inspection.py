"""`manage.py inspect`: what would we make of this? One answer on stdout, or one a line; never a row, never a trace."""

import base64
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

FEED = (
    b'<rss version="2.0"><channel><title>Paper</title><link>https://paper.example/</link><item><guid>7</guid>'
    b"<title>Ferry returns</title><link>/7</link><pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate>"
    b'<enclosure type="image/png" url="7.png"/></item></channel></rss>'
)
PARAGRAPHS = "".join(
    f"<p>The ferry came back to the harbour, says witness number {n}, and everybody waved.</p>" for n in range(9)
)
PAGE = f"""<html lang="en"><head><title>Ferry returns</title><meta property="og:title" content="Ferry returns"></head>
<body><article><h1>Ferry returns</h1>{PARAGRAPHS}</article></body></html>""".encode()


@pytest.fixture
def stdout() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def inspect(monkeypatch: pytest.MonkeyPatch, stdout: io.StringIO):
    """Run the command with these bytes on stdin and return the objects it prints."""

    def run(*arguments: str, stdin: bytes = b"") -> list[dict]:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        stdout.truncate(stdout.seek(0))
        call_command("inspect", *arguments, stdout=stdout)
        return [json.loads(line) for line in stdout.getvalue().splitlines()]

    return run


def jsonl(*questions: dict) -> bytes:
    return "\n".join(map(json.dumps, questions)).encode()


def packed(body: bytes) -> str:
    return base64.b64encode(body).decode()


def test_a_feed_is_shown_with_its_items(inspect):
    [feed] = inspect("feed", "--url", "https://paper.example/feed.xml", stdin=FEED)

    assert feed == {
        "ok": True, "error": None, "format": "rss2.0", "title": "Paper", "site_url": "https://paper.example/",
        "language": "", "problems": [],
        "items": [{
            "identity": "7", "title": "Ferry returns", "url": "https://paper.example/7",
            "published_at": "2026-03-02T07:00:00+00:00", "updated_at": None, "author": "", "description": "",
            "content_html": "", "categories": [], "image": "https://paper.example/7.png", "image_caption": "",
            "image_credit": "",
        }],
    }  # fmt: skip


def test_a_page_is_shown_with_its_article(inspect):
    [page] = inspect("page", "--url", "https://paper.example/7", stdin=PAGE)

    assert page["ok"]
    assert page["title"] == "Ferry returns"
    assert page["text"].count("The ferry came back") == 9
    assert page["policy"] == {"display": "full_text", "reason": page["policy"]["reason"]}
    assert page.keys() == {
        "ok", "error", "title", "author", "published_at", "language", "canonical_url", "image", "image_caption",
        "image_credit", "text", "html", "tags", "policy",
    }  # fmt: skip


def test_html_is_shown_as_a_reader_would_be_served(inspect):
    [answer] = inspect(
        "html", "--base", "https://paper.example/x/", stdin=b'<p onclick="x()">See <a href="y">y</a></p>'
    )

    assert "onclick" not in answer["html"]
    assert 'href="https://paper.example/x/y"' in answer["html"]


@pytest.mark.parametrize(
    ("arguments", "allowed", "address"),
    [
        (["http://127.0.0.1/"], False, None),
        (["https://paper.example/", "--resolve", "paper.example=93.184.215.14"], True, "93.184.215.14"),
        (["https://paper.example/", "--resolve", "paper.example=93.184.215.14,10.0.0.1"], False, None),
    ],
)
def test_an_address_is_judged_without_a_request(arguments: list[str], allowed: bool, address: str | None, inspect):
    [answer] = inspect("url", *arguments)

    assert (answer["allowed"], answer["address"]) == (allowed, address)
    assert answer["reason"]


def test_a_failure_is_an_answer_and_an_exit_code(inspect, stdout):
    with pytest.raises(CommandError) as raised:
        inspect("feed", stdin=b"<html><title>No</title></html>")

    assert raised.value.returncode == 1
    assert json.loads(stdout.getvalue()) == {"ok": False, "error": "This is a web page, not a feed. It is called “No”."}


@pytest.mark.parametrize(
    "arguments", [["page"], ["url"], ["url", "https://paper.example/", "--resolve", "paper.example"]]
)
def test_wrong_usage_has_an_exit_code_of_its_own(arguments: list[str], inspect, stdout):
    with pytest.raises(CommandError) as raised:
        inspect(*arguments)

    assert raised.value.returncode == 2
    assert stdout.getvalue() == ""


def test_many_lines_are_answered_in_their_order_and_a_bad_one_costs_only_itself(tmp_path: Path, inspect):
    (tmp_path / "feed.xml.gz").write_bytes(gzip.compress(FEED))
    (tmp_path / "torn.gz").write_bytes(gzip.compress(FEED)[:40])
    good = [{"id": f"good {n}", "body_base64": packed(FEED)} for n in range(40)]
    lines = jsonl(
        *good,
        {"id": 1, "path": str(tmp_path / "feed.xml.gz")},
        {"id": None, "path": str(tmp_path / "nowhere.xml")},
        {"id": 3, "path": str(tmp_path / "torn.gz")},
        {"id": 4, "body_base64": "?"},
        {"id": 5},
        {"id": 6, "body_base64": packed(b"plain words")},
        {"id": 7, "body_base64": packed(FEED), "url": 7},
    )

    answers = inspect("feed", "--jsonl", stdin=lines + b'\nno JSON\n[1]\n\n{"id": 10, "body_base64": ""}')

    assert [a["id"] for a in answers] == [q["id"] for q in good] + [1, None, 3, 4, 5, 6, 7, None, None, 10]
    assert [a["id"] for a in answers if a["ok"]] == [q["id"] for q in good] + [1]
    assert all(a.keys() == {"id", "ok", "error"} and a["error"] for a in answers if not a["ok"])


def test_every_kind_of_question_is_asked_by_line(inspect):
    [html] = inspect(
        "html", "--jsonl", stdin=jsonl({"id": 1, "html": "<a href='/x'>x</a>", "base": "https://a.example"})
    )
    [url] = inspect(
        "url", "--jsonl", stdin=jsonl({"id": 2, "url": "https://b.example", "resolve": {"b.example": ["::1"]}})
    )
    [page] = inspect(
        "page", "--jsonl", stdin=jsonl({"id": 3, "body_base64": packed(PAGE), "url": "https://a.example/"})
    )

    assert (html["id"], 'href="https://a.example/x"' in html["html"]) == (1, True)
    assert (url["id"], url["ok"], url["allowed"]) == (2, True, False)
    assert (page["id"], page["title"]) == (3, "Ferry returns")


def test_a_document_that_unpacks_without_end_is_refused(tmp_path: Path, inspect):
    bomb = tmp_path / "bomb.xml.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as file:
        for _ in range(40):
            file.write(bytes(1 << 20))

    [answer] = inspect("feed", "--jsonl", stdin=jsonl({"id": 1, "path": str(bomb)}))

    assert answer == {"id": 1, "ok": False, "error": "The document is larger than 32 MiB."}


def test_it_works_without_a_database_and_in_utf8():
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))
    } | {
        "DJANGO_SETTINGS_MODULE": "zisnews.settings",
        "SECRET_KEY": "for tests only",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "LC_ALL": "C",
    }

    done = subprocess.run(
        [sys.executable, "-m", "django", "inspect", "html"],
        input="<p>Zürich, ঢাকা</p>".encode(), env=environment, capture_output=True, check=False,
        cwd=Path(__file__).parent.parent.parent,
    )  # fmt: skip

    assert (done.returncode, json.loads(done.stdout)["html"]) == (0, "<p>Zürich, ঢাকা</p>"), done.stderr.decode()
