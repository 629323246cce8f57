"""Names in a text, told by capitals: words that stand in capitals inside sentences more often than not.

Cheaper and blunter than comparing/names.py, which shows what it finds: here a name only weighs. Headlines In Title Case
teach nothing about capitals, and scripts without capitals have no names that could be told.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from aggregator.finding.terms import term_of
from feeds.words import folded

PAIR = "_"  # joins the words of a name of two; no word holds it

_WORD = re.compile(r"([^\W\d_]+(?:['’-][^\W\d_]+)*)")
_PLAIN_WORD = re.compile(r"([A-Za-z]+(?:['-][A-Za-z]+)*)")
_OPENING = ".!?:;\"'“”‘’«»„([—–•|\n"
_TITLE_CASE = 0.7  # of a headline's words that say something; two small ones are enough for a sentence
_FEWEST_SMALL = 2


def names_in(texts: Sequence[tuple[float, str]]) -> dict[str, float]:
    """The names in some texts, how often each stands there; texts come with what one standing in them is worth.

    A name of two words, "angela_merkel", is there beside each of them.
    """
    capital: dict[str, int] = defaultdict(int)
    small: dict[str, int] = defaultdict(int)
    rows: list[tuple[float, list[tuple[str, bool, bool]]]] = []
    for worth, text in texts:
        words = _read(text)
        rows.append((worth, words))
        if _is_title_case(words):
            continue
        for term, is_capital, is_inside in words:
            if not is_capital:
                small[term] += 1
            elif is_inside:
                capital[term] += 1
    known = {term for term, count in capital.items() if term and count > small.get(term, 0)}
    found: dict[str, float] = defaultdict(float)
    for worth, words in rows:
        previous = ""
        for term, is_capital, _ in words:
            if not is_capital or term not in known:
                previous = ""
                continue
            found[term] += worth
            if previous:
                found[f"{previous}{PAIR}{term}"] += worth
            previous = term
    return dict(found)


def _read(text: str) -> list[tuple[str, bool, bool]]:
    """The words in order: (term, in capitals, inside a sentence); the term of a word that says nothing is empty."""
    parts = (_PLAIN_WORD if text.isascii() else _WORD).split(text)  # what parts words and words, in turns
    found = []
    for place in range(1, len(parts), 2):
        gap = parts[place - 1]
        is_inside = gap == " " or (place > 1 and gap.strip(" ,") == "" and "\n" not in gap)
        found.append((*_known(parts[place]), is_inside))
    return found


@lru_cache(maxsize=30_000)
def _known(surface: str) -> tuple[str, bool]:
    return term_of(folded(surface.replace("’", "'"))), surface[0].isupper()


def _is_title_case(words: Sequence[tuple[str, bool, bool]]) -> bool:
    told = [is_capital for term, is_capital, _ in words if term]
    return len(told) - sum(told) < min(_FEWEST_SMALL, (1 - _TITLE_CASE) * len(told))
