"""What to try where nothing is found: another spelling, no filters, without the rarest word. Each finds something."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import regex

from aggregator.frequencies import frequencies_of
from aggregator.search.filters import Filters
from aggregator.search.finding import is_found
from aggregator.search.queries import Query, Term, parse
from aggregator.search.searching import asked_for
from aggregator.search.spelling import near
from feeds.words import normalise

NO_FILTERS = Filters()
_HAN_ROW = regex.compile(r"\p{Han}{4,}")
_PAIR = regex.compile(r"\p{Han}{2}(?:\p{Han}$)?")
MOST_LOOKED_UP = 2  # words that may be misspelled
MOST_LEFT_OUT = 3  # words of which one is left out, until something is found


@dataclass(frozen=True, slots=True)
class Suggestion:
    """kind: spelling, apart, filters or fewer; query: what to search for instead; dropped: the word left out."""

    kind: str
    query: str
    dropped: str = ""


def suggestions_for(query: Query, filters: Filters, *, now: datetime) -> list[Suggestion]:
    """What would find something in place of a query that found nothing.

    Nothing for words asked by their beginning: each look at all words that begin so may take long.
    """
    if not query.is_askable or query.has_prefix:
        return []
    known = frequencies_of(word for term in query.wanted for word in normalise(term.text).split())
    tried = (respelled(query, known), apart(query), fewer_filters(query, filters), fewer_words(query, known))
    found = (next((one for one in kind if finds(one, filters, now)), None) for kind in tried)
    return [one for one in found if one]


def respelled(query: Query, known: Mapping[str, int]) -> Iterator[Suggestion]:
    """The query with words that nobody wrote put right."""
    unknown = [term for term in query.wanted if is_plain(term) and normalise(term.text) not in known]
    meant = {term: word for term in unknown[:MOST_LOOKED_UP] if (word := near(normalise(term.text)))}
    if meant:
        yield Suggestion("spelling", query.replacing(meant))


def apart(query: Query) -> Iterator[Suggestion]:
    """The query with long rows of Han characters in pairs, which is how most words there are written: 日本 经济."""
    pairs = {term: " ".join(_PAIR.findall(term.text)) for term in query.wanted if _HAN_ROW.fullmatch(term.text)}
    if pairs:
        yield Suggestion("apart", query.replacing(pairs))


def fewer_filters(query: Query, filters: Filters) -> Iterator[Suggestion]:
    if filters.has_any:
        yield Suggestion("filters", query.text)


def fewer_words(query: Query, known: Mapping[str, int]) -> Iterator[Suggestion]:
    """The query without one of its terms: first the one whose rarest word fewest articles have."""

    def frequency(term: Term) -> int:
        return min((known.get(word, 0) for word in normalise(term.text).split()), default=0)

    if len(query.wanted) > 1:
        for rare in sorted(query.wanted, key=frequency)[:MOST_LEFT_OUT]:
            yield Suggestion("fewer", query.without(rare), rare.typed)


def is_plain(term: Term) -> bool:
    return not term.is_phrase and " " not in normalise(term.text) and "*" not in term.text


def finds(suggestion: Suggestion, filters: Filters, now: datetime) -> bool:
    """Whether there is anything to find by this, under the same filters but where those are what is dropped."""
    query, kept = parse(suggestion.query), NO_FILTERS if suggestion.kind == "filters" else filters
    return is_found(asked_for(query, kept, until=now))
