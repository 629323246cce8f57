"""What the articles of a fill say below their headlines: written once, kept in the database, used by some each.

So an article costs its headline and a join: reading, spelling and sending a text takes longer than storing it.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO

from django.db import connection

from zisnews.bench.filling.copying import written
from zisnews.bench.filling.sources import Publisher
from zisnews.bench.filling.wording import Wording, Writing

TABLE = "fill_writing"
ARTICLES_PER_WRITING, FEWEST = 25, 30  # of a language
ROWS_PER_COPY = 2_000


class Writings:
    """The writings of a fill, numbered from 0; those of one language stand in a row."""

    def __init__(self) -> None:
        self.by_language: dict[str, range] = {}
        self.terms: list[frozenset[str]] = []

    def add(self, language: str, writings: Sequence[Writing]) -> None:
        first = len(self.terms)
        self.by_language[language] = range(first, first + len(writings))
        self.terms += [one.terms for one in writings]
        with connection.cursor() as cursor:
            for start in range(0, len(writings), ROWS_PER_COPY):
                rows = writings[start : start + ROWS_PER_COPY]
                lines = (line_of(first + start + place, one) for place, one in enumerate(rows))
                cursor.copy_expert(f"COPY {TABLE} FROM STDIN", BytesIO("".join(lines).encode()))

    def terms_used(self, uses: Mapping[int, int]) -> Counter[str]:
        """In how many articles each term stands, by how many use each writing."""
        counted: Counter[str] = Counter()
        for number, times in uses.items():
            for term in self.terms[number]:
                counted[term] += times
        return counted


def line_of(number: int, one: Writing) -> str:
    row = (number, one.description, one.text, one.html, one.word_count, one.tokens, one.words)
    return "\t".join(map(written, row)) + "\n"


@contextmanager
def kept_writings(
    publishers: Sequence[Publisher], wordings: Mapping[str, Wording], *, articles: int, words: int, seed: str
) -> Iterator[Writings]:
    """Write what so many articles of these publishers say, in texts of about so many words; forgotten afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")  # of a fill that was killed
        cursor.execute(
            f"""CREATE UNLOGGED TABLE {TABLE} (number int PRIMARY KEY, description text, body text, html text,
                                               word_count int, tokens tsvector, words tsvector)"""
        )
    try:
        writings = Writings()
        for language, share in shares_of(publishers).items():
            count = max(FEWEST, round(articles * share / ARTICLES_PER_WRITING))
            chance = random.Random(f"{seed}/{language}")  # noqa: S311  no secret, only the same each time
            writings.add(language, [wordings[language].writing(chance, words) for _ in range(count)])
        yield writings
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def shares_of(publishers: Sequence[Publisher]) -> dict[str, float]:
    """By language, how much of everything is published in it."""
    shares: defaultdict[str, float] = defaultdict(float)
    for publisher in publishers:
        shares[publisher.language] += publisher.share
    whole = sum(shares.values())
    return {language: share / whole for language, share in sorted(shares.items())}
