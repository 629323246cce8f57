"""Where in a text the words of a query stand, and the piece of a text that shows them. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import regex

from accounts.keywords import Phrase, Step
from feeds.words import cleaned, folded, is_unspaced, lexemes

SNIPPET_LENGTH = 240
LEAD_IN = 50  # characters before the first match
MOST_PLACES = 3  # of a word in a long text, that are looked at more closely
READ_AT_MOST = 2000

Span = tuple[int, int]

# What may hold words; its last character is a letter, digit or mark. Scripts without spaces are parted below.
_RUN = regex.compile(r"[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}\p{Cf}]|['’ʼ‘.,‐‑-](?=[\p{L}\p{N}]))*+", regex.V1)
# What a word may stand in without all its letters standing in a row: U.S., super-bad.
_TIED = re.compile(r"[A-Za-z0-9][.-][A-Za-z0-9]")
# What stands between two characters of such a script without parting them (feeds.words).
_NO_BREAK = regex.compile(r"[\s·・‧•'-]*+")


def spans_of(phrases: Iterable[Phrase], text: str) -> list[Span]:
    """Where these rows of words stand in a text, in order, neighbours as one."""
    phrases = _that_may_stand_in(text, phrases)
    if not phrases:
        return []
    if _is_plain(phrases, text):
        return _plain_spans({phrase[0] for phrase in phrases}, text)
    runs, positions = _read(text, phrases)
    marked: set[int] = set()
    for phrase in phrases:
        for end in _ends(phrase, positions):
            marked.update(range(end - sum(step.distance for step in phrase[1:]), end + 1))
    return _joined([(start, end) for position, start, end in runs if position in marked], text)


def _is_plain(phrases: Sequence[Phrase], text: str) -> bool:
    """Whether these are single words, and the text is in plain letters."""
    return text.isascii() and not _TIED.search(text) and all(len(phrase) == 1 for phrase in phrases)


def _plain_spans(sought: Iterable[Step], text: str) -> list[Span]:
    """The same for single words and a text in plain letters: only runs in which their letters stand are read."""
    found: set[Span] = set()
    lowered = text.lower()
    for lexeme, is_prefix, _distance in sought:
        letters = lexeme.lower()
        at = lowered.find(letters)
        while at >= 0:
            start, end = text.rfind(" ", 0, at) + 1, text.find(" ", at + len(letters))
            for run in _RUN.finditer(text, start, end if end >= 0 else len(text)):
                met, _width = _lexemes(run[0])
                if any(one.startswith(lexeme) if is_prefix else one == lexeme for one, _ in met):
                    found.add(run.span())
            at = lowered.find(letters, end) if end >= 0 else -1
    return _joined(sorted(found), text)


def _joined(places: Iterable[Span], text: str) -> list[Span]:
    """Places of words, neighbours as one."""
    spans: list[Span] = []
    for start, end in places:
        if spans and not text[spans[-1][1] : start].strip(" \u00a0"):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


def snippet(phrases: Iterable[Phrase], text: str) -> tuple[str, list[Span]]:
    """The piece of a text in which most of these rows of words stand, and where; its beginning where none does."""
    phrases = list(phrases)
    starts = list(dict.fromkeys(max(0, place - LEAD_IN) for place in _places(phrases, text)))
    if len(starts) == 1 or len(phrases) == 1:  # as mostly: read once, not to choose it and then to mark it
        for start in starts:
            piece = _cut(text, start)
            if spans := spans_of(phrases, piece):
                return piece, spans
        starts = []
    best, most = 0, 0
    for start in starts:
        met = _met(phrases, text[start : start + SNIPPET_LENGTH])
        if met > most:
            best, most = start, met
        if met == len(phrases):
            break
    piece = _cut(text, best)
    return piece, spans_of(phrases, piece)


def _met(phrases: Sequence[Phrase], text: str) -> int:
    """How many of these rows of words a text has."""
    if _is_plain(phrases, text):
        return sum(bool(_plain_spans(phrase, text)) for phrase in phrases)
    _, positions = _read(text, phrases)
    return sum(bool(_ends(phrase, positions)) for phrase in phrases)


def _that_may_stand_in(text: str, phrases: Iterable[Phrase]) -> list[Phrase]:
    """Those for which it is worth reading a text: it is not where not even their letters stand in it."""
    letters = _closed_up(folded(cleaned(text)))
    return [phrase for phrase in phrases if all(part in letters for part in _letters_of(phrase))]


@lru_cache(maxsize=1_000)
def _letters_of(phrase: Phrase) -> tuple[str, ...]:
    return tuple(_closed_up(folded(step.lexeme)) for step in phrase)


def _closed_up(letters: str) -> str:
    """Without what may stand within a word: U.S., super-bad."""
    return letters.replace(".", "").replace("-", "")


def _places(phrases: Sequence[Phrase], text: str) -> list[int]:
    """Where in a text these words may stand: found as letters, which is fast; where that fails by reading it."""
    if len(text) <= SNIPPET_LENGTH:
        return [LEAD_IN]
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that is two in lower case would move all behind it
        lowered = text
    places: list[int] = []
    for word in dict.fromkeys(phrase[0].lexeme.lower() for phrase in phrases):
        at = lowered.find(word)
        for _ in range(MOST_PLACES):
            if at < 0:
                break
            places.append(at)
            at = lowered.find(word, at + SNIPPET_LENGTH // 2)
    if not places:
        places = [start for start, _ in spans_of(phrases, text[:READ_AT_MOST])[:MOST_PLACES]]
    return sorted(places)


def _cut(text: str, start: int) -> str:
    """Some words of a text from about `start`, with "…" where it goes on."""
    if start > 0:
        blank = text.find(" ", start, start + 25)
        start = blank + 1 if blank >= 0 else start
    end = start + SNIPPET_LENGTH
    if end < len(text):
        blank = text.rfind(" ", end - 25, end)
        end = blank if blank >= 0 else end
    piece = " ".join(text[start:end].split())
    return ("…" if start else "") + piece + ("…" if end < len(text) else "")


def _read(
    text: str, phrases: Iterable[Phrase]
) -> tuple[list[tuple[int, int, int]], Mapping[tuple[str, bool], set[int]]]:
    """The words of a text as (position, start, end), and at which positions each (lexeme, is_prefix) is met."""
    steps = {(step.lexeme, step.is_prefix) for phrase in phrases for step in phrase}
    exact = {lexeme for lexeme, is_prefix in steps if not is_prefix}
    beginnings = tuple(lexeme for lexeme, is_prefix in steps if is_prefix)
    runs: list[tuple[int, int, int]] = []
    met: dict[tuple[str, bool], set[int]] = defaultdict(set)
    position, end_before, was_unspaced = 0, 0, False
    for run in _RUN.finditer(text):
        word = run[0]
        parts = [(*run.span(), False)] if word.isascii() else _parts(word, run.start())
        for start, end, is_single in parts:
            part = text[start:end]
            is_plain = part.isascii() and part.isalnum() and not part.isupper()
            if is_plain and (word := part.lower()) not in exact and not word.startswith(beginnings):
                position, end_before, was_unspaced = position + 1, end, False  # most have one form, and are not sought
                runs.append((position, start, end))
                continue
            if was_unspaced and is_single and not _NO_BREAK.fullmatch(text, end_before, start):
                position += 1
            found, width = _lexemes(part)
            for lexeme, offset in found:
                if lexeme in exact:
                    met[lexeme, False].add(position + offset)
                if beginnings and lexeme.startswith(beginnings):
                    for beginning in beginnings:
                        if lexeme.startswith(beginning):
                            met[beginning, True].add(position + offset)
            for offset in range(1, width + 1):
                runs.append((position + offset, start, end))
            position, end_before, was_unspaced = position + width, end, is_single
    return runs, met


def _parts(run: str, start: int) -> list[tuple[int, int, bool]]:
    """A run as (start, end, whether it is one character of a script without spaces)."""
    if max(run) <= "\u0dff":
        return [(start, start + len(run), False)]
    parts: list[tuple[int, int, bool]] = []
    for at, character in enumerate(run, start):
        if is_unspaced(character):
            parts.append((at, at + 1, True))
        elif parts and not parts[-1][2]:
            parts[-1] = (parts[-1][0], at + 1, False)
        else:
            parts.append((at, at + 1, False))
    return parts


def _lexemes(run: str) -> tuple[tuple[tuple[str, int], ...], int]:
    """What a run of letters is found by, with positions from 1, and how many positions it takes."""
    if run.isascii() and run.isalnum() and not run.isupper():  # most are, and have one form (feeds.words)
        return ((run.lower(), 1),), 1
    return _lexemes_read(run)


@lru_cache(maxsize=20_000)
def _lexemes_read(run: str) -> tuple[tuple[tuple[str, int], ...], int]:
    found = tuple(lexemes(run))
    return found, max((offset for _, offset in found), default=0)


def _ends(phrase: Phrase, positions: Mapping[tuple[str, bool], set[int]]) -> set[int]:
    """The positions at which this row of words ends."""
    first, *others = phrase
    ends = positions.get((first.lexeme, first.is_prefix), set())
    for step in others:
        ends = {end + step.distance for end in ends} & positions.get((step.lexeme, step.is_prefix), set())
    return ends
