"""Who gets to speak: whose words each country's articles quote, and how many.

A quotation is taken to be of the name beside a verb of saying, or nearest to it, in the same sentences; not of what
that name is said to be of ("Brand, head of Brick Union, said"), nor of whom it is told: a rule of thumb, as in
Pouliquen, Steinberger and Best, "Automatic Detection of Quotations in Multilingual News" (2007).
Who is meant by "he said" is not guessed: such words are nobody's here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from aggregator.comparing.names import FEWEST_LETTERS, KEY, Name, is_of_country, names
from aggregator.comparing.quotations import quotations_of
from aggregator.comparing.reading import Read, Sentence
from aggregator.comparing.saying import SAID
from aggregator.comparing.sections import Evidence, Heard, Span, Speaker
from aggregator.comparing.words import count_words, form_of
from aggregator.stop_words import STOP_WORDS

FEWEST_SPEAKERS = 3  # fewer are no choice of whom to quote
FEWEST_WORDS = 3  # of a quotation: shorter ones are a way to call something
FURTHEST = 90  # characters between a quotation and who said it
NEAR = 40  # characters: next to a quotation or a name
FEWEST_OF_SOMEWHERE = 4  # words of a name that ends in where it is of: "Darrell Issa of Ohio"
LONGEST_NAME = 4  # words, with an office
MOST = 10
MOST_EVIDENCE = 8
_SAYING = re.compile(rf"\b{SAID}\b", re.IGNORECASE)
_PRONOUN = (
    r"(?:he|she|they|it|who|er|sie|il|elle|ils|elles|on|él|ella|lui|lei|ele|ela|он|она|они|він|вона|вони|նա|ona|oni)"
)
_INVERTED = r"(?:t-)?(?:he|she|er|sie|il|elle|él|ella|он|она|він|вона)"
_BY_SOMEBODY = re.compile(rf"\b(?:{_PRONOUN}\s(?:a\s|ha\s|hat\s)?{SAID}|{SAID}[\s-]{_INVERTED})\b", re.IGNORECASE)
_DOES = re.compile(r"\s(?:would|will|could|can|should|must|may|might|is|are|was|were|has|have|had)\b")
# German writes every noun with a capital: one word is a name for sure only where it follows such a verb at once.
_GERMAN = re.compile(rf"\W{{0,4}}\s?(?:{SAID}|so)\s(?P<name>[A-ZÄÖÜ][\w-]+(?:\s[A-ZÄÖÜ][\w-]+){{0,2}})(?=[\s.,;:])")
# “…,” Rodger told CNN: one word after a comma is a name, and CNN is whom it was told.
_AFTER_COMMA = re.compile(rf"[\"”]\s(?P<name>[A-Z][\w'’-]+)\s{SAID}\b")
_TO_WHOM = re.compile(r"\b(?:told|tells|telling|interview with|asked)\s(?:the\s)?$")
_OWN = re.compile(r"['’]s\b")  # “…,” said Brand's lawyer
# Kris Hoce, president of Morton Plant Hospital, said “…”: what such a word stands before says who the speaker is.
_OF_WHAT = re.compile(r"\b(?:of|at|for|on|from|with|in|and)\s(?:the\s)?$")
_BESIDE = re.compile(rf",?\s{SAID}\b", re.IGNORECASE)
_BESIDE_BEFORE = re.compile(rf"\b{SAID}\s$", re.IGNORECASE)
_LONGEST_LEAD = 14  # characters of one of these before a name, and of a verb
_ENDS = re.compile(r"[.;:!?\"“”„«»]")
_MARK = re.compile(r"[\"“”„«»]")
_NEW_SENTENCE = re.compile(r"[.!?]\s")

Said = tuple[Read, Name, Span, int]


def speakers(articles: Sequence[Read], *, copies: Collection[object] = ()) -> list[Speaker]:
    """The people that are quoted, most words first, with how many words of theirs each country's articles quote.

    copies: articles that are others' text, which chose nobody to quote. Nothing where fewer than three are quoted.
    """
    by_name: dict[str, list[Said]] = defaultdict(list)
    for article in articles:
        if article.telling.article not in copies and article.telling.country:
            for said in _said(article):
                by_name[_known_by(said[1])].append(said)
    found = [_speaker(said) for said in by_name.values()]
    found.sort(key=lambda one: (-one.words, one.text))
    return found[:MOST] if len(found) >= FEWEST_SPEAKERS else []


def _known_by(name: Name) -> str:
    """The word by which somebody is known again: of "Representative Darrell Issa of Ohio" it is "issa"."""
    forms = name.forms
    return (forms[-3] if len(forms) >= FEWEST_OF_SOMEWHERE and forms[-2] == "of" else forms[-1])[:KEY]


def _said(article: Read) -> Iterator[Said]:
    """The quotations of an article of which it says whose they are."""
    quoted = quotations_of(article)
    if not quoted:
        return
    around = [one for one in article.sentences if any(one.begin < end and one.end > begin for begin, end in quoted)]
    begins = {one.begin for one in around}
    named = [name for name in names(article) if name.sentence.begin in begins and not _inside(name.span, quoted)]
    for begin, end in quoted:
        count = count_words(article.body, begin, end)
        if count < FEWEST_WORDS:
            continue
        touched = [one for one in around if one.begin < end and one.end > begin]
        near = [name for name in named if _is_of(name, touched) and _gap(name.span, (begin, end)) <= FURTHEST]
        near = [name for name in near if _speaks(article.body, name.span, (begin, end))]
        if not near and (name := _named_after(article, (begin, end), touched)):
            near = [name]
        if near:
            yield article, _speaker_among(near, named, article.body, (begin, end)), (begin, end), count


def _speaker_among(near: Sequence[Name], named: Sequence[Name], body: str, quoted: Span) -> Name:
    """Whose words they are, of several names near a quotation: not what another name is said to be of, then what the
    verb stands beside, then the nearest. Where all are of another, whom they are of.

    named: all names of the sentences around
    """

    def distance(name: Name) -> tuple[bool, bool, int]:
        return _is_of_another(name, body), not _is_beside_verb(name.span, body), _gap(name.span, quoted)

    found = min(near, key=distance)
    while _is_of_another(found, body):
        before = [
            name
            for name in named
            if name.sentence.begin == found.sentence.begin
            and name.span[1] <= found.span[0]
            and not quoted[0] < name.span[1] < quoted[1]
            and (name.span[0] >= quoted[1] or found.span[0] < quoted[0])
            and not _SAYING.search(body, name.span[1], found.span[0])
        ]
        if not before:
            break
        found = before[-1]
    return found


def _is_of_another(name: Name, body: str) -> bool:
    return bool(_OF_WHAT.search(body, max(name.sentence.begin, name.span[0] - _LONGEST_LEAD), name.span[0]))


def _is_beside_verb(span: Span, body: str) -> bool:
    before = max(0, span[0] - _LONGEST_LEAD)
    return bool(_BESIDE.match(body, span[1]) or _BESIDE_BEFORE.search(body, before, span[0]))


def _named_after(article: Read, quoted: Span, touched: Sequence[Sentence]) -> Name | None:
    """Who is named right after a quotation, by a word that is known for a name by that alone: “…”, sagte Weiss."""
    body = article.body
    if article.telling.language == "de":
        match = _GERMAN.match(body, quoted[1])
    else:
        match = _AFTER_COMMA.match(body, quoted[1]) if body[quoted[1] - 1] == "," else None
    if match is None or not touched or match.end() > touched[-1].end:
        return None
    forms = tuple(form_of(word) for word in match["name"].split())
    if len(forms[-1]) < FEWEST_LETTERS or forms[-1] in STOP_WORDS or is_of_country(forms):
        return None
    return Name(forms, match["name"], match.span("name"), touched[-1], is_first=False)


def _inside(span: Span, quoted: Sequence[Span]) -> bool:
    return any(begin <= span[0] < end for begin, end in quoted)


def _is_of(name: Name, touched: Sequence[Sentence]) -> bool:
    return any(one.begin == name.sentence.begin for one in touched)


def _gap(one: Span, other: Span) -> int:
    return max(other[0] - one[1], one[0] - other[1], 0)


def _speaks(body: str, name: Span, quoted: Span) -> bool:
    """Whether a verb of saying stands between the two, or just after the name; "she said" is of nobody named.

    "…" and said Berlin would answer: Berlin is whom it was said of.
    """
    before = _MARK.split(body[max(0, quoted[0] - NEAR) : quoted[0] - 1])[-1]
    after = _MARK.split(body[quoted[1] + 1 : quoted[1] + NEAR])[0]
    if _BY_SOMEBODY.search(before) or _BY_SOMEBODY.search(after):
        return False
    if _OWN.match(body, name[1]) or _TO_WHOM.search(body, max(0, name[0] - NEAR), name[0]):
        return False
    begin, end = (name[1], quoted[0]) if name[1] <= quoted[0] else (quoted[1], name[0])
    if _NEW_SENTENCE.search(body, begin + 1, end):
        return False
    if quoted[1] <= name[0] and _SAYING.search(body, begin, end) and _DOES.match(body, name[1]):
        return False
    stop = _ENDS.search(body, name[1], name[1] + NEAR)
    return bool(
        _SAYING.search(body, begin, end) or _SAYING.search(body, name[1], stop.start() if stop else name[1] + NEAR)
    )


def _speaker(said: Sequence[Said]) -> Speaker:
    written = Counter(name.text for _, name, _, _ in said)
    by_country: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        by_country[one[0].telling.country].append(one)
    heard = [
        Heard(country, sum(one[3] for one in each), len({one[0].telling.source for one in each}))
        for country, each in by_country.items()
    ]
    longest_first = sorted(said, key=lambda one: -one[3])
    evidence = dict.fromkeys(map(_evidence, longest_first))
    if not any(" " in text for text in written):
        written.update(_introduced(longest_first))
    return Speaker(
        max(written, key=lambda text: (len(text.split()) > 1, written[text], len(text), text)),
        sum(one.words for one in heard),
        tuple(sorted(heard, key=lambda one: (-one.words, one.country))),
        tuple(evidence)[:MOST_EVIDENCE],
    )


def _introduced(said: Sequence[Said]) -> list[str]:
    """The whole name of somebody whom all call by the last one, as the first article introduces them that does."""
    for article, name, _, _ in said[:MOST_EVIDENCE]:
        for one in names(article):
            if one.forms[-1] == name.forms[-1] and 1 < len(one.forms) <= LONGEST_NAME and not one.is_first:
                return [one.text]
    return []


def _evidence(said: Said) -> Evidence:
    article, name, quoted, _ = said
    touched = [one for one in article.sentences if one.begin < quoted[1] and one.end > quoted[0]]
    begin = min([name.sentence.begin, *(one.begin for one in touched)])
    end = max([name.sentence.end, *(one.end for one in touched)])
    return article.evidence_between(begin, min(end, begin + 700), quoted)
