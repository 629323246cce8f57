"""Publishes whatever is ready until stdin ends, as the worker "work" does: `python -m zisnews.bench.publishing`.

At each tick batches as long as they come full; the worker's tick comes every five seconds.
"""

import os
import select
import sys

import django

TICK_SECONDS = 0.5


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zisnews.settings")
    django.setup()
    from aggregator.publishing import ENTRIES_PER_BATCH, publish_ready  # noqa: PLC0415  after django.setup()
    from feeds.settling import settle  # noqa: PLC0415

    publish_ready()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not select.select([sys.stdin], [], [], TICK_SECONDS)[0]:
        while publish_ready().entries >= ENTRIES_PER_BATCH:
            pass
        settle()


if __name__ == "__main__":
    main()
