"""./zis manage restore FILE [--replace]: makes the site what a backup holds."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zisnews.backups.progress import bar
from zisnews.backups.restoring import restore_backup
from zisnews.trouble import Trouble


class Command(BaseCommand):
    help = "Put a backup in the place of database and pictures, all of it or nothing. The site must not run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what ./zis manage backup has written; only one you trust")
        parser.add_argument("--replace", action="store_true", help="let go of what the site holds now")

    def handle(self, **options) -> None:
        try:
            with bar() as tell:
                done = restore_backup(options["file"], replace=options["replace"], tell=tell)
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
        counts = ", ".join(f"{count} {name}" for name, count in done.counts.items())
        self.stdout.write(f"Restored as of {done.made_at}: {counts}, {done.files} picture files.")
