"""Names in texts, told by their capitals: words that stand in capitals inside a sentence, and rows of them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from aggregator.comparing.demonyms import names_any_country
from aggregator.comparing.reading import Read, Sentence
from aggregator.comparing.sections import Span
from aggregator.comparing.words import Word
from aggregator.stop_words import STOP_WORDS

KEY = 7  # letters of a name's last word by which it is known again, in whatever case its language bends it
FEWEST_LETTERS = 3
_LINKS = {"of", "de", "la", "du", "del", "von", "van", "der", "den", "al", "el", "bin", "ibn", "da", "di", "dos"}
# With a capital they begin a name, and end none.
_IN_NAMES = set("new far old first second last high long le les los las san people all".split())
_COMPASS = {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "central"}
_NOUNS_IN_CAPITALS = {"de", "lb"}
_OPENING = "\"'“‘«„»‹([—–:•"
# Who wrote it, not whom it is about.
_OFFICE = re.compile(r"\b(?:Under|(?:Minister|Secretary) (?:of State )?for(?: the)?) $")  # before a name: part of it
_LAST_SYLLABLE = re.compile(r"-(?!led\b|era\b|run\b|made\b|type\b|like\b)[a-z]{1,4}\b")  # Baek Seung-u, Ban Ki-moon
_PARTY_SEAT = re.compile(r"(?:Democrat|Republican) of ")  # what somebody is, after a comma
_CUT_OFFICES = set("rep reps sen sens gov gen lt col sgt capt maj adm prof rev amb supt insp hon".split())
_AGENCIES = set(
    "reuter ap afp tass xinhua ani pti ria interfax bloomberg getty image twitter facebook instagram associated press "
    "youtube".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands. forms: its words as they are compared; text: as written.

    is_first: it begins a sentence, so that its first word may be any
    """

    forms: tuple[str, ...]
    text: str
    span: Span
    sentence: Sentence
    is_first: bool


def names(article: Read) -> list[Name]:
    """The names in the sentences of an article; none in headlines, where every word may have a capital.

    The first word of a sentence or a quotation is none by itself. German nouns have capitals: there two words are
    asked. Scripts without capitals (Arabic, Han, Georgian …) have none that could be told.
    """
    return article.once("names", lambda: [*_names(article)])


def _names(article: Read) -> Iterator[Name]:
    fewest = 2 if article.telling.language in _NOUNS_IN_CAPITALS else 1
    for sentence in article.sentences:
        if sentence.is_title or _is_heading(sentence, article.body):
            continue
        for row, is_first in _rows(sentence, article.body):
            if len(row) >= fewest + (is_first and fewest == 1):
                last = row[-1].form
                span = _whole(row, article.body, sentence)
                if _PARTY_SEAT.match(article.body, *span):
                    continue
                text = article.body[slice(*span)].removesuffix("'s").removesuffix("’s")
                forms = tuple(word.form for word in row)
                if len(last) >= FEWEST_LETTERS and _AGENCIES.isdisjoint(forms) and not is_of_country(forms):
                    yield Name(forms, text, (span[0], span[0] + len(text)), sentence, is_first)


@lru_cache(maxsize=10_000)
def script_of(letter: str) -> str:
    """LATIN, CYRILLIC …: the first word of the letter's Unicode name."""
    return unicodedata.name(letter, "").partition(" ")[0]


def script_of_text(text: str) -> str:
    """The script most of a text's first letters are in."""
    scripts = [script_of(letter) for letter in text[:600:3] if letter.isalpha()]
    return max(set(scripts), key=lambda script: (scripts.count(script), script), default="")


def _is_heading(sentence: Sentence, body: str) -> bool:
    if len(sentence.words) < 4:
        return True
    long = [word for word in sentence.words if word.end - word.begin > 3]
    return len(long) > 3 and sum(body[word.begin].isupper() for word in long) > 0.75 * len(long)


def _rows(sentence: Sentence, body: str) -> Iterator[tuple[list[Word], bool]]:
    """Rows of capitalised words, links inside them; and whether the row begins where any word has a capital."""
    row: list[Word] = []
    is_first = False
    links: list[Word] = []
    previous_end = sentence.begin
    for place, word in enumerate(sentence.words):
        between = body[previous_end : word.begin]
        surface = body[word.begin : word.end]
        starts = place == 0 or any(sign in _OPENING for sign in between)
        # George W. Bush, Rep. Darrell Issa
        is_cut = bool(row) and (row[-1].end - row[-1].begin == 1 or row[-1].form in _CUT_OFFICES)
        is_initial = between == ". " and is_cut
        adjoins = bool(row) and (between in {" ", "-", "\u00a0"} or is_initial)
        previous_end = word.end
        if is_initial or (adjoins and len(surface) == 1 and surface.isupper() and body[word.end : word.end + 1] == "."):
            row.append(word)
            continue
        is_capital = surface[0].isupper() and (
            not _is_common(surface, word.form) or (word.form in _IN_NAMES and not starts)
        )
        if is_capital and adjoins and not starts:
            row += [*links, word]
            links = []
        elif adjoins and surface in _LINKS and len(links) < 2:
            links.append(word)
        else:
            if row and row[-1].form not in _IN_NAMES:
                yield row, is_first
            row, links, is_first = ([word], [], starts) if is_capital else ([], [], False)
    if row and row[-1].form not in _IN_NAMES:
        yield row, is_first


def _whole(row: list[Word], body: str, sentence: Sentence) -> Span:
    """Where a name stands, with the office that begins it and a last syllable in small letters after a hyphen."""
    begin, end = row[0].begin, row[-1].end
    if office := _OFFICE.search(body, sentence.begin, begin):
        begin = office.start()
    if len(row) > 1 and (syllable := _LAST_SYLLABLE.match(body, end, sentence.end)):
        end = syllable.end()
    return begin, end


def _is_common(surface: str, form: str) -> bool:
    return form in STOP_WORDS or surface.casefold() in STOP_WORDS


def is_of_country(forms: tuple[str, ...]) -> bool:
    """Say whether this is a country's or a people's name and nothing else: Chinese, South Korean."""
    return all(form in _COMPASS or names_any_country(form) for form in forms)
