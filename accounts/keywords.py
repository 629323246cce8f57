"""A typed keyword to a query over an article's words. Touches neither network nor database.

`parse_keyword` reads what a reader typed; the Keyword it gives can be asked in Postgres (``tokens @@ query``) and in
Python (`matches`), with the same answer. `blocked_query` is all of a reader's keywords as one question.
"""

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex
from django.utils.translation import gettext as _

from feeds.formats.characters import without_forbidden
from feeds.tsvector import quoted
from feeds.words import Token, acronym_lexeme, cleaned, is_hangul, is_unspaced, lexemes, tokens

KEYWORD_MAX_LENGTH = 100


class Where(enum.IntFlag):
    """The parts of an article a keyword is looked for in."""

    TITLE = 1
    DESCRIPTION = 2
    TAGS = 4
    SOURCE = 8
    TITLE_AND_DESCRIPTION = TITLE | DESCRIPTION

    @property
    def weights(self) -> str:
        """The same as weights of a tsvector: "AB" for title and description."""
        return "".join(weight for weight, part in zip("ABCD", _PARTS, strict=True) if part in self)


_PARTS = (Where.TITLE, Where.DESCRIPTION, Where.TAGS, Where.SOURCE)


class KeywordError(ValueError):
    """What was typed is no keyword; the sentence tells the reader why."""


class Step(NamedTuple):
    """One lexeme of a phrase. distance: positions after the step before it."""

    lexeme: str
    is_prefix: bool
    distance: int


Phrase = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Keyword:
    """What to look for, and where.

    terms:       all must be found; each is given as the phrases that stand for it (super-bad: two words, or one)
    normal_form: equal for two keywords that ask the same of the same words
    """

    text: str
    terms: tuple[tuple[Phrase, ...], ...]
    normal_form: str
    where: Where = Where.TITLE_AND_DESCRIPTION

    @property
    def query(self) -> str:
        """The keyword as a Postgres tsquery literal, to be cast: %s::tsquery."""
        return query_of(self.terms, self.where.weights)

    def matches(
        self, *, title: str = "", description: str = "", tags: Iterable[str] = (), source_name: str = ""
    ) -> bool:
        """Whether an article with these parts is one the keyword hides: what the query answers, in Python."""
        parts = [(Where.TITLE, title), (Where.DESCRIPTION, description), (Where.SOURCE, source_name)]
        parts += [(Where.TAGS, tag) for tag in tags]
        fields = [_places(text) for part, text in parts if part in self.where]
        return all(any(_stands(phrase, field) for phrase in term for field in fields) for term in self.terms)


@lru_cache(maxsize=4096)  # a reader's thousand are read again with each change of one
def parse_keyword(text: str, *, where: Where = Where.TITLE_AND_DESCRIPTION, capitals_matter: bool = True) -> Keyword:
    """Read a keyword as a reader types it: ``war``, ``war*``, ``European Union``, ``trump + tariff``, ``US``, ``战争``.

    capitals_matter: a word of 2 to 4 capitals is an acronym and matches only capitals; False turns that off.
    Raises KeywordError with a sentence for the reader.
    """
    typed = without_forbidden(text).strip()
    if len(typed) > KEYWORD_MAX_LENGTH:
        raise KeywordError(_("A keyword has at most %(limit)d characters.") % {"limit": KEYWORD_MAX_LENGTH})
    terms, forms = [], []
    for part in cleaned(typed).split("+"):
        if words := _words(part, capitals_matter=capitals_matter):
            terms.append(_phrases(words))
            forms.append(_spelled(words))
    if not terms:
        raise KeywordError(_("A keyword needs at least one letter or digit."))
    return Keyword(typed, tuple(terms), " + ".join(sorted(set(forms))), where)


def blocked_query(keywords: Iterable[tuple[Keyword, int]]) -> str:
    """All keywords of a reader as one tsquery literal: any of them hides an article. Empty for no keywords.

    Each comes with how many articles it was found to hide. Postgres stops at the first that matches: those that hide
    most stand first, then short ones, being likely and cheap; and the nesting is balanced, or each article would cost
    a descent through all of them. At 1,000 keywords that hide nearly all: four to ten times faster.
    """
    ranks: dict[str, tuple[int, int, int, str]] = {}
    for keyword, hides in keywords:
        query = keyword.query
        ranks[query] = -hides, len(keyword.terms) * len(keyword.terms[0][0]), len(query), query
    return _either(sorted(ranks, key=ranks.__getitem__))


def _either(queries: list[str]) -> str:
    if len(queries) < 2:
        return "".join(queries)
    half = len(queries) // 2
    return f"({_either(queries[:half])}) | ({_either(queries[half:])})"


def query_of(terms: Iterable[Iterable[Phrase]], weights: str = "") -> str:
    """All these terms as one tsquery literal, each given as the phrases that stand for it.

    weights: the fields to look in, as "AB"; without, all of them, which Postgres answers from its index alone
    """
    return "(" + ") & (".join(" | ".join(_phrase_query(phrase, weights) for phrase in term) for term in terms) + ")"


