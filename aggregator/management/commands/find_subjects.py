"""./zis manage find_subjects: what the task does in the background, at once and to the end."""

import math

from django.core.management.base import BaseCommand

from aggregator.about import catch_up, count_days
from feeds.clock import database_now


class Command(BaseCommand):
    help = "Read which countries the articles of these days are about, and count. May be stopped and run again."

    def handle(self, **options) -> None:
        now = database_now()
        count = catch_up(now, budget_seconds=math.inf)
        count_days(now)
        self.stdout.write(f"{count} article{'' if count == 1 else 's'} read for the countries they are about.")
