"""How usual words are in news: in how many of so many documents of any days a term stands, if more than few."""

from pathlib import Path

from aggregator.finding.terms import stem
from aggregator.stop_words import COMMON_WORDS

BEFORE = 400  # documents
_OF = 10_000  # what the table counts by
_OF_TRADE = 10  # one document in so many has a word of the trade, in any language


def _read() -> dict[str, float]:
    table = Path(__file__).with_name("usual.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in table.splitlines() if not line.startswith("#")]
    found = {term: BEFORE * int(count) / _OF for count, *terms in lines for term in terms}
    for term in map(stem, COMMON_WORDS):
        found[term] = max(found.get(term, 0.0), BEFORE / _OF_TRADE)
    return found


USUAL = _read()  # how many of those documents have a term
