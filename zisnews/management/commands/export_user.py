"""./zis manage export_user NAME [FILE]: all we hold on a person, as they get it from their own page."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from zisnews.people import person
from zisnews.personal_data import export


class Command(BaseCommand):
    help = "Write all that is held on a person into one ZIP of JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="e-mail address or number of the account")
        parser.add_argument("file", nargs="?", help="where to (default: zisnews-NUMBER.zip here); it must not exist")

    def handle(self, **options) -> None:
        user = person(options["name"])
        path = Path(options["file"] or f"zisnews-{user.pk}.zip")
        try:
            with path.open("xb") as file, translation.override(user.language or "en"):
                path.chmod(0o600)
                export(user, file, timezone.now())
        except OSError as error:
            raise CommandError(f"{path} can not be written: {error.strerror}. Name another file.") from error
        self.stdout.write(str(path))
