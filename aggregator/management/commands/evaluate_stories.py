"""./zis manage evaluate_stories FILE…: how well stories are found, on labelled JSON lines. Touches no database rows."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aggregator.finding.evaluating import cross_validated, evaluated, left_out
from aggregator.finding.labelled import Row, rows_of
from aggregator.finding.scoring import Score, mean_of_sets

PASSES = ("merges", "splits")


class Command(BaseCommand):
    help = (
        "Put labelled articles through the finding of stories, as they would stream in, merges and splits included, "
        "and print precision, recall and F1, B-cubed and by pairs, of each file and their mean."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JSON lines, plain or .gz")
        parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
        parser.add_argument("--without", action="append", default=[], choices=PASSES, help="leave a pass out")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--cross", type=int, metavar="N", help="cut in N parts, each judged by what the others taught")
        how.add_argument("--left-out", action="store_true", help="judge each file by what the other files taught")

    def handle(self, *, files: list[Path], cross: int | None, without: list[str], **options: Any) -> None:
        sets = read_sets(files)
        if cross:
            scores = cross_validated(sets, cross)
        elif options["left_out"]:
            scores = left_out(sets)
        else:
            merges, splits = (name not in without for name in PASSES)
            scores = {name: evaluated(rows, merges=merges, splits=splits) for name, rows in sets.items()}
        mean = mean_of_sets(list(scores.values()))
        if options["json"]:
            files_as_json = {name: as_json(one) for name, one in scores.items()}
            self.stdout.write(json.dumps({"files": files_as_json, "mean": as_json(mean)}, indent=1))
            return
        self.stdout.write(f"{'':24}{'articles':>9}{'stories':>8}{'found':>7}   B-cubed P R F1        pairwise P R F1")
        for name, one in [*scores.items(), ("mean", mean)]:
            figures = "   ".join(
                f"{measure.precision:.3f} {measure.recall:.3f} {measure.f1:.3f}"
                for measure in (one.b_cubed, one.pairwise)
            )
            self.stdout.write(f"{name:24}{one.articles:9}{one.stories:8}{one.found:7}   {figures}")


def read_sets(files: list[Path]) -> dict[str, list[Row]]:
    """The lines of each file, by its name. Raises CommandError for what can not be read."""
    sets = {}
    for file in files:
        try:
            sets[file.name.removesuffix(".gz").removesuffix(".jsonl")] = rows_of(file)
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}: {error}") from error
    return sets


def as_json(score: Score) -> dict[str, Any]:
    counts = {"articles": score.articles, "stories": score.stories, "found": score.found}
    return {**counts, "b_cubed": score.b_cubed.as_json(), "pairwise": score.pairwise.as_json()}
