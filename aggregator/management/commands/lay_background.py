"""./zis manage lay_background RECORDING… --to FILE: recorded feeds as what train_stories learns apart."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aggregator.finding.background import SHARE, background_of


class Command(BaseCommand):
    help = "Lay recorded feeds of several years on the same days, as rows for train_stories that must stay apart."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "recordings", nargs="+", type=Path, metavar="RECORDING", help=".tar.gz of publisher/time.xml, or JSON lines"
        )
        parser.add_argument("--to", type=Path, required=True, help="where the rows go, as JSON lines")
        parser.add_argument("--share", type=float, default=SHARE, help="of the articles (%(default)s)")

    def handle(self, *, recordings: list[Path], to: Path, share: float, **options: Any) -> None:
        try:
            rows = list(background_of(recordings, share=share))
            to.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CommandError(f"lay_background: {error}") from error
        self.stdout.write(f"{to} has {len(rows)} articles of {len(recordings)} recordings.")
