"""./zis manage resanitise: brings stored bodies to what the sanitiser of today would have made of them."""

from django.core.management.base import BaseCommand

from aggregator.resanitising import resanitise_batch


class Command(BaseCommand):
    help = "Sanitise the stored texts of articles anew, after an update of ZisNews; may be stopped and run again."

    def handle(self, **options) -> None:
        after: int | None = 0
        total = 0
        while after is not None:
            after, count = resanitise_batch(after)
            total += count
        self.stdout.write(f"{total} article{'' if total == 1 else 's'} sanitised anew.")
