"""What a reader typed into the search field, as questions Postgres can answer. Touches neither network nor database.

Any text at all gives a Query: what can not be asked is left out, and a note tells the reader so.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import regex
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.keywords import KEYWORD_MAX_LENGTH, Keyword, KeywordError, Phrase, Step, parse_keyword, query_of
from aggregator.search.lexemes import IN_TITLE
from aggregator.stop_words import STOP_WORDS
from feeds.tsvector import quoted
from feeds.words import cleaned, is_unspaced, normalise

QUERY_MAX_LENGTH = 300
MOST_TERMS = 12

_ITEM = regex.compile(r'(?P<minus>(?<!\S)-+)?(?:"(?P<phrase>[^"]*+)(?P<end>"|$)|(?P<word>[^\s"]++))')
# NFKC and the one kind of apostrophe come from feeds.words; East Asian corner brackets quote too.
_QUOTES = str.maketrans(dict.fromkeys("「」『』《》", '"') | {"\0": " "})
_WORDED = regex.compile(r"[\p{L}\p{N}]")
_SHORT_ACRONYM = 2


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase of a query. text: as typed, without minus and quotation marks."""

    text: str
    keyword: Keyword
    is_phrase: bool = False

    @property
    def typed(self) -> str:
        return f'"{self.text}"' if self.is_phrase else self.text

    @property
    def phrases(self) -> Iterator[Phrase]:
        """Every row of words that counts as this term, to be marked where it stands."""
        for term in self.keyword.terms:
            yield from term


