"""Whose text is whose: a wire report under many addresses is many articles with one text. Touches no database.

A text is the set of its shingles, three words each, or six signs where a sign is a word; its sketch is the smallest of
their hashes, so that two texts with much in common share some of it. Whether one is a copy is then told exactly,
without what two reporters share who listened to the same people: quotations, and strings of titles and names.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest
from itertools import groupby

COPIED = 0.8  # of a text's shingles, found in an earlier one
SKETCH_HASHES = 48
SHARED_HASHES = 4  # of two sketches: worth a closer look; texts that have nothing to do with each other share none
# Less is a teaser, a notice about cookies or a table of results.
FEWEST_SHINGLES = 60
MOST_CHARACTERS = 30_000
SIGNS_PER_SHINGLE = 6

# Thai, Lao, Burmese, Khmer, kana, Han: a sign is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARK = "\u0300-\u036f\u064b-\u065f\u0900-\u0dff"
_LETTER = rf"[^\W_{_UNSPACED}]"
# Letters with the marks among them, marks that no letter leads, a sign, a gap.
_WORD = re.compile(rf"{_LETTER}++(?:[{_MARK}]++{_LETTER}*+)*+|[{_UNSPACED}]|(?:[{_MARK}]++{_LETTER}*+)++|\0")
_PLAIN_WORD = re.compile(r"[a-z0-9]+|\0")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_MARKS = ("“”", "«»", "»«", "„“", "„”", "「」", "『』", '""', "‘’")
_QUOTATION = re.compile(
    "|".join(rf"{begin}[^{begin}{end}]{{12,800}}{end}" for begin, end in dict.fromkeys(map(tuple, _MARKS)))
)
_NAMES = re.compile(
    r"\b[A-ZÀ-ÞА-ЯΑ-Ω][\w'’.-]{0,30}(?: (?:(?:of|the|de|la|von|van|bin|al) ){0,2}[A-ZÀ-ÞА-ЯΑ-Ω][\w'’.-]{0,30}){1,9}"
)
_GAP = " \0 "  # no shingle reaches over what was taken out

_BITS = (1 << 64) - 1
_Hash = tuple[int, ...]
_FACTOR, _MIX = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9


def words_of(text: str) -> list[str]:
    """The words of a text in order and in lower case; in scripts without spaces, its signs."""
    return (_PLAIN_WORD if text.isascii() else _WORD).findall(text.casefold())


def shingles(text: str) -> frozenset[int]:
    """The hashes, 63 bits each, of what is the reporter's own in a text; the same everywhere and always."""
    text = _NAMES.sub(_GAP, _QUOTATION.sub(_GAP, text[:MOST_CHARACTERS]))
    words = words_of(text)
    rows_of = _rows_of_signs if _is_unspaced(words) else _rows_of_words
    found: set[int] = set()
    for is_text, run in groupby(map(_hash, words), bool):
        if is_text:
            values = rows_of(list(run))
            found.update([(((value ^ (value >> 31)) * _MIX) & _BITS) >> 1 for value in values])
    return frozenset(found)


def sketch_of(found: frozenset[int]) -> list[int]:
    """The smallest of a text's shingles; nothing for a text too short to be told from another."""
    return nsmallest(SKETCH_HASHES, found) if len(found) >= FEWEST_SHINGLES else []


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """How much of one text is in the other, 0 to 1."""
    return len(one & other) / len(one) if one else 0.0


def is_copy(later: frozenset[int], earlier: frozenset[int]) -> bool:
    """Say whether nearly all of a text stands in an earlier one."""
    return len(later) >= FEWEST_SHINGLES and containment(later, earlier) > COPIED


def origins(earliest_first: Sequence[int], contained_in: Mapping[int, Iterable[int]]) -> dict[int, int]:
    """Of each article that is a copy, which one it is of: the earliest, itself none. Ids; never a chain.

    contained_in: the articles that have the text of this one
    """
    rank = {pk: place for place, pk in enumerate(earliest_first)}
    found: dict[int, int] = {}
    for pk in earliest_first:
        earlier = [found.get(other, other) for other in contained_in.get(pk, ()) if rank[other] < rank[pk]]
        if earlier:
            found[pk] = min(earlier, key=rank.__getitem__)
    return found


def _rows_of_words(hashes: Sequence[_Hash]) -> list[int]:
    """Of each row of three words one number, 64 bits, that tells its words and their order."""
    firsts, seconds, thirds = zip(*hashes, strict=True)
    return [(one + two + three) & _BITS for one, two, three in zip(firsts, seconds[1:], thirds[2:], strict=False)]


def _rows_of_signs(hashes: Sequence[_Hash]) -> list[int]:
    """The same of each row of six signs."""
    numbers = [number for _, _, number in hashes]
    rows = numbers
    for place in range(1, SIGNS_PER_SHINGLE):
        rows = [(value * _FACTOR + number) & _BITS for value, number in zip(rows, numbers[place:], strict=False)]
    return rows


def _is_unspaced(words: Sequence[str]) -> bool:
    sample = words[:400]
    if "".join(sample).isascii():
        return False
    return sum(_IS_UNSPACED.match(word) is not None for word in sample) * 2 > len(sample)


@lru_cache(maxsize=30_000)
def _hash(word: str) -> _Hash:
    """64 bits of a word as they count in a row of three: first, second and third. Nothing for a gap."""
    if word == "\0":
        return ()
    number = int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()) | 1
    return (number * _FACTOR * _FACTOR) & _BITS, (number * _FACTOR) & _BITS, number
