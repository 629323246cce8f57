"""The words of a text as stories compare them: without plural and possessive, without those that say nothing."""

from collections.abc import Iterable, Iterator
from types import NoneType

import regex

from aggregator.finding.remembered import Remembered
from aggregator.stop_words import STOP_WORDS
from feeds.words import Token, is_unspaced, pieces, tokens, words_of


def terms_in(text: str, most: int) -> list[str]:
    """What is compared of the first words of a text, at most so many. Texts with spaces, which most are, go quicker."""
    found: list = [*map(_TERMS.__getitem__, pieces(text))]
    kinds = set(map(type, found))
    if NoneType in kinds:
        return list(terms_of(tokens(text)[:most]))
    if tuple in kinds:
        for place in reversed([place for place, term in enumerate(found) if term.__class__ is tuple]):
            found[place : place + 1] = found[place]
    return [term for term in found[:most] if term]


def _terms_of_piece(piece: str) -> str | tuple[str, ...] | None:
    """The term of a piece of one word, empty for one that says nothing; of several words, theirs; None where neighbours
    have to be known.
    """
    if piece.isascii() and piece.isalnum() and not piece.isupper():  # most are, and are one word
        return term_of(piece.lower())
    words = words_of(piece)
    if any(map(is_unspaced, words)):
        return None
    terms = tuple(map(term_of, words))
    return terms[0] if len(terms) == 1 else terms


_TERMS = Remembered(_terms_of_piece)


def terms_of(words: Iterable[Token]) -> Iterator[str]:
    """What is compared of some words; pairs of neighbours in scripts without spaces."""
    previous = Token("", 0)
    for token in words:
        if is_unspaced(token.word):
            if is_unspaced(previous.word) and token.position == previous.position + 1:
                yield previous.word + token.word
        elif term := term_of(token.word):
            yield term
        previous = token


def term_of(word: str) -> str:
    """The word as it is compared, or nothing for one that says nothing."""
    return "" if len(word) < 2 or word in STOP_WORDS else stem(word)


_POSSESSIVE = regex.compile(r"'s?$")


def stem(word: str) -> str:
    if "'" in word:
        word = _POSSESSIVE.sub("", word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
