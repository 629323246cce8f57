"""The words of invented articles as tsvectors, put together of words that were looked up once.

Several times faster than reading each text anew, and equal to it (tests/zisnews/test_filling.py). An article's vector
is that of its headline and of what it is headed by, and behind it, joined by Postgres (``||``), that of its writing.
"""

from collections.abc import Iterable
from functools import lru_cache

from aggregator.finding.features import weigh
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
    return frozenset(weigh(words).terms)


def searched(text: str) -> Piece:
    """A text as search reads it."""
    return piece_of(lexemes_with_pairs(text))


def piece_of(found: Iterable[tuple[str, int]]) -> Piece:
    literals = tuple((quoted(lexeme), position) for lexeme, position in found)
    return literals, max((position for _, position in literals), default=0)


def heading_tokens(title: Iterable[str], tags: Iterable[str], source_name: str) -> str:
    """What feeds.tsvector.tsvector_literal gives before the description; the title comes as its words."""
    tagged = [((placed(tag),), "C") for tag in tags]
    return vector([(map(placed, title), "A"), ((placed(source_name),), "D"), *tagged])


def tokens_vector(description: Iterable[Piece]) -> str:
    """What stands behind heading_tokens."""
    return vector([(description, "B")], FIELD_GAP)


def heading_words(title: Iterable[Piece]) -> str:
    """What aggregator.search.lexemes.words_of gives for a title alone."""
    title = list(title)
    headline = dict.fromkeys(f"'{IN_TITLE}{lexeme[1:]}" for found, _ in title for lexeme, _ in found)
    return " ".join([vector([(title, "")]), *headline])


def search_vector(*texts: Iterable[Piece]) -> str:
    """What stands behind heading_words."""
    return vector([(text, "") for text in texts], FIELD_GAP)


def vector(fields: Iterable[tuple[Iterable[Piece], str]], start: int = 0) -> str:
    """The same as feeds.tsvector.vector_of, for texts that are not too long for the type, from a position on."""
    places: dict[str, list[str]] = {}
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
