"""An article's words as the text of a Postgres tsvector. Touches neither network nor database.

The literal is cast (``%s::tsvector``), never parsed by Postgres' own dictionaries: words.py alone says what a word is.
Weights: A title, B description, C tags, D source name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from feeds.words import lexemes

# Limits of the type, from Postgres' "Text Search Limitations".
LEXEME_MAX_BYTES = 2046
POSITION_MAX = 16_383
POSITIONS_PER_LEXEME = 255
_VECTOR_MAX_BYTES = 1_000_000
_SURELY_SHORT = LEXEME_MAX_BYTES // 4

# Further apart than any phrase query reaches, so none runs from one field into the next.
FIELD_GAP = 16


def tsvector_literal(*, title: str = "", description: str = "", tags: Iterable[str] = (), source_name: str = "") -> str:
    """The words of an article's fields, to be stored once and asked by every list, count and search.

    The description comes last, for it alone can be long: a word past the last position is still found, a phrase is not.
    A text beyond the size of the type (1 MB of different words) loses its end.
    """
    named = [(title, "A"), (source_name, "D"), *((tag, "C") for tag in tags), (description, "B")]
    return vector_of((lexemes(text), weight) for text, weight in named)


def vector_of(fields: Iterable[tuple[Iterable[tuple[str, int]], str]]) -> str:
    """The text of a tsvector of fields, each given as (lexeme, position) in order and its weight, or "" for none.

    No phrase reaches from one field into the next. What is too much for the type is left out at the end.
    """
    places: defaultdict[str, list[str]] = defaultdict(list)
    start = 0
    for found, weight in fields:
        last = start
        for lexeme, position in found:
            last = start + position
            places[lexeme].append(f"{last}{weight}" if last < POSITION_MAX else f"{POSITION_MAX}{weight}")
        start = last + FIELD_GAP
    return " ".join(_entries(places))


@lru_cache(maxsize=30_000)
def quoted(lexeme: str) -> str:
    """A lexeme as both tsvector and tsquery literals spell it; cut to what the type can hold."""
    if len(lexeme) * 4 > LEXEME_MAX_BYTES:
        lexeme = lexeme.encode()[:LEXEME_MAX_BYTES].decode(errors="ignore")
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _entries(places: Mapping[str, list[str]]) -> Iterable[str]:
    """One after the other, as many as fit: of nearly all texts all, as is soon known."""
    positions = sum(map(len, places.values()))
    if 4 * sum(map(len, places)) + 2 * positions + 4 * len(places) > _VECTOR_MAX_BYTES:
        return _entries_that_fit(places)
    return [
        f"'{lexeme}':{','.join(found)}"
        if lexeme.isalnum() and len(lexeme) <= _SURELY_SHORT and len(found) <= POSITIONS_PER_LEXEME
        else _entry(lexeme, found)
        for lexeme, found in places.items()
    ]


def _entries_that_fit(places: Mapping[str, list[str]]) -> Iterator[str]:
    size = 0
    for lexeme, found in places.items():
        size += min(4 * len(lexeme), LEXEME_MAX_BYTES) + 2 * min(len(found), POSITIONS_PER_LEXEME) + 4
        if size > _VECTOR_MAX_BYTES:
            return
        yield _entry(lexeme, found)


def _entry(lexeme: str, found: list[str]) -> str:
    return f"{quoted(lexeme)}:{','.join(found[:POSITIONS_PER_LEXEME])}"
