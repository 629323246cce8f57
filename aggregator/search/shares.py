"""About which share of all articles a question finds: so that the first stretch of time asked is neither too short, to
be asked again, nor so long that thousands are read for a page. It never tells what is found.
"""

import time
from collections.abc import Iterable, Mapping
from math import prod

from django.db import connection

from aggregator.frequencies import ALL_DOCUMENTS
from aggregator.search.filters import Filters
from aggregator.search.queries import Query

# What Postgres counted in a sample when it last looked through the table: words that stand in every fiftieth article.
COMMON = """
    SELECT word, share
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) found (word, share)
    WHERE schemaname = current_schema() AND tablename = 'aggregator_searchdocument' AND attname = 'words'
        AND word IS NOT NULL"""
COUNTED = "SELECT term, document_count FROM aggregator_documentfrequency WHERE term = ANY(%s::text[])"
RENEWED_SECONDS = 3600
TOGETHER, LEAST_TOGETHER = 1 / 3, 0.25


class Known:
    """The shares of common words that this process read, and when it did."""

    common: Mapping[str, float] = {}
    at = float("-inf")


def share_of(query: Query, filters: Filters) -> float:
    """About which share of all articles is found by a query; 0 where some word of it is not known. Two queries at most.

    Shelves stand apart from each other; words of one question are more often met together than by chance.
    """
    terms = query.wanted_lexemes
    counted = shares_of({lexeme for phrases in terms for lexemes in phrases for lexeme in lexemes})
    of_terms = sorted(sum(together(map(counted.get, lexemes)) for lexemes in phrases) for phrases in terms)
    common = Known.common
    return min(1.0, together(of_terms)) * prod(common.get(shelf, 0) for shelf in filters.shelves)


def together(shares: Iterable[float | None]) -> float:
    """Of what has all of these; 0 where one is not known.

    Words of one language stand together far more often than by chance: a rare one is never taken for much rarer.
    """
    rarest, *others = sorted(share or 0 for share in shares)
    return rarest * max(LEAST_TOGETHER, prod(share**TOGETHER for share in others))


def shares_of(words: set[str]) -> dict[str, float]:
    """The share of each word, as far as it is known."""
    if time.monotonic() - Known.at > RENEWED_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(COMMON)
            Known.common, Known.at = dict(cursor.fetchall()), time.monotonic()
    found = {word: share for word in words if (share := Known.common.get(word))}
    if rare := words - found.keys():
        counts = dict(connection.rows(COUNTED, [[*rare, ALL_DOCUMENTS]]))  # type: ignore[attr-defined]  # zisnews.postgres
        documents = counts.pop(ALL_DOCUMENTS, 0)
        found |= {word: min(1.0, count / documents) for word, count in counts.items() if documents}
    return found
