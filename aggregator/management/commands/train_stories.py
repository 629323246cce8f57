"""./zis manage train_stories FILE…: learn, from labelled JSON lines, by what stories are told apart."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aggregator.finding.evaluating import taught
from aggregator.finding.judging import COEFFICIENTS
from aggregator.management.commands.evaluate_stories import read_sets


class Command(BaseCommand):
    help = "Learn the coefficients of stories from labelled articles; the same files give the same coefficients."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JSON lines, plain or .gz")
        parser.add_argument("--to", type=Path, default=COEFFICIENTS, help="where the coefficients go (%(default)s)")

    def handle(self, *, files: list[Path], to: Path, **options: Any) -> None:
        try:
            judges = taught(read_sets(files))
        except ValueError as error:
            raise CommandError(str(error)) from error
        to.write_text(json.dumps(judges.as_json(), indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"{to} is written.")