def _phrase_query(phrase: Phrase, weights: str) -> str:
    marks = (f":{'*' if step.is_prefix else ''}{weights}".rstrip(":") for step in phrase)
    operands = [f"{quoted(step.lexeme)}{mark}" for step, mark in zip(phrase, marks, strict=True)]
    return operands[0] + "".join(
        f" <{step.distance}> {operand}" for step, operand in zip(phrase[1:], operands[1:], strict=True)
    )


class _Word(NamedTuple):
    """A word of a keyword. lexeme: what is looked for, capitals for an acronym."""

    word: str
    lexeme: str
    is_prefix: bool
    distance: int
    is_hyphenated: bool


def _words(part: str, *, capitals_matter: bool) -> list[_Word]:
    """The words of one part between pluses. Raises KeywordError where a star stands wrong."""
    if _MISPLACED_STAR.search(part):
        raise KeywordError(_("A star stands at the end of a word: war* finds wars and warning."))
    chunks = [tokens(chunk) for chunk in part.split("*")]
    # A phrase all in capitals is a reader with caps lock on, not a row of acronyms.
    capitals_matter = capitals_matter and (sum(map(len, chunks)) == 1 or not part.isupper())
    words = []
    for number, chunk in enumerate(chunks):
        has_star = number < len(chunks) - 1
        position = 0
        for token in chunk:
            is_starred = has_star and token is chunk[-1]
            words.append(_word(token, token.position - position, is_starred, capitals_matter))
            position = token.position
    return words


def _word(token: Token, distance: int, is_starred: bool, capitals_matter: bool) -> _Word:
    if is_unspaced(token.word):
        return _Word(token.word, token.word, False, distance, False)
    if is_hangul(token.word):
        return _Word(token.word, token.word, True, distance, False)
    if is_starred and sum(map(str.isalnum, token.word)) < 2:
        raise KeywordError(_("At least two letters must stand before a star."))
    lexeme = acronym_lexeme(token.word) if token.is_acronym and capitals_matter else token.word
    return _Word(token.word, lexeme, is_starred, distance, token.is_hyphenated)


# A star belongs behind a word (the dot is that of U.S.*) and has none behind it.
_MISPLACED_STAR = regex.compile(r"(?<![\p{L}\p{N}\p{M}.])\*|\*(?=[\p{L}\p{N}\p{M}])")
_PHRASES_MAX = 8


def _phrases(words: list[_Word]) -> tuple[Phrase, ...]:
    """The phrases a row of words stands for: a hyphenated word counts as its parts and as the joined form."""
    phrases: list[Phrase] = [()]
    groups = list(_hyphenated(words))
    for number, parts in enumerate(groups):
        choices = [tuple(Step(word.lexeme, word.is_prefix, word.distance) for word in parts)]
        if len(phrases) * 2 <= _PHRASES_MAX:
            choices += _other_spellings(parts, is_inner=0 < number < len(groups) - 1)
        phrases = [phrase + choice for phrase in phrases for choice in choices]
    return tuple(phrases)


def _other_spellings(parts: list[_Word], *, is_inner: bool) -> list[Phrase]:
    """The joined form of a hyphenated word; for a plain one, that the text may hyphenate it.

    A text's "super-bad" has superbad at the positions of both its parts, so within a phrase it is superbad twice.
    """
    last = parts[-1]
    if len(parts) > 1:
        return [(Step("".join(word.word for word in parts), last.is_prefix, parts[0].distance),)]
    if is_inner and not is_unspaced(last.word) and not is_hangul(last.word):
        return [tuple(Step(last.lexeme, last.is_prefix, distance) for distance in (last.distance, 1))]
    return []


def _hyphenated(words: list[_Word]) -> Iterator[list[_Word]]:
    """Split a row of words where no hyphen ties them."""
    parts: list[_Word] = []
    for word in words:
        parts.append(word)
        if not word.is_hyphenated:
            yield parts
            parts = []


def _spelled(words: list[_Word]) -> str:
    spelled = ""
    for previous, word in zip([None, *words], words, strict=False):
        if previous and previous.is_hyphenated:
            spelled += "-"
        elif previous and not (is_unspaced(previous.word) and is_unspaced(word.word) and word.distance == 1):
            spelled += " "
        spelled += word.lexeme + ("*" if word.is_prefix and not is_hangul(word.word) else "")
    return spelled


def _places(text: str) -> dict[str, set[int]]:
    places = defaultdict(set)
    for lexeme, position in lexemes(text):
        places[lexeme].add(position)
    return places


def _stands(phrase: Phrase, places: dict[str, set[int]]) -> bool:
    ends: set[int] | None = None
    for step in phrase:
        found = _found(step, places)
        ends = found if ends is None else {end + step.distance for end in ends} & found
    return bool(ends)


def _found(step: Step, places: dict[str, set[int]]) -> set[int]:
    if not step.is_prefix:
        return places.get(step.lexeme, set())
    return set().union(*(found for lexeme, found in places.items() if lexeme.startswith(step.lexeme)))
