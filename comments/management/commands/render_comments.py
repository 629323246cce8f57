"""./zis manage render_comments: brings stored comments to what today's rules make of what was typed."""

from django.core.management.base import BaseCommand

from comments.rendering import render_batch


class Command(BaseCommand):
    help = "Make the HTML of comments anew, after an update of ZisNews; may be stopped and run again."

    def handle(self, **options) -> None:
        after: int | None = 0
        total = 0
        while after is not None:
            after, count = render_batch(after)
            total += count
        self.stdout.write(f"{total} comment{'' if total == 1 else 's'} made anew.")
