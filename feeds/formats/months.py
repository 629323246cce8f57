"""The names of the months in the languages of the press. Touches nothing but a table beside it.

The table has what the Unicode locale data say (tests/feeds/month_names.py writes it). Babel, which carries them, would
take 75 MB and a third of a second for these 1,400 names.
"""

from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("month_names.tsv")

# Read first, without loading anything: most feeds keep to RFC 2822's English names.
MONTHS_BY_ENGLISH_NAME = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
    "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "sept": 9,
}  # fmt: skip


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
    """Name → month → languages. Read once a name beyond English has been met."""
    meanings = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        name, *told = line.split("\t")
        meanings[name] = {int(month): set(languages) for month, *languages in map(str.split, told)}
    return meanings
