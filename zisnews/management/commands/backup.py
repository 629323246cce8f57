"""./zis manage backup FILE: the whole site as one file, made while it runs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zisnews.backups.making import make_backup
from zisnews.backups.progress import bar
from zisnews.trouble import Trouble


class Command(BaseCommand):
    help = "Write database and pictures into one file, as of one moment. The site may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to; it must not exist")

    def handle(self, **options) -> None:
        try:
            with bar() as tell:
                made = make_backup(options["file"], tell=tell)
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(
            f"{options['file']}: the database and {made.files} picture files, {made.bytes / 1e6:.1f} MB. "
            "It holds everything readers gave us: keep it where nobody else can read it."
        )
