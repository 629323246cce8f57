"""./zis manage erase_user NAME [--yes]: what a person does on their own page, for them."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zisnews.people import person
from zisnews.personal_data import erase


class Command(BaseCommand):
    help = "Erase a person: account, lists, likes, votes. Comments that were shown stay, without a name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="e-mail address or number of the account")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, **options) -> None:
        user = person(options["name"])
        if not options["yes"] and not self.is_sure(user.email):
            raise CommandError("Nothing was erased.")
        erase(user.pk)
        self.stdout.write("Erased.")

    def is_sure(self, email: str) -> bool:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is here to ask. Add --yes to erase without asking.")
        return input(f"This can not be undone. Type {email} to erase it: ").strip() == email
