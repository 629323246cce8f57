"""Which countries is an article about? Told by names of countries, capitals and peoples in its headline and lead. Pure.

Names of countries are CLDR's in the article's language (Babel); what else a country is named by stands in
subject_words.txt. Not meant: the body, where half the world is mentioned in passing. A name that is also something else
(Georgia, Jordan, Chad) counts only beside another word for the same country or one of its neighbours, or after "in".
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import regex
from babel import Locale, UnknownLocaleError

from feeds.words import cleaned, folded

FILE = Path(__file__).with_name("subject_words.txt")
MOST_SUBJECTS = 5
LEAD = 400  # characters of a description that tell what it is about
IN_TITLE, IN_LEAD, ENOUGH = 3, 1, 2
NONE = "--"
EVERYWHERE, ENGLISH = "*", "en"

# Where a name of two meanings is named together with one of these, it is the country.
NEIGHBOURS = {
    "GE": {"AM", "AZ", "RU", "TR", "UA"},
    "JO": {"IL", "PS", "SY", "IQ", "SA", "EG", "LB"},
    "TD": {"SD", "NE", "CM", "CF", "LY", "NG", "FR"},
    "NE": {"ML", "BF", "TD", "NG", "DZ", "FR"},
    "GN": {"ML", "SN", "SL", "LR", "CI", "GW"},
}
PLACED = {"JO", "TD", "NE", "GN"}  # "in Jordan" is the country; "in Georgia" may be Atlanta
PREPOSITIONS = frozenset("in from into across to".split())
# In these a name changes its end, as Россия, России, Россией.
INFLECTED = frozenset("be bg bs cs el et fi hr hu hy ka kk lt lv mk pl ro ru sk sl sq sr tr uk".split())
UNSPACED = frozenset("zh ja th lo km my".split())
NOT_BY_CLDR = {"CD", "CG", "HK", "MO"}  # "Congo - Kinshasa", "Hong Kong SAR China": nobody writes that

_WORD = regex.compile(r"\p{L}(?:\.\p{L})+\.?|[\p{L}\p{N}\p{M}]+(?:'[\p{L}\p{M}]+)*")
_ASCII_WORD = re.compile(r"[A-Za-z](?:\.[A-Za-z])+\.?|[A-Za-z0-9]+(?:'[A-Za-z]+)*")
_ARABIC_PREFIX = regex.compile(r"^(?:[وفبك]?ال|لل|[وف](?=\p{Arabic}{4}))(?=\p{Arabic}{2})")  # and, with, the …
_ALTERNATIVE = regex.compile(r"\s*[()（）]\s*")


class Word(NamedTuple):
    """A word of a text in its normal form. is_capital: it begins with one; is_acronym: it is of capitals alone."""

    form: str
    is_capital: bool
    is_acronym: bool


class Part(NamedTuple):
    """What a word must be to be part of a name."""

    form: str
    is_stem: bool
    needs_capital: bool
    needs_acronym: bool

    def fits(self, word: Word) -> bool:
        if self.needs_acronym and not word.is_acronym:
            return False
        if self.needs_capital and not word.is_capital:
            return False
        return word.form.startswith(self.form) if self.is_stem else word.form == self.form


@dataclass(frozen=True, slots=True)
class Name:
    """A word or phrase that names a country. is_weak: it names other things too."""

    country: str
    parts: tuple[Part, ...]
    is_weak: bool = False

    def fits(self, words: Sequence[Word]) -> bool:
        return all(part.fits(word) for part, word in zip(self.parts, words, strict=False))


class Hit(NamedTuple):
    """A name found in a text. is_placed: it stands after "in" or the like, and no name goes on behind it."""

    country: str
    is_weak: bool
    is_placed: bool


class Lexicon:
    """All names of one language, found by how they begin."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.by_word: dict[str, list[Name]] = {}
        self.by_stem: dict[str, list[Name]] = {}
        for name in sorted(names, key=lambda name: (-len(name.parts), name.is_weak)):
            first = name.parts[0]
            shelf, key = (self.by_stem, first.form[:3]) if first.is_stem else (self.by_word, first.form)
            shelf.setdefault(key, []).append(name)

    def hits(self, words: Sequence[Word]) -> Iterator[Hit]:
        """The names in a text in order, the longest of those that begin at one word; none inside another."""
        place = 0
        while place < len(words):
            form = words[place].form
            name = self.name_at(words, place) if form in self.by_word or form[:3] in self.by_stem else None
            if name is None:
                place += 1
                continue
            end = place + len(name.parts)
            if name.country != NONE:
                is_led = place > 0 and words[place - 1].form in PREPOSITIONS
                goes_on = end < len(words) and words[end].is_capital
                yield Hit(name.country, name.is_weak, is_led and not goes_on)
            place = end

    def name_at(self, words: Sequence[Word], place: int) -> Name | None:
        """The longest name that begins at a word."""
        best: Name | None = None
        form = words[place].form
        for name in (*self.by_word.get(form, ()), *self.by_stem.get(form[:3], ())):
            is_longer = best is None or len(name.parts) > len(best.parts)
            if is_longer and len(name.parts) <= len(words) - place and name.fits(words[place:]):
                best = name
        return best


