"""Numbers in texts of many languages, as values that can be compared across them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from aggregator.comparing.reading import Read, Sentence
from aggregator.comparing.sections import Span
from aggregator.stop_words import STOP_WORDS

SMALLEST = 10  # below, style books write words, and every text has them
MOST = 100  # of an article; more is a table
_YEARS = range(1800, 2101)
_CURRENCIES = {"$": "$", "US$": "$", "€": "€", "£": "£", "¥": "¥", "₹": "₹", "₽": "₽", "₩": "₩", "₺": "₺", "₴": "₴"}
_PERCENT = (
    "%",
    "percent",
    "per cent",
    "prozent",
    "pour cent",
    "por ciento",
    "por cento",
    "per cento",
    "процент",
    "відсот",
    "procent",
)
_FACTORS = {
    "thousand": 1e3, "tausend": 1e3, "mille": 1e3, "mil": 1e3, "тыс": 1e3, "тис": 1e3, "tys": 1e3, "bin": 1e3,
    "lakh": 1e5, "लाख": 1e5, "crore": 1e7, "करोड": 1e7, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8,
    "million": 1e6, "millón": 1e6, "millones": 1e6, "milhão": 1e6, "milhões": 1e6, "milioni": 1e6, "milion": 1e6,
    "mio": 1e6, "mln": 1e6, "млн": 1e6, "миллион": 1e6, "мільйон": 1e6, "milyon": 1e6, "مليون": 1e6, "bn": 1e9,
    "milliard": 1e9, "miliard": 1e9, "mrd": 1e9, "mld": 1e9, "млрд": 1e9, "миллиард": 1e9, "мільярд": 1e9,
    "milyar": 1e9, "مليار": 1e9, "billion": 1e9, "трлн": 1e12, "trillion": 1e12,
}  # fmt: skip
_LONG_SCALE = {"billion": 1e12, "billón": 1e12, "billones": 1e12}  # outside English
_GROUP = "[,.'’ \u00a0\u202f]"
_NUMBER = re.compile(
    rf"(?<![^\W\u3040-\u9fff])(?<![.,:/+#-])(?P<sign>US\$|[$€£¥₹₽₩₺₴])?\s?(?P<digits>\d{{1,3}}(?:{_GROUP}\d{{3}})+(?!\d)|\d{{1,12}})"
    r"(?P<decimals>[.,]\d{1,4})?(?![\d:/]|[.,]\d)(?P<glued>[^\W\d_]*)"
)
_NEXT = re.compile(r"[\s\u00a0-]{0,2}(%|[^\W\d_]+\.?(?:\s(?:cent|ciento|cento)\b)?|[€£$₽])")
# Lengths in metres, so that 735 miles are 1,180 km.
_LENGTHS = {
    "km": 1000.0,
    "kilometer": 1000.0,
    "kilometre": 1000.0,
    "mile": 1609.344,
    "feet": 0.3048,
    "meter": 1.0,
    "metre": 1.0,
}
_CLOCK = {"gmt", "utc", "am", "pm", "a.m", "p.m", "est", "edt", "et", "bst", "cet", "ist", "uhr", "hrs", "local"}
_COUNTED = set("people person man men woman women child day week hour minute month year time".split())
# Whose months are looked for in every text: a report quotes others' messages.
_MONTH_LANGUAGES = "en fr de es it pt nl ru uk pl cs tr ar fa hi id sv da fi el ro hu bg sr".split()
_IS_TORN = re.compile(r"\d,?\s$")
_AGE = re.compile(r"[- ](?:year|jähr|ans\b|años|лет|год)", re.IGNORECASE)
_PREVIOUS = re.compile(r"([^\W\d_]+)\.?,?\s$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence. kind: "%", a currency's sign, "m" for lengths or "";
    head: the next word that says something, folded.

    span: the number with its unit; value is of one unit, 1.2 million being 1200000.
    """

    value: float
    kind: str
    head: str
    span: Span
    sentence: Sentence


def numbers(article: Read) -> Iterator[Number]:
    """The numbers an article states, without years, dates, times, ages and those below ten that have no unit."""
    months = _months()
    is_english = article.telling.language == "en"
    tried = 0
    for sentence in article.sentences:
        for match in _NUMBER.finditer(article.body, sentence.begin, sentence.end):
            tried += 1
            if tried > MOST:
                return
            if number := _number(article.body, match, sentence, months, is_english=is_english):
                yield number


