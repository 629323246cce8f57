"""What `inspect category` answers."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.aggregator.test_categorising import TOPICS, rows_about


@pytest.fixture
def ask(monkeypatch, capsys):
    """Answer questions given as lines."""

    def ask(*lines: str, **options) -> list[dict]:
        text = "\n".join(lines).encode()
        monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": text.splitlines()}))
        call_command("inspect", "category", **options)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return ask


def test_section_then_tags_then_words_tell_the_category(ask, tmp_path):
    taught = tmp_path / "taught.jsonl"
    rows = (
        dict(zip(("title", "description"), text.split("\n"), strict=True)) | {"category": c}
        for text, c in rows_about(TOPICS)
    )
    taught.write_text("\n".join(map(json.dumps, rows)))

    answers = ask(
        '{"id": 1, "title": "Striker scores", "feed_category": "health", "tags": ["Football"]}',
        '{"id": 2, "title": "Striker scores", "feed_category": "", "tags": ["Business"]}',
        '{"id": 3, "title": "A striker and a referee", "description": "The goal came late", "tags": null}',
        '{"id": 4, "title": "Nothing known here"}',
        "nothing",
        train=taught,
    )

    assert [(one["id"], one.get("category")) for one in answers] == [
        (1, "health"), (2, "business"), (3, "sports"), (4, "general"), (None, None),
    ]  # fmt: skip
    assert answers[0]["confidence"] == 1 and answers[2]["confidence"] >= 0.9 and answers[4]["ok"] is False


def test_a_file_that_teaches_nothing_is_refused(ask, tmp_path):
    (tmp_path / "empty").write_text('{"title": "No category"}')
    for name in ("empty", "none"):
        with pytest.raises(CommandError, match="inspect category: "):
            ask(train=tmp_path / name)