class UnspacedLexicon:
    """The same for a language that writes no spaces: names are looked for anywhere, the longest first."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        longest_first = sorted(names, key=len, reverse=True)
        self.pattern = regex.compile("|".join(map(regex.escape, longest_first)))

    def hits(self, text: str) -> Iterator[Hit]:
        for found in self.pattern.findall(text):
            yield Hit(self.names[found], is_weak=False, is_placed=False)


def subjects(title: str, description: str, language: str, *, teller: str = "") -> list[str]:
    """Return the countries an article is about, at most five, those it names most first; [] where it names none.

    language: of the text, a tag or ""; English where CLDR does not know it
    teller:   the country of its source: a paper of Georgia means its own country
    """
    tongue = language.partition("-")[0].lower() or ENGLISH
    in_title = hits_in(title, tongue)
    in_lead = hits_in(description[:LEAD], tongue)
    sure = {hit.country for hit in (*in_title, *in_lead) if not hit.is_weak}
    weights: Counter[str] = Counter()
    for hits, weight in ((in_title, IN_TITLE), (in_lead, IN_LEAD)):
        for hit in hits:
            if not hit.is_weak or is_meant(hit, sure, teller):
                weights[hit.country] += weight
    enough = [country for country, weight in weights.most_common(MOST_SUBJECTS) if weight >= ENOUGH]
    return enough or [country for country, _ in weights.most_common(2)]


def is_meant(hit: Hit, sure: set[str], teller: str) -> bool:
    """Whether a name that is something else too means the country here."""
    if hit.country in sure or hit.country == teller:
        return True
    if hit.country == "GE" and "US" in sure:
        return False
    return bool(NEIGHBOURS.get(hit.country, set()) & sure) or (hit.is_placed and hit.country in PLACED)


def hits_in(text: str, language: str) -> list[Hit]:
    if language in UNSPACED:
        return list(unspaced_lexicon(language).hits(text))
    return list(lexicon(language).hits(words_of(text)))


def words_of(text: str) -> list[Word]:
    """The words of a text. Where all is in capitals none is an acronym: TELL US is not about the United States."""
    text = cleaned(text)
    words = [word_of(raw) for raw in (_ASCII_WORD if text.isascii() else _WORD).findall(text)]
    return [word._replace(is_acronym=False) for word in words] if text.isupper() else words


@lru_cache(maxsize=30_000)
def word_of(raw: str) -> Word:
    plain = _ARABIC_PREFIX.sub("", released(raw).replace(".", ""))
    has_case = plain[0].lower() != plain[0].upper()
    return Word(folded(plain), not has_case or plain[0].isupper(), len(plain) > 1 and plain.isupper())


def released(raw: str) -> str:
    """A word without what an apostrophe ties to it: Russia's → Russia, l'Iran → Iran, N'Djamena as it is."""
    first, sign, rest = raw.partition("'")
    if sign and len(rest) <= 2 and len(first) > 1:
        return first
    if sign and len(first) <= 2 and first.lower() not in ("n", "nu"):
        return rest
    return raw


@cache
def lexicon(language: str) -> Lexicon:
    """The names of a language, read once: own words before CLDR's, so that these say which are of two meanings."""
    own = [*listed().get(language, ()), *listed().get(EVERYWHERE, ())]
    names = [name for country, text in own if (name := parse_name(country, text))]
    known = {tuple(part.form for part in name.parts) for name in names if name.is_weak or name.country == NONE}
    for country, text in cldr_names(language):
        name = parse_name(country, inflected(text) if language in INFLECTED else text)
        if name and tuple(part.form for part in name.parts) not in known:
            names.append(name)
    return Lexicon(names)


@cache
def unspaced_lexicon(language: str) -> UnspacedLexicon:
    named = {text: country for country, text in cldr_names(language) if len(text) > 1}
    return UnspacedLexicon(named | {text: country for country, text in listed().get(language, ())})


def parse_name(country: str, text: str) -> Name | None:
    """Read a name as the file spells it: "?" before a weak one, "*" behind a stem. None for one without letters."""
    parts = []
    for raw in text.removeprefix("?").replace("-", " ").split():
        is_stem = raw.endswith("*")
        for word in words_of(f"{raw.removesuffix('*')} x"):  # a small letter: what is all capitals does not shout
            parts.append(Part(word.form, is_stem, word.is_capital, word.is_acronym))
        parts.pop()
    return Name(country, tuple(parts), text.startswith("?")) if parts else None


def inflected(name: str) -> str:
    """A name's words as stems: Саудовская Аравия → Саудовск* Арави*."""
    words = name.split()
    return " ".join(f"{word[:-2] if len(word) > 7 else word[:-1]}*" if len(word) > 4 else word for word in words)


def cldr_names(language: str) -> Iterator[tuple[str, str]]:
    """(country, name) of the countries we know, in a language or else in English; one in brackets is a name too."""
    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        territories = Locale.parse(ENGLISH).territories
    for country in sorted(countries() - NOT_BY_CLDR):
        for name in _ALTERNATIVE.split(territories.get(country, "")):
            if name:
                yield country, name.replace("&", "and")


@cache
def countries() -> frozenset[str]:
    """The codes of all countries an article may be about."""
    return frozenset(country for section in listed().values() for country, _ in section if country != NONE)


@cache
def listed() -> dict[str, list[tuple[str, str]]]:
    """(country, name) by language, as subject_words.txt has them."""
    found: dict[str, list[tuple[str, str]]] = {}
    section: list[tuple[str, str]] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            country, _, names = line.partition(" ")
            section += [(country, name) for name in names.split(", ")]
    return found
