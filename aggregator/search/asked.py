"""A question to search's index, and what it found. Touches neither network nor database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

# Where a stretch would hold as much of all, all is asked: the index finds 400 of a million by three words in 9 ms, and
# in 20 where it has to look at the spans too. Of several words in one headline there are few at any time.
ALL_AT_ONCE, ALL_AT_ONCE_IN_HEADLINES = 0.25, 0.1


class Match(NamedTuple):
    """An article that was found, and what facets count of it. holds: what was looked at one by one (Asked)"""

    article: int
    published_at: datetime
    source: int
    country: str
    category: str
    language: str
    holds: bool = True

    @property
    def key(self) -> tuple[datetime, int]:
        return self.published_at, self.article


@dataclass(frozen=True, slots=True)
class Matches:
    """The newest matches first. is_all: there are no others; reached: how far back was looked before time was over."""

    rows: list[Match]
    is_all: bool
    reached: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its limits. tsqueries: all must hold over SearchDocument.words; the first is of the words sought.

    in_index: the same as far as the index alone answers it, where tsqueries have phrases and may be asked of the newest
        few hundred alone; else empty
    one_by_one: a tsquery that is looked at in each article found, for Match.holds; "" for none
    has_prefix: some word is asked by its beginning: Postgres' index then reads all words that begin so, at all times
    since, until: aware; from, and before
    share: of all articles those that are found, about; 0 where nobody knows. It tells how far to look at first
    all_at_once: where a stretch of time holds as much of all articles, all is asked
    """

    tsqueries: tuple[str, ...]
    until: datetime
    since: datetime | None = None
    has_prefix: bool = False
    in_index: tuple[str, ...] = ()
    one_by_one: str = ""
    share: float = 0
    all_at_once: float = ALL_AT_ONCE

    def in_headlines(self, tsquery: str, words: int) -> "Asked":
        """The same of headlines alone. tsquery: of headlines, for the index; where it holds the words are found, that
        many of them.
        """
        part = ALL_AT_ONCE if words < 2 else ALL_AT_ONCE_IN_HEADLINES
        if self.in_index:
            in_index = (tsquery, *self.in_index[1:])
            return replace(self, tsqueries=(*self.tsqueries, tsquery), in_index=in_index, all_at_once=part)
        return replace(self, tsqueries=(tsquery, *self.tsqueries[1:]), all_at_once=part)

    def before(self, moment: datetime) -> "Asked":
        return replace(self, until=min(self.until, moment))


def both(tsqueries: Iterable[str]) -> str:
    return " & ".join(f"({tsquery})" for tsquery in tsqueries)
