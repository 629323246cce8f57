"""Cuts off what makes a page dear to read, and no real one has. Pure."""

import re
from itertools import islice

MAX_TAGS = 40_000  # of real pages seen, the longest live reports have 10,000; trafilatura needs 3 s for 40,000

_ENDLESS_TAG = re.compile(r"<[a-zA-Z][^<>]{250000,}>?")  # libxml2's time grows with the square of the attributes


def bounded(markup: str) -> str:
    """The same without endless tags, and cut where it has tags by the ten thousand."""
    markup = _ENDLESS_TAG.sub("", markup)
    if markup.count("<") <= MAX_TAGS:
        return markup
    last = next(islice(re.finditer("<", markup), MAX_TAGS, None))
    return markup[: last.start()]
