"""./zis manage let_old_leave: what the hourly task does, in the foreground."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from aggregator.retention import leaving, let_old_leave
from feeds.clock import database_now

A_DAY_SECONDS = 86_400


class Command(BaseCommand):
    help = "Let articles older than ZIS_RETENTION_DAYS leave, with their pictures; what readers keep stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many articles would leave")

    def handle(self, **options) -> None:
        days = settings.ZIS_RETENTION_DAYS
        if not days:
            self.stdout.write("All articles are kept. Set ZIS_RETENTION_DAYS to the days they should stay.")
            return
        if options["dry_run"]:
            count = leaving(database_now() - timedelta(days=days)).count()
            self.stdout.write(f"{articles(count)} older than {days} days would leave.")
            return
        left = let_old_leave(days, budget_seconds=A_DAY_SECONDS)
        self.stdout.write(
            f"{articles(left.articles)} left, {left.stories} stories without any, "
            f"and what {left.entries} old entries had said."
        )


def articles(count: int) -> str:
    return f"{count} article{'' if count == 1 else 's'}"