def is_of_another_year(article: Read, sentence: Sentence) -> bool:
    """Say whether a sentence names a year, and none near its article's own: it tells of something else."""
    years = [int(word.form) for word in sentence.words if len(word.form) == 4 and word.form.isdecimal()]
    named = [abs(year - article.telling.published_at.year) for year in years if year in _YEARS]
    return bool(named) and min(named) > 1


def _number(  # noqa: PLR0911  each return is a kind of digits that is no quantity
    body: str, match: re.Match[str], sentence: Sentence, months: frozenset[str], *, is_english: bool
) -> Number | None:
    digits, end = match["digits"], match.end("decimals") if match["decimals"] else match.end("digits")
    if digits[0] == "0" or _IS_TORN.search(body[max(0, match.start() - 3) : match.start("digits")]):
        return None  # of a telephone; of "1, 600"
    value = float(re.sub(_GROUP, "", digits) + (match["decimals"] or "").replace(",", "."))
    kind = _CURRENCIES.get(match["sign"] or "", "")
    is_plain = not kind and not match["decimals"]
    before = _PREVIOUS.search(body, max(sentence.begin, match.start() - 16), match.start() + (match.group()[0] == " "))
    following = _NEXT.match(body, end, sentence.end)
    unit = following.group(1).casefold().rstrip(".") if following else ""
    if is_plain and (
        (before and before.group(1).casefold() in months)
        or unit in months
        or unit in _CLOCK
        or match["glued"].casefold() in _CLOCK
        or _AGE.match(body, end, sentence.end)
    ):
        return None
    factor = _factor(unit, is_english=is_english)
    if factor:
        value *= factor
        end = following.end() if following else end
        following = _NEXT.match(body, end, sentence.end)
        unit = following.group(1).casefold().rstrip(".") if following else ""
    elif match["glued"] and not match["glued"][0].isascii() and len(match["glued"]) > 8:
        return None
    elif match["glued"] and match["glued"].isascii() and match["glued"].casefold() not in {"km", "m", "kg", "c", "f"}:
        return None  # 14th, 5G, B2: no quantity
    if unit.startswith(_PERCENT):
        kind, end = "%", following.end() if following else end
    elif not kind and unit in _CURRENCIES:
        kind, end = _CURRENCIES[unit], following.end() if following else end
    length = _LENGTHS.get(unit) or _LENGTHS.get(unit.removesuffix("s")) or _LENGTHS.get(match["glued"])
    if not kind and length:
        return Number(value * length, "m", "", (match.start("digits"), following.end() if following else end), sentence)
    if not kind and not factor and not match["decimals"]:
        if before and before.group(1)[0].isupper() and before.start() > sentence.begin:
            return None  # Resolution 2375, Hwasong 12
        is_year = len(digits) == 4 and digits.isdigit() and int(digits) in _YEARS
        if is_year or value < SMALLEST:
            return None
    head = _head(body, end, sentence)
    end -= body[end - 1] == "."  # "$3 billion."
    begin = match.start("sign") if match["sign"] else match.start("digits")
    return Number(value, kind, head, (begin, end), sentence)


def _head(body: str, end: int, sentence: Sentence) -> str:
    """The word a number counts: the next, or the one after a word that says nothing."""
    place = bisect_left(sentence.words, end, key=lambda word: word.begin)
    for word in sentence.words[place : place + 2]:
        if word.begin > end + 24:
            break
        if re.search(r"[,.;:()\n]", body[end : word.begin]):
            break
        if (word.form not in STOP_WORDS or word.form in _COUNTED) and word.form.isalpha():
            return word.form
    return ""


def _factor(unit: str, *, is_english: bool) -> float:
    if not unit:
        return 0
    if not is_english:
        for name, factor in _LONG_SCALE.items():
            if unit.startswith(name):
                return factor
    if unit in _FACTORS:
        return _FACTORS[unit]
    if unit[0] in _FACTORS:  # 万人
        return _FACTORS[unit[0]]
    return next((factor for name, factor in _FACTORS.items() if len(name) > 4 and unit.startswith(name)), 0)


@cache
def _months() -> frozenset[str]:
    names: set[str] = set()
    for language in _MONTH_LANGUAGES:
        locale = Locale.parse(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names.update(name.casefold().rstrip(".") for name in locale.months[context][width].values())
    return frozenset(name for name in names if len(name) > 2 and not name[0].isdigit())