@dataclass(frozen=True)
class Query:
    """A query as understood. wanted: all must be found; excluded: none may. notes: what was left out, in sentences."""

    HOLDS_ARTICLES: ClassVar = ()  # aggregator.page_marks need not look
    text: str
    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_askable(self) -> bool:
        """Whether there is anything to look for: exclusions alone would find everything else."""
        return bool(self.wanted)

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Every row of words that counts as one of those wanted."""
        return tuple(phrase for term in self.wanted for phrase in term.phrases)

    @cached_property
    def has_prefix(self) -> bool:
        """Whether some word is asked by its beginning: war*, and every Korean word."""
        return any(step.is_prefix for phrase in self.phrases for step in phrase)

    @cached_property
    def normal_form(self) -> str:
        """Equal for two queries that ask the same."""
        wanted = sorted(term.keyword.normal_form for term in self.wanted)
        return "&".join(wanted + sorted("!" + term.keyword.normal_form for term in self.excluded))

    @cached_property
    def words(self) -> str:
        """What is wanted, in normal form: to be compared with names of sources and places."""
        return normalise(" ".join(term.text for term in self.wanted))

    @cached_property
    def in_documents(self) -> str:
        """A tsquery over SearchDocument.words: articles that are found by this, anywhere."""
        return " & ".join([*self._asked(self.wanted), *(f"!({asked})" for asked in self._asked(self.excluded))])

    @cached_property
    def in_index(self) -> str:
        """The same as in_documents, as far as the index alone can answer it: the words of phrases in any order.

        in_documents itself, where it has no phrases. Positions stand in the words of each document, and to unpack
        those of all that have the words of a phrase is what takes a search long.
        """
        if not self.has_phrase:
            return self.in_documents
        return " & ".join([*map(_anywhere, self._terms(self.wanted)), *self._excluded_by_index])

    @cached_property
    def has_phrase(self) -> bool:
        """Whether some words are asked in a row: "Orange County", and most of what is written without spaces."""
        return any(len(phrase) > 1 for phrases in self._terms((*self.wanted, *self.excluded)) for phrase in phrases)

    @property
    def wanted_lexemes(self) -> list[list[list[str]]]:
        """Of all that must be found the rows of words it may be, of each its lexemes."""
        return [[[step.lexeme for step in phrase] for phrase in phrases] for phrases in self._terms(self.wanted)]

    @cached_property
    def in_titles(self) -> str:
        """A tsquery over SearchDocument.words for headlines with all these words, wherever they stand in them.

        It needs no positions, so the index alone answers it. What is excluded stands nowhere in the article.
        """
        wanted = (_anywhere(phrases, IN_TITLE) for phrases in self._terms(self.wanted))
        return " & ".join([*wanted, *self._excluded_by_index])

    def without(self, dropped: Term) -> str:
        """The text of this query without one of its terms."""
        kept = [term.typed for term in self.wanted if term != dropped]
        return " ".join(kept + [f"-{term.typed}" for term in self.excluded])

    def replacing(self, words: Mapping[Term, str]) -> str:
        """The text of this query with other words in place of some of its terms."""
        kept = [words.get(term, term.typed) for term in self.wanted]
        return " ".join(kept + [f"-{term.typed}" for term in self.excluded])

    @property
    def _excluded_by_index(self) -> Iterator[str]:
        """Of what is excluded the single words: a phrase can not be excluded without its positions."""
        for phrases in self._terms(self.excluded):
            if all(len(phrase) == 1 for phrase in phrases):
                yield f"!({query_of([phrases])})"

    @staticmethod
    def _terms(terms: Iterable[Term]) -> Iterator[list[Phrase]]:
        for term in terms:
            for phrases in term.keyword.terms:
                yield [paired(phrase) for phrase in phrases]

    def _asked(self, terms: Iterable[Term]) -> Iterator[str]:
        for term in terms:
            yield query_of(self._terms([term]))


def parse(typed: str) -> Query:
    """Read a query: words, "phrases", -exclusions, prefix*, in any script. Never raises.

    A word in capitals is an acronym only where it would else be a common word: US and WHO, but NATO finds Nato.
    """
    text = cleaned(typed[: QUERY_MAX_LENGTH * 4].translate(_QUOTES))
    text = " ".join(text.split())
    notes = []
    if len(text) > QUERY_MAX_LENGTH:
        text = text[:QUERY_MAX_LENGTH].rpartition(" ")[0] or text[:QUERY_MAX_LENGTH]
        notes.append(_("Only the first %(limit)d characters were searched for.") % {"limit": QUERY_MAX_LENGTH})
    wanted: dict[str, Term] = {}
    excluded: dict[str, Term] = {}
    left_out = 0
    for item in _ITEM.finditer(text):
        try:
            term = _term(item)
        except KeywordError as error:
            notes.append(f"“{item['phrase'] or item['word']}”: {error}")
            continue
        if term is None:
            continue
        if len(wanted) + len(excluded) >= MOST_TERMS:
            left_out += 1
            continue
        (excluded if item["minus"] else wanted).setdefault(term.keyword.normal_form, term)
        if item["phrase"] is not None and not item["end"]:
            notes.append(_("A quotation mark was not closed; the phrase was taken to go on to the end."))
    if left_out:
        notes.append(
            ngettext("%(count)d word too many was left out.", "%(count)d words too many were left out.", left_out)
            % {"count": left_out}
        )
    if excluded and not wanted:
        notes.append(_("A search needs a word to look for: exclusions alone would show everything else."))
    elif text and not wanted and not notes:
        notes.append(_("A search needs at least one letter or digit."))
    return Query(text, tuple(wanted.values()), tuple(excluded.values()), tuple(notes))


def paired(phrase: Phrase) -> Phrase:
    """A phrase in which neighbours of a script without spaces are asked as pairs, as lexemes.py stores them.

    战争 is one lexeme then, which the index answers alone; 俄乌战争 is 俄乌, 乌战, 战争 in a row.
    """
    kept: list[Step] = []
    position = last = 0
    is_joined = False
    for step, after in zip(phrase, (*phrase[1:], None), strict=True):
        position += step.distance
        joins = after is not None and after.distance == 1 and is_unspaced(step.lexeme) and is_unspaced(after.lexeme)
        if joins or not is_joined:
            lexeme = step.lexeme + after.lexeme if joins and after else step.lexeme
            kept.append(Step(lexeme, step.is_prefix, position - last))
            last = position
        is_joined = joins
    return tuple(kept)


def _term(item: regex.Match) -> Term | None:
    """The term of one item; None for punctuation alone. Raises KeywordError with a sentence for the reader."""
    is_phrase = item["phrase"] is not None
    text = (item["phrase"].replace("+", " ") if is_phrase else item["word"]).strip()
    if not _WORDED.search(text):
        return None
    if len(text) > KEYWORD_MAX_LENGTH:
        raise KeywordError(
            _("A word or phrase of more than %(limit)d characters was left out.") % {"limit": KEYWORD_MAX_LENGTH}
        )
    return Term(text, parse_keyword(text, capitals_matter=_is_acronym(text)), is_phrase)


def _is_acronym(text: str) -> bool:
    word = normalise(text.rstrip("*"))
    return len(word) <= _SHORT_ACRONYM or word in STOP_WORDS


def _anywhere(phrases: Iterable[Phrase], marked: str = "") -> str:
    """A question for all words of one of these phrases, in whatever order. marked: how each of them begins.

    What another phrase asks already is left out: each word more makes the index look at thousands.
    """
    asked = {frozenset((step.lexeme, step.is_prefix) for step in phrase): None for phrase in phrases}
    least = [words for words in asked if not any(other < words for other in asked)]
    spelled = (
        " & ".join(quoted(marked + lexeme) + (":*" if is_prefix else "") for lexeme, is_prefix in sorted(words))
        for words in least
    )
    return "(" + " | ".join(f"({one})" for one in spelled) + ")"
