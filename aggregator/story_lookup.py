"""Stories that a curator names: by number, by address (ours, or an article's own), or by words of their headlines."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from aggregator.models import Article, Story
from aggregator.search import parse
from aggregator.search.asked import Asked
from aggregator.search.finding import TookTooLong, newest
from zisnews.pagination import LARGEST_ID

MOST_FOUND = 20
MATCHES = 200
PAGE_OF_OURS = re.compile(r"/(story|article)/([0-9]{1,19})(?:/|$)")


def stories_named(said: str, now: datetime) -> list[Story]:
    """The standing stories a curator may mean, the likeliest first; of one that was merged, what it is part of now."""
    said = said.strip()
    if said.isascii() and said.isdigit() and len(said) <= len(str(LARGEST_ID)):
        return those([min(int(said), LARGEST_ID)])
    if "://" in said or said.startswith("/"):
        return at_address(said)
    return those(said_in(said, now))


def at_address(address: str) -> list[Story]:
    try:
        path = urlsplit(address).path
    except ValueError:  # such as a bracket that is not closed
        return []
    if ours := PAGE_OF_OURS.search(path):
        kind, number = ours[1], int(ours[2])
        if number > LARGEST_ID:
            return []
        return those([number] if kind == "story" else of_articles(pk=number))
    return those(of_articles(url=address))


def of_articles(**named: object) -> list[int]:
    return [pk for pk in Article.objects.filter(**named).values_list("story", flat=True)[:MOST_FOUND] if pk]


def said_in(words: str, now: datetime) -> list[int]:
    """The stories of the newest articles that say all of these words."""
    query = parse(words)
    if not query.is_askable:
        return []
    try:
        found = newest(Asked((query.in_documents,), now, has_prefix=query.has_prefix), MATCHES)
    except TookTooLong:
        return []
    stories = dict(Article.objects.filter(pk__in=[row.article for row in found.rows]).values_list("pk", "story"))
    return [story for row in found.rows if (story := stories.get(row.article))]


def those(numbers: Iterable[int]) -> list[Story]:
    """The stories of these numbers as they stand, in this order, each once."""
    order = list(dict.fromkeys(numbers))[:MOST_FOUND]
    rows = Story.objects.defer("profile", "key_terms").in_bulk(order)
    return list(dict.fromkeys(rows[pk].that_stands() for pk in order if pk in rows))
