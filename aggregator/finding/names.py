"""Names in a text, told by capitals: words that stand in capitals inside sentences more often than not.

Cheaper and blunter than comparing/names.py, which shows what it finds: here a name only weighs. Headlines In Title Case
teach nothing about capitals, and scripts without capitals have no names that could be told.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice

from aggregator.finding.remembered import Remembered
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
    small: Counter[str] = Counter()
    rows: list[tuple[float, list[_Capital]]] = []
    for worth, text in texts:
        capitals, smalls = _read(text)
        rows.append((worth, capitals))
        if _is_title_case(capitals, smalls):
            continue
        small.update(smalls)
        for _, term, is_inside in capitals:
            if is_inside:
                capital[term] += 1
    known = {term for term, count in capital.items() if term and count > small[term]}
    found: dict[str, float] = defaultdict(float)
    for worth, capitals in rows:
        previous, place_before = "", -2
        for place, term, _ in capitals:
            if term not in known:
                continue
            found[term] += worth
            if place == place_before + 1:
                found[f"{previous}{PAIR}{term}"] += worth
            previous, place_before = term, place
    return dict(found)


_Capital = tuple[int, str, bool]  # a word in capitals: which of the text's, its term, whether inside a sentence


def _read(text: str) -> tuple[list[_Capital], list[str]]:
    """The words in capitals, and the terms of all others, in order; the term of a word that says nothing is empty."""
    parts = (_PLAIN_WORD if text.isascii() else _WORD).split(text)  # what parts words and words, in turns
    known = [*map(_KNOWN.__getitem__, parts[1::2])]
    capitals = [
        (place, term, _is_inside(parts[2 * place], place))
        for place, (term, is_capital) in enumerate(known)
        if is_capital
    ]
    return capitals, [term for term, is_capital in known if not is_capital]


def _is_inside(gap: str, place: int) -> bool:
    """Whether a word stands inside a sentence, by what parts it from the one before."""
    return gap == " " or (place > 0 and not gap.strip(" ,"))


def _known(surface: str) -> tuple[str, bool]:
    """The term of a word as it is written, and whether that is in capitals."""
    return term_of(folded(surface.replace("’", "'"))), surface[0].isupper()


_KNOWN = Remembered(_known)


def _is_title_case(capitals: Sequence[_Capital], smalls: Sequence[str]) -> bool:
    small = len([*islice(filter(None, smalls), _FEWEST_SMALL)])
    if small == _FEWEST_SMALL:
        return False
    told = small + sum([bool(term) for _, term, _ in capitals])
    return small < (1 - _TITLE_CASE) * told
