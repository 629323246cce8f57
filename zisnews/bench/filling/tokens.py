"""The words of invented articles as tsvectors, put together of words and paragraphs that were looked up once.

Several times faster than reading each text anew, and equal to it (tests/zisnews/test_filling.py).
"""

from collections.abc import Iterable
from functools import lru_cache

from aggregator import clustering
from aggregator.search.lexemes import IN_TITLE, lexemes_with_pairs
from feeds.tsvector import FIELD_GAP, quoted
from feeds.words import lexemes

# Lexemes as literals, each with its position; and how many positions all of it takes.
Piece = tuple[tuple[tuple[str, int], ...], int]
# Positions as they are spelled, by weight; no text here is longer.
PLACES = {weight: [f"{position}{weight}" for position in range(8192)] for weight in ("A", "B", "C", "D", "")}
BREAK = "\0"  # what parts two sentences of a script without spaces: no phrase runs over it


@lru_cache(maxsize=400_000)  # the vocabularies of all languages
def placed(words: str) -> Piece:
    """Some words as they stand in Article.tokens."""
    return ((), 1) if words == BREAK else piece_of(lexemes(words))


@lru_cache(maxsize=400_000)
def terms_of(words: str) -> frozenset[str]:
    """What stories compare of some words."""
    return frozenset(clustering.term_weights(words))


def searched(text: str) -> Piece:
    """A text as search reads it."""
    return piece_of(lexemes_with_pairs(text))


def piece_of(found: Iterable[tuple[str, int]]) -> Piece:
    literals = tuple((quoted(lexeme), position) for lexeme, position in found)
    return literals, max((position for _, position in literals), default=0)


def tokens_literal(*, title: Iterable[str], description: Iterable[str], tags: Iterable[str], source_name: str) -> str:
    """The same as feeds.tsvector.tsvector_literal; title and description come as their words."""
    tagged = [((placed(tag),), "C") for tag in tags]
    first: list[tuple[Iterable[Piece], str]] = [(map(placed, title), "A"), ((placed(source_name),), "D")]
    return vector([*first, *tagged, (map(placed, description), "B")])


def search_literal(title: Iterable[Piece], *texts: Iterable[Piece]) -> str:
    """The same as aggregator.search.lexemes.words_of."""
    title = list(title)
    headline = dict.fromkeys(f"'{IN_TITLE}{lexeme[1:]}" for found, _ in title for lexeme, _ in found)
    return " ".join([vector([(title, ""), *((text, "") for text in texts)]), *headline])


def vector(fields: Iterable[tuple[Iterable[Piece], str]]) -> str:
    """The same as feeds.tsvector.vector_of, for texts that are not too long for the type."""
    places: dict[str, list[str]] = {}
    start = 0
    for pieces, weight in fields:
        spelled = PLACES[weight]
        for found, width in pieces:
            for lexeme, position in found:
                place = spelled[start + position]
                if lexeme in places:
                    places[lexeme].append(place)
                else:
                    places[lexeme] = [place]
            start += width
        start += FIELD_GAP
    return " ".join([f"{lexeme}:{','.join(found)}" for lexeme, found in places.items()])
