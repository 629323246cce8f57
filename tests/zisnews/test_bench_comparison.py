"""Whether one series of runs of a benchmark was faster than another."""

import json

import pytest

from zisnews.bench.__main__ import main
from zisnews.bench.comparison import compared, verdict


@pytest.mark.parametrize(
    ("old", "new", "more_is_better", "said"),
    [
        ([10, 11, 12], [5, 6, 7], False, "better"),
        ([10, 11, 12], [5, 6, 7], True, "worse"),
        ([100, 110, 120], [150, 160, 170], True, "better"),
        ([10, 11, 12], [9, 11.5, 14], False, "same"),  # they overlap
        ([100, 100, 100], [101, 102, 103], False, "same"),  # too little to matter
        ([10, 11, 12], [5], False, "too few runs"),
    ],
)
def test_a_verdict_is_given_only_where_the_runs_do_not_overlap(old, new, more_is_better, said):
    assert verdict(old, new, more_is_better=more_is_better) == said


def lines(name: str, unit: str, *values: float) -> list[str]:
    return [json.dumps({"name": name, "value": value, "unit": unit, "detail": {}}) for value in values]


def test_what_both_have_measured_is_compared(tmp_path, capsys):
    old = [*lines("pages.latest", "ms", 10, 11, 12), *lines("gone", "ms", 1, 1, 1)]
    new = ["some words", *lines("pages.latest", "ms", 4, 5, 6), *lines("new", "ms", 1)]
    (found,) = compared(old, new)

    assert "better" in found and "0.45" in found
    files = {}
    for name, said in {"old": old, "new": new}.items():
        files[name] = tmp_path / f"{name}.jsonl"
        files[name].write_text("\n".join(said))
    assert main(["--against", str(files["old"]), "--saved", str(files["new"])]) == 0
    assert capsys.readouterr().out.strip() == found.strip()


@pytest.mark.parametrize(
    "asked",
    [
        ["--articles", "-5"],
        ["--runs", "0", "--against", "FILE"],
        ["--seconds", "nan"],
        ["--against", "/nowhere"],
        ["--against", "FILE", "--saved", "FILE"],
    ],
)
def test_what_can_not_be_measured_or_compared_is_refused_in_words(asked, tmp_path):
    odd = tmp_path / "odd"
    odd.write_text('nonsense\n[1]\n{"benchmark": 5}\n')

    with pytest.raises(SystemExit) as refused:
        main(["pages", *(str(odd) if word == "FILE" else word for word in asked)])
    assert refused.value.code
