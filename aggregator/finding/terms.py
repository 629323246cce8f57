"""The words of a text as stories compare them: without plural and possessive, without those that say nothing."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from aggregator.stop_words import STOP_WORDS
from feeds.words import Token, is_unspaced, pieces, tokens, words_of


def terms_in(text: str, most: int) -> list[str]:
    """What is compared of the first words of a text, at most so many. Texts with spaces, which most are, go quicker."""
    found = [_terms_of_piece(piece) for piece in pieces(text)]
    if None in found:
        return list(terms_of(tokens(text)[:most]))
    terms = [term for some in found if some for term in some]
    return [term for term in terms[:most] if term]


@lru_cache(maxsize=30_000)
def _terms_of_piece(piece: str) -> tuple[str, ...] | None:
    """The term of each word of a piece, empty for one that says nothing; None where neighbours have to be known."""
    words = words_of(piece)
    return None if any(map(is_unspaced, words)) else tuple(map(term_of, words))


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


@lru_cache(maxsize=30_000)
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
