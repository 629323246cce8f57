"""A country's own names: a story's place and people, not a way of telling it."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from aggregator.comparing.words import words

# What Babel's names of countries do not begin with, in English, where most of our articles are.
_OTHERS = {
    "AE": "emirati uae",
    "CH": "swiss",
    "CZ": "czech",
    "DK": "danish dane",
    "ES": "spanish",
    "FI": "finnish finn",
    "FR": "french",
    "GB": "british britain briton uk england english scotland scottish",
    "GR": "greek",
    "IE": "irish",
    "KR": "korean seoul",
    "NL": "dutch holland",
    "NZ": "kiwi",
    "PH": "filipino",
    "PL": "polish pole",
    "PT": "portuguese",
    "RU": "kremlin",
    "SA": "saudi",
    "SE": "swedish swede",
    "TH": "thai",
    "TR": "turkish turk turkey",
    "US": "us usa america american washington",
}
_ENDINGS = {"", "a", "n", "an", "ian", "ean", "ese", "ish", "i", "is", "s", "e", "y", "ic", "o", "os", "as"}
_SHORT = {"us", "uk", "uae", "eu", "un"}
_VOWELS = "aeiouyаеиоуыяюій"


@lru_cache(maxsize=2_000)
def names_of(country: str, language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The whole words that name a country or its people, and the stems other such words are made of."""
    names = [_OTHERS.get(country, "")]
    for tongue in {language, "en"}:
        try:
            names.append(Locale.parse(tongue).territories.get(country, ""))
        except (UnknownLocaleError, ValueError):
            continue
    forms = {word.form for word in words(" ".join(names))}
    return frozenset(forms), tuple(sorted({form.rstrip(_VOWELS) for form in forms if len(form) > 3}))


def names_country(form: str, country: str, language: str) -> bool:
    """Say whether a word names this country or its people: Russia, russian; for Ukraine in Russian украинский."""
    whole, stems = names_of(country, language)
    if form in whole:
        return True
    for stem in stems:
        if len(stem) >= 3 and form.startswith(stem):
            ending = form[len(stem) :]
            if ending in _ENDINGS or (len(ending) <= 5 and not form.isascii()):
                return True
    return False


@lru_cache(maxsize=20_000)
def names_any_country(form: str) -> bool:
    """Say whether a word names any country or people, in English letters."""
    if len(form) < 4:
        return form in _SHORT
    return any(names_country(form, country, "en") for country in _countries())


@lru_cache(maxsize=1)
def _countries() -> tuple[str, ...]:
    return tuple(iso for iso in map(str, Locale("en").territories) if len(iso) == 2 and iso.isalpha())
