"""How near an extracted article is to what a person took from the page."""

import re
import unicodedata

_MARKS = str.maketrans("‘’‚‛´`“”„‟«»–—―‐‑", "''''''" + 6 * '"' + 5 * "-")


def shingle_f1(found: str, gold: str, size: int = 5) -> float:
    """F1 of the word 5-shingles of two texts, 0 to 1."""
    ours, theirs = _shingles(found, size), _shingles(gold, size)
    common = len(ours & theirs)
    return 2 * common / (len(ours) + len(theirs)) if ours or theirs else 1.0


def _shingles(text: str, size: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1))} if words else set()


def same_title(found: str, gold: str) -> bool:
    """Whether two titles are the same but for case, marks, and a kicker or site name of one of them."""
    ours, theirs = _words(found), _words(gold)
    short, long = sorted((ours, theirs), key=len)
    if not short or len(short) < len(long) / 2:
        return False
    return short in (long[: len(short)], long[-len(short) :])


def equal_title(found: str, gold: str) -> bool:
    """Whether two titles are the same but for case, blanks and the form of quotation marks and dashes."""
    return _plain(found) == _plain(gold)


def _plain(title: str) -> str:
    plain = unicodedata.normalize("NFKC", title.replace("\xad", "")).translate(_MARKS)
    return " ".join(plain.casefold().split())


def _words(title: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", title.replace("\xad", "")).casefold())
