"""The names of news agencies and outlets, by which others name them: those of outlets.txt, and a story's sources."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aggregator.comparing.words import words

FILE = Path(__file__).with_name("outlets.txt")
FEWEST_LETTERS = 3  # of a source's own name
_OF_ANOTHER = re.compile(r" of [A-Z]")  # The Times of Malta is not The Times
_RELEASED = re.compile(r"^(?:the|der|die|das|le|la|el) ")


@dataclass(frozen=True, slots=True)
class Known:
    """An outlet's name as it is looked for. name: as it is shown; forms: its words; text: as written."""

    name: str
    forms: tuple[str, ...]
    text: str


# By the first word of the name, and by its second, "" where it has none; the longest first.
Outlets = dict[str, dict[str, list[Known]]]


def lexicon(sources: Iterable[str] = ()) -> Outlets:
    """The names that are looked for: the known ones, and of these sources."""
    found = {first: {second: list(some) for second, some in shelf.items()} for first, shelf in _listed().items()}
    for source in sources:
        if len(source) >= FEWEST_LETTERS and words(source) and not resolved(source, found):
            _add(found, source, source)
    return found


@cache
def _listed() -> Outlets:
    found: Outlets = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, others = line.partition(": ")
            for text in (name, *(other for other in others.split(", ") if other)):
                _add(found, name, text)
    return found


def _add(found: Outlets, name: str, text: str) -> None:
    first, *others = (word.form for word in words(text))
    shelf = found.setdefault(first, {}).setdefault(others[0] if others else "", [])
    shelf.append(Known(name, (first, *others), text))
    shelf.sort(key=lambda known: -len(known.forms))


def key_of(source: str, outlets: Outlets) -> str:
    """What tells that a source is the outlet that others name: BBC News → bbc, The New York Times → new york times."""
    return released(resolved(source, outlets) or source)


def resolved(source: str, outlets: Outlets) -> str:
    """The outlet that a source's name begins with; "" where we know none."""
    forms = tuple(word.form for word in words(source))
    if not forms or _OF_ANOTHER.search(source):
        return ""
    shelf = outlets.get(forms[0], {})
    of_second = shelf.get(forms[1], ()) if len(forms) > 1 else ()
    return next(
        (known.name for known in (*of_second, *shelf.get("", ())) if forms[: len(known.forms)] == known.forms), ""
    )


def released(name: str) -> str:
    """A name as it is compared, without its article."""
    return _RELEASED.sub("", name.casefold())
