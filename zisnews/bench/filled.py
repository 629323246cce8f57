"""A site full of invented articles to measure: one of its own, gone afterwards, or a folder that was filled before."""

from collections.abc import Iterator
from contextlib import contextmanager

import django

from zisnews.bench.surroundings import close_database, throw_away_site
from zisnews.environment import data_folder, servers_of


@contextmanager
def filled_site(articles: int, folder: str = "") -> Iterator[None]:
    """Django is set up for the site inside. Once a process: Django's settings are read once.

    folder: a data folder to measure as it is; "" for a new site with so many articles
    """
    if folder:
        with servers_of(data_folder(folder)):
            django.setup()
            try:
                yield
            finally:
                close_database()
        return
    with throw_away_site():
        from django.core.management import call_command  # noqa: PLC0415  after django.setup()

        call_command("fill", articles=articles, stdout=None)
        yield
