"""./zis manage index_search: what the task does in the background, at once and to the end."""

import math

from django.core.management.base import BaseCommand

from aggregator.search.documents import catch_up


class Command(BaseCommand):
    help = "Let search find every article: those from before search, too. May be stopped and run again."

    def handle(self, **options) -> None:
        count = catch_up(budget_seconds=math.inf)
        self.stdout.write(f"{count} article{'' if count == 1 else 's'} taken into search.")
