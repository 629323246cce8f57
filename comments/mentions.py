"""Who is named in a text, as @Anna or @Anna Petrova. Touches neither network nor database.

Names are those of people in the same discussion, so they may hold blanks, and nobody else can be called in.
"""

from collections.abc import Iterable
from itertools import islice

import regex

from accounts.display_names import name_key

LOOKED_AT = 50  # signs of a text; more call nobody

# An @ that does not stand within an address.
_AT = regex.compile(r"(?<![\p{L}\p{N}.@/_-])@(?=\S)")
_WORD_GOES_ON = regex.compile(r"[\p{L}\p{N}\p{M}]")


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names that the text calls, in its order, each once. The longest name that fits is meant.

    Case does not matter, nor which of the letters that look alike was typed.
    """
    by_key = {name_key(name): name for name in names if name}
    lengths = sorted({len(name) for name in by_key.values()}, reverse=True)
    found: dict[str, None] = {}
    for at in islice(_AT.finditer(text), LOOKED_AT):
        if name := _longest(text, at.end(), lengths, by_key):
            found[name] = None
    return list(found)


def _longest(text: str, start: int, lengths: list[int], by_key: dict[str, str]) -> str:
    for length in lengths:
        end = start + length
        if end <= len(text) and not _WORD_GOES_ON.match(text, end):
            name = by_key.get(name_key(text[start:end]))
            if name:
                return name
    return ""
