"""How much of an article's text we keep: what its page forbids us to show is neither stored nor mined. Pure.

A curator's own rule for a source is another matter: there the text is kept, as the curator may think again.
"""

import re

from feeds.formats.plaintext import excerpt
from feeds.models import Display
from feeds.words import is_unspaced

EXCERPT_WORDS = 60
SIGNS_PER_WORD = 3  # in scripts that write no spaces
LONGEST_WORD = 40  # characters, with its blank; what is longer is none


def kept_text(text: str, *, display: str, max_snippet: int | None = None) -> str:
    """The part of a text that may be kept where its page lets so much be shown.

    display: a Display. max_snippet: characters an excerpt may have at most, where the page says so
    """
    if display == Display.FULL_TEXT:
        return text
    if display == Display.HEADLINE:
        return ""
    beginning = first_words(text, EXCERPT_WORDS)
    return beginning if max_snippet is None else excerpt(beginning, max_snippet) if max_snippet else ""


def first_words(text: str, words: int) -> str:
    """The beginning of a text: up to so many words, with an ellipsis where it goes on; of such a beginning, itself."""
    longest = words * (SIGNS_PER_WORD if is_without_spaces(text) else LONGEST_WORD)
    found = list(re.finditer(r"\S+", text[:longest]))
    if len(found) <= words:
        return text if len(text) <= longest else text[: longest - 1] + "…"
    return text[: found[words - 1].end()].rstrip(".,;:…") + "…"


def is_without_spaces(text: str) -> bool:
    """Whether most of a text's beginning is in a script that writes no spaces between words."""
    sample = text[:400]
    return not sample.isascii() and sum(map(is_unspaced, sample)) * 2 > len(sample)
