"""What a comparison consists of: a dataclass for each section of the story's page, and for what stands in them.

Nothing is computed here, so that whoever shows a comparison loads none of what makes it. Each type is filled by the
module of its section.

METHOD says which way of comparing it is. Raise it with every change by which the same articles would give another
comparison, in any section: whatever was kept until then is made anew, of stories that grow no more as well. Other
fields here tell themselves apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

METHOD = 4
# Which fields of Comparison an earlier method had not, where all else of what it made can still be read and shown: all
# at the end, with a value of their own.
ADDED_SINCE: Mapping[int, tuple[str, ...]] = {2: ("origins",), 3: ()}

Id = int | str
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence behind a figure. marks: where in it, as (begin, end), in order.

    is_hidden: the reader's choices hide the article; there are no words then
    """

    article: Id
    source: str
    country: str
    sentence: str
    marks: tuple[Span, ...] = ()
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The article under whose headline the story stands for readers of its language."""

    language: str
    article: Id


@dataclass(frozen=True, slots=True)
class Summary:
    """The story in numbers, over all its articles. headline: the article nearest its centre; heads: by language.

    compared: how many articles the sections below were computed from; first: the first to publish, None where no
    date can be believed
    """

    headline: Id
    title: str
    language: str
    articles: int
    sources: int
    countries: int
    languages: int
    first: Id | None
    first_source: str
    first_at: datetime | None
    compared: int
    heads: tuple[Head, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The first time a source told the story."""

    article: Id
    source: str
    country: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """An outlet that sources name as where they have it from, be it one of ours or not.

    sources, countries: those that name it, since named_at; article, first_at: its own first report, where it is among
    the story's; evidence: a sentence of each source, the earliest first, its mark the name
    """

    text: str
    sources: int
    countries: tuple[str, ...]
    named_at: datetime
    article: Id | None
    first_at: datetime | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """An article in its country's column. own: words that no other country's headline in its language has;
    common: those that half of the countries' headlines have. lead: its first paragraph, cut.
    """

    article: Id
    source: str
    language: str
    published_at: datetime
    title: str
    own: tuple[Span, ...]
    common: tuple[Span, ...]
    lead: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A country. first_at: its first report, None where no date can be believed; articles: how many it has in all."""

    country: str
    articles: int
    sources: int
    first_at: datetime | None
    headlines: tuple[Headline, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """A word or two that set a side apart.

    text:      as it is most often written
    z:         standard errors from what the others say; here, there: in how many sentences, three of an article
    evidence:  the sentences of `here`, twelve at most, the example first; there_evidence: of `there`, three at most
    """

    text: str
    z: float
    here: int
    there: int
    sources: int
    evidence: tuple[Evidence, ...]
    there_evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """How a country words the story in one language, against `others`, the countries that tell it in that language.

    articles: those whose words were counted, which copies are not
    """

    country: str
    language: str
    articles: tuple[Id, ...]
    sources: int
    others: tuple[str, ...]
    words: tuple[Apart, ...]


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name in a country's articles. sources: distinct ones that use it; evidence: a sentence of each article."""

    name: str
    sources: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class CalledBy:
    """What a country calls it, the most used first. sources: its distinct ones that use any of the names."""

    country: str
    sources: int
    uses: tuple[NameUse, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """A set whose names divide the countries; the country with most sources first. note, reference: the curator's
    words on why they are told apart, and the address of a page that says so.
    """

    language: str
    names: tuple[str, ...]
    note: str
    reference: str
    countries: tuple[CalledBy, ...]


@dataclass(frozen=True, slots=True)
class QuoteUse:
    """One article's use of a quotation. evidence: the sentence around, its mark the words quoted.

    left_out: the parts of the longest version that this one has not, as (begin, end) in that.
    """

    evidence: Evidence
    text: str
    left_out: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SharedQuote:
    """A quotation that several sources have, in its longest version; uses in order of time, one per source."""

    text: str
    language: str
    countries: tuple[str, ...]
    sources: int
    uses: tuple[QuoteUse, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of a speaker's words a country's articles quote, and in how many of its sources."""

    country: str
    words: int
    sources: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody quoted. text: the name; words: quoted in all; countries: the one that quotes most first."""

    text: str
    words: int
    countries: tuple[Heard, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Only:
    """A number, name or quotation. sources: those of the country that have it; looked_through: others that have not."""

    text: str
    sources: int
    looked_through: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class OnlyHere:
    """What only this country's articles have; what most of its sources have first."""

    country: str
    articles: tuple[Id, ...]
    sources: int
    numbers: tuple[Only, ...]
    names: tuple[Only, ...]
    quotes: tuple[Only, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value and who gives it. text: with its unit, as written; first_at: when the earliest of those articles was
    published
    """

    value: float
    text: str
    countries: tuple[str, ...]
    sources: int
    evidence: tuple[Evidence, ...]
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Differing:
    """Several values for one thing, the smallest first. what: the word counted, as it is compared."""

    what: str
    language: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """An article with another's text. share: how much of its own words stand there, 0 to 1."""

    article: Id
    source: str
    country: str
    share: float


@dataclass(frozen=True, slots=True)
class CopiedText:
    """The first to publish a text, and those that have it; sources: how many distinct ones, the first among them."""

    origin: Id
    source: str
    country: str
    copies: tuple[Copy, ...]
    partly: tuple[Copy, ...]
    sources: int
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """How many of a country's polled sources tell the story: "9 of 14"."""

    country: str
    sources: int
    polled: int


@dataclass(frozen=True, slots=True)
class Silence:
    """A country with nothing. usually: the median of its sources that told a story like this; stories: how many such.

    probability: of none at all, were this a story like those
    """

    country: str
    polled: int
    usually: float
    stories: int
    probability: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How countries tell a story: the sections of its page in their order. What would mean nothing is empty.

    silent: None where nothing is known of what countries usually tell
    """

    story: Summary
    timeline: tuple[Report, ...]
    columns: tuple[Column, ...]
    wording: tuple[Side, ...]
    naming: tuple[Naming, ...]
    quotes: tuple[SharedQuote, ...]
    speakers: tuple[Speaker, ...]
    only_here: tuple[OnlyHere, ...]
    differing: tuple[Differing, ...]
    copied: tuple[CopiedText, ...]
    voices: tuple[Voice, ...]
    silent: tuple[Silence, ...] | None
    origins: tuple[Origin, ...] = ()
