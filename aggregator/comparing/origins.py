"""Where the sources have it from: who they themselves name as having reported it, among our sources or not.

By looking, not by a statistic. An agency or outlet is known by its name (outlets.txt, the story's own sources), by
what names of papers are made of ("Kansas City Star") or by what is said before it ("the news agency X"). It is named
as an origin where words of attribution stand beside it in the same sentence: "X reported", "according to X", "citing
X", "told X", or where an agency's dateline begins the text: "PARIS (AFP) -". It is a rule of thumb, as for the words
of people in Pouliquen, Steinberger and Best, "Automatic Detection of Quotations in Multilingual News" (2007). An outlet
that is unknown, or named without such words, is missed. What a source says of itself names nobody.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aggregator.comparing.attribution import AFTER, BEFORE, KIND, KIND_NOUNS
from aggregator.comparing.outlets import Outlets, key_of, lexicon, released
from aggregator.comparing.reading import Read, Sentence
from aggregator.comparing.sections import Evidence, Origin, Report, Span
from aggregator.comparing.words import Word, form_of

FEWEST_SOURCES = 2  # that name one whose own report is not among the story's
MOST_ORIGINS = 8
MOST_EVIDENCE = 12
MOST_WORDS = 6  # of a name that none of ours is
NEAR = 60  # characters before or after
DATELINE = 60  # characters of a line in which an agency is named as its author
BEGINNING = 1_500  # characters of an article where that may be

# As they are compared: times → time.
_PAPER_NOUNS = frozenset(
    form_of(noun)
    for noun in (
        "times post news herald tribune journal gazette guardian chronicle telegraph mirror observer inquirer star sun "
        "express mail dispatch courier bulletin radio tv television zeitung anzeiger nachrichten rundschau"
    ).split()
)
_ARTICLES = frozenset("the a an der die das il in on and but".split())
_BY_AGENCY = re.compile(r"[(/（【][^)）】\n]{0,14}$")
_AFTER_AGENCY = re.compile(r"\s*(?:[)）】]|/(?!\w))")  # not /AFP/Getty Images, who took a picture
_WIRED = re.compile(r"[^，。\n]{0,14}[电電]")
_ELISION = re.compile(r"[A-Za-z]{1,2}['’](?=\w)")  # l'AFP, all'ANSA
_GOES_ON = re.compile(r" of [A-Z]")


@dataclass(frozen=True, slots=True)
class Named:
    """An outlet that an article names as where it has it from, and where."""

    name: str
    article: Read
    sentence: Sentence
    span: Span


def origins(articles: Sequence[Read], timeline: Sequence[Report]) -> list[Origin]:
    """Whom two sources or more name as the origin, or one whose own report is among these; the most named first.

    articles: the earliest first; timeline: each source's first report. Copies count: who printed an agency's text has
    it from there.
    """
    outlets = lexicon({article.telling.source for article in articles})
    own = {source: key_of(source, outlets) for source in {one.source for one in timeline}}
    by_name: dict[str, list[Named]] = defaultdict(list)
    for article in articles:
        itself = own.get(article.telling.source) or key_of(article.telling.source, outlets)
        for named in _named(article, outlets):
            if released(named.name) != itself:
                by_name[released(named.name)].append(named)
    reports: dict[str, Report] = {}
    for report in timeline:
        reports.setdefault(own[report.source], report)
    found = [_origin(named, reports.get(key)) for key, named in by_name.items()]
    found = [one for one in found if one.sources >= FEWEST_SOURCES or one.article is not None]
    found.sort(key=lambda one: (-one.sources, one.named_at, one.text))
    return found[:MOST_ORIGINS]


def _origin(named: Sequence[Named], report: Report | None) -> Origin:
    """What is said of one outlet: of each source the first sentence, in order of time."""
    first: dict[str, Named] = {}
    for one in named:
        first.setdefault(one.article.telling.source, one)
    evidence: tuple[Evidence, ...] = tuple(one.article.evidence(one.sentence, one.span) for one in first.values())
    return Origin(
        Counter(one.name for one in named).most_common(1)[0][0],
        len(first),
        tuple(dict.fromkeys(one.article.telling.country for one in first.values())),
        named[0].article.telling.published_at,
        report.article if report else None,
        report.at if report else None,
        evidence[:MOST_EVIDENCE],
    )


def _named(article: Read, outlets: Outlets) -> Iterator[Named]:
    body = article.body
    for sentence in article.sentences:
        end = sentence.begin
        for place, word in enumerate(sentence.words):
            if word.begin < end:
                continue
            found = _known_at(body, sentence, place, outlets) if word.form in outlets else None
            if found is None and body[word.begin].isupper():
                if word.form in _PAPER_NOUNS and not sentence.is_title:
                    found = _paper_at(body, sentence.words, place, end)
                elif place and sentence.words[place - 1].form in KIND_NOUNS and KIND.search(body, end, word.begin):
                    found = _row_at(body, sentence.words, place)
            if found is not None:
                name, span = found
                end = span[1]
                if _is_attributed(body, sentence, span) or _is_dateline(body, sentence, span):
                    yield Named(name, article, sentence, span)


def _known_at(body: str, sentence: Sentence, place: int, outlets: Outlets) -> tuple[str, Span] | None:
    """The known outlet whose name begins at this word, the longest of several."""
    begin = sentence.words[place].begin
    if elision := _ELISION.match(body, begin):
        begin = elision.end()
    shelf = outlets[sentence.words[place].form]
    second = sentence.words[place + 1].form if place + 1 < len(sentence.words) else ""
    for known in (*shelf.get(second, ()), *shelf.get("", ())):
        row = sentence.words[place : place + len(known.forms)]
        if tuple(word.form for word in row) == known.forms and _is_written(body[begin : row[-1].end], known.text):
            if _GOES_ON.match(body, row[-1].end) or _goes_on_in_capitals(body, sentence.words, place + len(row)):
                continue
            return known.name, (begin, begin + len(_bare(body[begin : row[-1].end])))
    return None


def _is_written(found: str, known: str) -> bool:
    """Whether a name stands as a name is written: AP and not ap, Bild and not bild."""
    if known.isupper() or known.islower():
        return _bare(found) == known
    return not found.removeprefix("the ")[0].islower()


def _bare(name: str) -> str:
    return name.removesuffix("'s").removesuffix("’s")


def _adjoins(body: str, one: Word, other: Word) -> bool:
    return body[one.end : other.begin] in (" ", "-")


def _goes_on_in_capitals(body: str, row: Sequence[Word], place: int) -> bool:
    """Whether a name goes on: Times Square, ABC Supply; not that of an outlet, as Reuters News Agency."""
    if place >= len(row) or not _adjoins(body, row[place - 1], row[place]):
        return False
    is_ascii_capital = "A" <= body[row[place].begin] <= "Z"
    return is_ascii_capital and row[place].form not in _PAPER_NOUNS and row[place].form != "agency"


def _paper_at(body: str, row: Sequence[Word], place: int, since: int) -> tuple[str, Span] | None:
    """The name that has such a noun at its end: Kansas City Star."""
    last = place
    while last + 1 < len(row) and row[last + 1].form in _PAPER_NOUNS and _adjoins(body, row[last], row[last + 1]):
        last += 1
    first = place
    while (
        first > max(0, last - MOST_WORDS)
        and row[first - 1].begin >= since
        and body[row[first - 1].begin].isupper()
        and _adjoins(body, row[first - 1], row[first])
    ):
        first -= 1
    while first < place and row[first].form in _ARTICLES:
        first += 1
    if first == place or _goes_on_in_capitals(body, row, last + 1) or _GOES_ON.match(body, row[last].end):
        return None
    text = _bare(body[row[first].begin : row[last].end])
    return text, (row[first].begin, row[first].begin + len(text))


def _row_at(body: str, row: Sequence[Word], place: int) -> tuple[str, Span] | None:
    """The words in capitals that stand here."""
    last = place
    while (
        last + 1 < min(len(row), place + MOST_WORDS)
        and body[row[last + 1].begin].isupper()
        and _adjoins(body, row[last], row[last + 1])
    ):
        last += 1
    text = _bare(body[row[place].begin : row[last].end])
    return text, (row[place].begin, row[place].begin + len(text))


def _is_attributed(body: str, sentence: Sentence, span: Span) -> bool:
    before = body[max(sentence.begin, span[0] - NEAR) : span[0]]
    after = body[span[1] : min(sentence.end, span[1] + NEAR)]
    return bool(BEFORE.search(before) or AFTER.match(after))


def _is_dateline(body: str, sentence: Sentence, span: Span) -> bool:
    """Whether an agency stands as who wrote the text: PARIS (AFP) –, /TASS/, 新华社北京11月17日电."""
    line = body.rfind("\n", 0, span[0]) + 1
    if sentence.is_title or span[0] - line > DATELINE or span[0] > BEGINNING:
        return False
    if span[0] == line:
        return bool(_WIRED.match(body, span[1]))
    return bool(_BY_AGENCY.search(body, line, span[0]) and _AFTER_AGENCY.match(body, span[1]))
