"""The same quotation in several articles, each with the sentence around it: what was cut, and what it stands in.

Two quotations are one where half of the shorter one's rows of three words stand in the other (containment of
shingles: Broder, "On the resemblance and containment of documents", 1997). Each joins the longest it is in, so that
likeness is not handed on from one to the next.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from aggregator.comparing.quotations import quotations_of
from aggregator.comparing.reading import Read
from aggregator.comparing.sections import Evidence, Id, QuoteUse, SharedQuote, Span
from aggregator.comparing.words import Word, is_han, words

FEWEST_WORDS = 6  # fewer are a phrase that two people may well have said
FEWEST_SIGNS = 10  # the same, in Chinese and Japanese
FEWEST_SOURCES = 2
SAME = 0.5
MOST_QUOTES = 12
MOST_USES = 20
MOST_AROUND = 700  # characters of the sentence around
MOST_LIKE_IT = 300  # a row of words that stands in more quotations finds nothing


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks. number: of the article among those read."""

    number: int
    span: Span
    words: tuple[Word, ...]
    rows: frozenset[tuple[str, ...]]


def shared_quotes(articles: Sequence[Read], *, copies: Collection[Id] = ()) -> list[SharedQuote]:
    """The quotations that two sources or more have, in one language; those of most countries first, then of sources.

    copies: articles that are others' text, whose settings are those of the others
    """
    found: list[SharedQuote] = []
    for language, group in groups(articles, copies=copies):
        uses: dict[str, tuple[Read, Quotation]] = {}
        for quotation in sorted(group, key=lambda one: one.number):
            article = articles[quotation.number]
            known = uses.get(article.telling.source)
            if known is None or (known[1].number == quotation.number and len(known[1].words) < len(quotation.words)):
                uses[article.telling.source] = article, quotation
        if len(uses) < FEWEST_SOURCES:
            continue
        longest_in, longest = max(uses.values(), key=lambda use: (len(use[1].words), -use[1].number))
        found.append(
            SharedQuote(
                longest_in.body[slice(*longest.span)],
                language,
                tuple(dict.fromkeys(article.telling.country for article, _ in uses.values())),
                len(uses),
                tuple(_use(article, quotation, longest) for article, quotation in list(uses.values())[:MOST_USES]),
            )
        )
    found.sort(key=lambda one: (-len(one.countries), -one.sources, -len(one.text), one.text))
    return found[:MOST_QUOTES]


def groups(articles: Sequence[Read], *, copies: Collection[Id] = ()) -> Iterable[tuple[str, list[Quotation]]]:
    """The quotations of the articles, those that are one together, with their language; the longest of each first."""
    by_language: dict[str, list[Quotation]] = defaultdict(list)
    for number, article in enumerate(articles):
        if article.telling.article not in copies:
            by_language[article.telling.language] += quoted(article, number)
    for language, all_quoted in by_language.items():
        for group in _grouped(all_quoted):
            yield language, group


def quoted(article: Read, number: int) -> list[Quotation]:
    """An article's quotations that are long enough to be known again."""
    return article.once(f"quoted as {number}", lambda: _quoted(article, number))


def _quoted(article: Read, number: int) -> list[Quotation]:
    found: list[Quotation] = []
    for begin, end in quotations_of(article):
        if not any(one.begin < end and one.end > begin for one in article.sentences):
            continue  # in what was left unread
        spoken = words(article.body, begin, end)
        if len(spoken) >= (FEWEST_SIGNS if spoken and is_han(spoken[0].form) else FEWEST_WORDS):
            forms = [word.form for word in spoken]
            rows = frozenset(zip(forms, forms[1:], forms[2:], strict=False))
            found.append(Quotation(number, (begin, end), tuple(spoken), rows))
    return found


def _grouped(all_quoted: Sequence[Quotation]) -> list[list[Quotation]]:
    ranked = sorted(all_quoted, key=lambda one: (-len(one.words), one.number, one.span))
    grouped: list[list[Quotation]] = []
    heads: Mapping[tuple[str, ...], list[int]] = defaultdict(list)  # by row of words, the groups whose longest has it
    for quotation in ranked:
        shared = Counter(place for row in quotation.rows for place in heads[row][:MOST_LIKE_IT])
        best = max(shared, key=lambda place: (shared[place], -place), default=None)
        if best is not None and shared[best] >= SAME * len(quotation.rows):
            grouped[best].append(quotation)
            continue
        for row in quotation.rows:
            heads[row].append(len(grouped))
        grouped.append([quotation])
    return grouped


def _use(article: Read, quotation: Quotation, longest: Quotation) -> QuoteUse:
    begin, end = quotation.span
    return QuoteUse(around(article, quotation.span), article.body[begin:end], _left_out(quotation, longest))


def around(article: Read, span: Span) -> Evidence:
    """The sentence or sentences that hold a place in the body."""
    begin, end = span
    touched = [one for one in article.sentences if one.end > begin and one.begin < end]
    first = min([begin, *(one.begin for one in touched)])
    last = max([end, *(one.end for one in touched)])
    first, last = max(first, end - MOST_AROUND), min(last, begin + MOST_AROUND)
    return article.evidence_between(min(first, begin), max(last, end), span)


def _left_out(quotation: Quotation, longest: Quotation) -> tuple[Span, ...]:
    """What of the longest version is not in this one, as places in the longest's words."""
    if quotation is longest:
        return ()
    whole, part = [word.form for word in longest.words], [word.form for word in quotation.words]
    matcher = SequenceMatcher(None, whole, part, autojunk=False)
    start = longest.span[0]
    return tuple(
        (longest.words[one].begin - start, longest.words[other - 1].end - start)
        for tag, one, other, _, _ in matcher.get_opcodes()
        if tag in {"delete", "replace"}
    )
