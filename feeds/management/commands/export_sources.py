"""./zis manage export_sources FILE: all sources and their feeds as OPML or CSV."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feeds.catalogues.exporting import FORMATS, export
from feeds.models import Feed


class Command(BaseCommand):
    help = "Write all sources and feeds to a .opml or .csv that load_sources reads again; - writes to the terminal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="ends with .opml or .csv; - for standard output")
        parser.add_argument("--format", choices=sorted(FORMATS), help="where the file's name does not tell it")

    def handle(self, *, file: str, **options) -> None:
        kind = options["format"] or Path(file).suffix.removeprefix(".").lower() or "opml"
        kind = "opml" if file == "-" and not options["format"] else kind
        if kind not in FORMATS:
            raise CommandError(f"{file} ends neither with .opml nor with .csv; name the format with --format.")
        content = export(kind)
        if file == "-":
            self.stdout.write(content.decode("utf-8"), ending="")
            return
        try:
            Path(file).write_bytes(content)
        except OSError as error:
            raise CommandError(f"{file} can not be written: {error.strerror}.") from error
        self.stderr.write(f"{Feed.objects.count()} feeds are in {file}.")
