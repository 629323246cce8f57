"""`inspect stories`: which of some articles are one story, and which stories one storyline."""

import json
import subprocess
import sys
from datetime import UTC, datetime

from aggregator.story_inspection import inspect_stories

NOW = datetime(2026, 6, 1, tzinfo=UTC)
QUAKE = {
    "title": "Tremor of magnitude 6.1 shakes Valparaiso harbour",
    "description": "A tremor shook the harbour of Valparaiso, Mayor Ortega said. Cranes fell near Muelle Prat.",
    "published_at": "2026-01-10T08:00:00Z",
}
AGAIN = {
    "title": "Valparaiso harbour shaken by tremor of magnitude 6.1, Mayor Ortega says",
    "description": "Cranes fell near Muelle Prat as a tremor shook the harbour of Valparaiso, said Mayor Ortega.",
}
OPERA = {"title": "Soprano Lina Marwitz leaves the opera of Graz after a quarrel about Tosca"}


def answers(*questions: dict) -> list[dict]:
    named = [{"id": f"a{number}", "source": f"s{number}", **question} for number, question in enumerate(questions)]
    return list(inspect_stories(named, now=NOW))


def test_articles_of_one_event_are_one_story_and_months_later_one_storyline():
    later = {**AGAIN, "published_at": "2026-05-10T08:00:00+02:00"}
    first, same, other, after = answers(QUAKE, {**AGAIN, "published_at": "2026-01-10T11:00:00"}, OPERA, later)
    assert first == {"id": "a0", "ok": True, "error": None, "story": 1, "storyline": 1}
    assert (same["story"], same["storyline"]) == (1, 1)
    assert (other["story"], other["storyline"]) == (3, 3)
    assert (after["story"], after["storyline"]) == (4, 1)


def test_odd_lines_are_answered_and_break_nothing():
    odd = [
        {"title": None, "text": 7, "published_at": "9999-12-31T23:59:59+00:00"},
        {"title": "Bla", "published_at": "yesterday"},
        {"fault": "The line is not a JSON object."},
        {"title": "俄羅斯 Россия تركيا", "published_at": "0001-01-01T00:00:00+14:00"},
        *[{**QUAKE, "title": f"{QUAKE['title']} {n}", "source": "one"} for n in range(30)],
    ]
    found = answers(*odd)
    assert [answer["ok"] for answer in found[:4]] == [True, True, False, True]
    assert len({answer["story"] for answer in found[4:]}) == 1
    assert answers() == []


def test_the_command_needs_no_database(tmp_path):
    lines = "\n".join([json.dumps({"id": 1, **QUAKE}), "no JSON", json.dumps({"id": 2, **AGAIN, "published_at": ""})])
    ran = subprocess.run(
        [sys.executable, "-m", "django", "inspect", "stories", "--jsonl"],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        env={
            "DJANGO_SETTINGS_MODULE": "zisnews.settings",
            "SECRET_KEY": "x",
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "PATH": "/usr/bin:/bin",
        },
    )
    one, fault, two = map(json.loads, ran.stdout.splitlines())
    assert (one["story"], two["story"], fault["ok"]) == (1, 1, False)
