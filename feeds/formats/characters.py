"""The characters that XML 1.0 allows in a text, which Postgres takes as well. Pure."""

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def without_forbidden(text: str) -> str:
    """The text without the characters XML 1.0 does not allow: controls, half surrogate pairs, U+FFFE, U+FFFF."""
    return FORBIDDEN.sub("", text) if FORBIDDEN.search(text) else text
