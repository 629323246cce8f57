"""The words of a text with the places they stand at, which feeds.words does not tell, in the same normal form."""

import re
from functools import lru_cache
from typing import NamedTuple

from feeds.words import folded

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KATAKANA = "\u30a1-\u30fa\u30fc"
_MARK = "\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0981-\u0dff"
_LETTER = rf"[^\W_{_UNSPACED}{_KATAKANA}]"
_WORD = re.compile(
    rf"(?:[A-Z]\.){{2,6}}|\d+(?:[.,]\d+)*|{_LETTER}++(?:[{_MARK}]++{_LETTER}*+)*+(?:['’]{_LETTER}++)*+"
    rf"|[{_KATAKANA}]{{2,}}|[{_HAN}]"
)
_PLAIN_WORD = re.compile(r"(?:[A-Z]\.){2,6}|\d+(?:[.,]\d+)*|[A-Za-z0-9]++(?:'[A-Za-z0-9]++)*+")
_IS_HAN = re.compile(rf"[{_HAN}]")


class Word(NamedTuple):
    """form: what is compared, without case, accents, plural and possessive."""

    form: str
    begin: int
    end: int


def words(text: str, begin: int = 0, end: int | None = None) -> list[Word]:
    """The words of a part of a text, in order. In Chinese and Japanese a Han sign is one; kana endings are none.

    Thai, Lao, Khmer and Burmese have no words here: nothing marks where one ends.
    """
    pattern = _PLAIN_WORD if text.isascii() else _WORD
    found = pattern.finditer(text, begin, len(text) if end is None else end)
    return [Word(form_of(match.group()), *match.span()) for match in found]


def count_words(text: str, begin: int, end: int) -> int:
    """How many those are."""
    return len((_PLAIN_WORD if text.isascii() else _WORD).findall(text, begin, end))


def is_han(form: str) -> bool:
    return form > "\u33ff" and _IS_HAN.match(form) is not None


@lru_cache(maxsize=50_000)
def form_of(surface: str) -> str:
    """A word as it is compared: Kyiv's → kyiv, L’Iran → iran, missiles → missile, U.S. → us."""
    surface = surface.replace("’", "'").replace(".", "" if surface[0].isalpha() else ".")
    head, sign, tail = surface.partition("'")
    if sign:
        surface = tail if len(head) <= 2 and len(tail) > 2 else head
    word = folded(surface)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
