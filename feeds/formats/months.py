"""The names of the months in the languages of the press, from the Unicode locale data that Babel carries. Pure."""

from functools import lru_cache

# Read first, without loading anything: most feeds keep to RFC 2822's English names.
MONTHS_BY_ENGLISH_NAME = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
    "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "sept": 9,
}  # fmt: skip

# Locales with month names of their own: the languages of the catalogue's countries, and the Levantine and
# Maghrebi names of Arabic beside the Egyptian ones.
_LOCALES = """
    de de_AT fr es it pt nl sv da nb nn fi is et lv lt pl cs sk sl hr sr sr_Latn bs mk bg ru uk be ro hu el tr az kk
    uz ky tg tk hy ka he ar ar_LB ar_IQ ar_DZ ar_MA ar_MR fa ps ur hi bn mr ne ta te kn ml gu pa or as si th lo km my
    vi id ms fil sw am ha yo zu af so ca gl eu ga cy sq mt lb fo mn en
"""

# Short forms that newspapers use and the locale data does not list.
_NEWSPAPER_FORMS = {"mrz": (3, "de"), "mär": (3, "de"), "okt": (10, "de"), "dez": (12, "de"), "set": (9, "pt")}


def month_of(name: str, language: str = "") -> int | None:
    """1 to 12, or None where the name is no month, or is two in two languages and ``language`` does not say which.

    name: lower case, one or two words. language: BCP-47 tag or "".
    """
    meanings = _meanings().get(name.strip(".").replace("\u200c", ""))
    if not meanings:
        return None
    if len(meanings) == 1:
        return next(iter(meanings))
    primary = language.partition("-")[0]
    return next((month for month, languages in meanings.items() if primary in languages), None)


@lru_cache(maxsize=1)
def _meanings() -> dict[str, dict[int, set[str]]]:
    """Name → month → languages. Takes a third of a second, so only once a name beyond English has been met."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  (30 ms that most processes never need)

    names: dict[str, dict[int, set[str]]] = {}

    def learn(name: str, month: int, language: str) -> None:
        name = name.lower().strip(".").replace("\u200c", "")
        if len(name) > 1 and not any(sign.isdecimal() for sign in name):
            names.setdefault(name, {}).setdefault(month, set()).add(language)

    for code in _LOCALES.split():
        try:
            months = Locale.parse(code).months
        except (UnknownLocaleError, ValueError):
            continue
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in months[form][width].items():
                    learn(name, month, code.split("_")[0])
    for name, (month, language) in _NEWSPAPER_FORMS.items():
        learn(name, month, language)
    return names
