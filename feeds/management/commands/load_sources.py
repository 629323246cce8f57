"""./zis manage load_sources FILE: many sources in at once."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feeds.catalogues.catalogue import NotACatalogue, load, read_catalogue
from feeds.errors import SandboxError


class Command(BaseCommand):
    help = "Load sources and their feeds from a .csv (name, feed_url, site_url, country, language, category) or .opml."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="ends with .csv or .opml; at most 2 MB")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *, file: Path, **options) -> None:
        try:
            loaded = load(read_catalogue(file.read_bytes(), file.name))
        except OSError as error:
            raise CommandError(f"{file} can not be read: {error.strerror}.") from error
        except (NotACatalogue, SandboxError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(loaded.report(), ensure_ascii=False))
            return
        for reason in loaded.refused.values():
            self.stderr.write(reason)
        self.stdout.write(
            f"{len(loaded.added)} feed{'' if len(loaded.added) == 1 else 's'} added, {len(loaded.updated)} updated, "
            f"{len(loaded.unchanged)} as they were, {len(loaded.refused)} refused."
        )
        if loaded.refused and not (loaded.added or loaded.updated or loaded.unchanged):
            raise CommandError("Nothing was loaded: every row was refused, for the reasons above.")
