"""How well stories are found on labelled news, and that the ruler measures right."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from aggregator.finding.features import weigh
from aggregator.finding.labelled import Labelled, rows_of, streams_of
from aggregator.finding.scoring import score
from aggregator.finding.streaming import Arrival, stories_of
from aggregator.finding.training import fitted

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
# Of UCI the first of three streams, to spare time.
BARS = {"uci": 0.85, "g5w1h": 0.96, "basil": 0.96, "allsides": 0.90, "ecbplus": 0.89}


def labelled(*stories: str) -> list[Labelled]:
    """Articles 1, 2, … of these stories; a saga is the first letter."""
    return [Labelled(Arrival(number, weigh(""), NOON), name, name[0]) for number, name in enumerate(stories, 1)]


def test_scores_are_those_worked_out_by_hand():
    # Found: {1, 2, 3} and {4}; 1, 2 and 4 are one story.
    found = score(labelled("a", "a", "b", "a"), {1: 7, 2: 7, 3: 7, 4: 8})
    assert found.b_cubed.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.b_cubed.recall == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 / 3) / 4)
    assert (found.pairwise.precision, found.pairwise.recall) == pytest.approx((1 / 3, 1 / 3))
    assert (found.articles, found.stories, found.found) == (4, 2, 2)


def test_two_stories_of_one_saga_count_neither_for_nor_against():
    found = score(labelled("a1", "a2", "b"), {1: 7, 2: 7, 3: 7})
    assert found.b_cubed.precision == pytest.approx((1 / 2 + 1 / 2 + 1 / 3) / 3)


def test_coefficients_learned_tell_what_they_were_taught():
    examples = [((float(x), float(x % 3)), x > 20, 1.0) for x in range(41)]
    bias, slope, noise = fitted(examples)
    assert all((bias + slope * x + noise * y > 0) == is_one for (x, y), is_one, _ in examples if abs(x - 20) > 2)
    assert abs(noise) < slope
    with pytest.raises(ValueError, match="two kinds"):
        fitted(examples[:5])


EVENTS = {
    "quake": "Earthquake of 6.1 shakes Lisbon, houses fall in the Alfama quarter",
    "vote": "Government of Norland survives confidence vote by three voices",
    "rocket": "Starship rocket tumbles out of control over the Indian Ocean",
}


def line(event: str, number: int) -> dict[str, object]:
    """A labelled line: one of several articles on one of several events."""
    words = EVENTS[event].split()
    title = " ".join(words[number % 2 :])
    return {"id": f"{event}{number}", "story": event, "published": NOON.isoformat(), "title": title, "text": ""}


def test_the_commands_measure_and_teach_from_labelled_lines(tmp_path):
    lines = [line(event, number) for event in EVENTS for number in range(4)]
    file = tmp_path / "few.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    out = StringIO()
    call_command("evaluate_stories", file, json=True, stdout=out)
    figures = json.loads(out.getvalue())
    assert figures["files"]["few"]["articles"] == 12
    assert figures["files"]["few"]["found"] == 3
    assert figures["mean"]["b_cubed"] == figures["mean"]["pairwise"] == {"precision": 1, "recall": 1, "f1": 1}
    call_command("evaluate_stories", file, without=["splits"], stdout=out)
    assert "mean" in out.getvalue()
    (tmp_path / "none.jsonl").write_text("{")
    with pytest.raises(CommandError, match="none"):
        call_command("evaluate_stories", tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="two kinds"):
        call_command("train_stories", file, to=tmp_path / "coefficients.json")


@pytest.mark.parametrize("name", BARS)
def test_labelled_news_is_grouped_as_people_did(corpus, name):
    stream = streams_of(rows_of(corpus / "stories" / f"{name}.jsonl.gz"))[0]
    found = score(stream, stories_of([one.arrival for one in stream]))
    assert found.b_cubed.f1 >= BARS[name]
