"""./zis manage status: how the site does, in numbers."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandParser

from aggregator.status import Status, status
from feeds.clock import database_now


class Command(BaseCommand):
    help = "Show counts, what is due, what fails, the lag from publication to page, queue lengths and versions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print it as JSON")

    def handle(self, **options) -> None:
        now = status(database_now())
        self.stdout.write(json.dumps(asdict(now)) if options["json"] else table(now))


def table(status: Status) -> str:
    """The same as lines of name and number."""
    counts = {name: f"about {count}" if name in status.estimated else count for name, count in status.counts.items()}
    rows = {
        **counts,
        "our connection": "down: no publisher answers" if status.line_is_down else "no fault seen",
        "feeds due now": status.due,
        "longest overdue, seconds": status.overdue_seconds,
        "feeds failing": status.failing,
        **{f"from publication {name}, seconds": value for name, value in status.lag_seconds.items()},
        **{f"from first sight {name}, seconds": value for name, value in status.handling_seconds.items()},
        **{f"queue {name}": value for name, value in status.queues.items()},
        **status.versions,
    }
    width = max(map(len, rows))
    return "\n".join(
        f"{name.replace('_', ' '):<{width}}  {'–' if value is None else value}" for name, value in rows.items()
    )
