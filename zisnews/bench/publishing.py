"""Publishes whatever is ready until stdin ends, as the worker "work" does: `python -m zisnews.bench.publishing`."""

import os
import select
import sys

import django

PAUSE_SECONDS = 0.05


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zisnews.settings")
    django.setup()
    from aggregator.publishing import publish_ready  # noqa: PLC0415  after django.setup()
    from feeds.settling import settle  # noqa: PLC0415

    publish_ready()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not select.select([sys.stdin], [], [], 0)[0]:
        if not publish_ready().entries:
            select.select([sys.stdin], [], [], PAUSE_SECONDS)
        settle()


if __name__ == "__main__":
    main()
