"""Text to sentences, in the scripts our sources write.

A simple reading of Unicode Standard Annex 29, "Sentence Boundaries": a terminal mark with the closing marks after it
ends a sentence, but not before a small letter (SB8), nor after an abbreviation or an initial, which the annex leaves
to the implementer. Where it errs it joins two sentences: that reads better than half of one.
"""

import re

from aggregator.comparing.sections import Span

LONGEST = 600  # characters; a longer one is cut at a space
MOST_SENTENCES = 150

_CLOSING = "\"'”’»«“)\\]」』）】›"
_END = re.compile(
    rf"\n\s*|[。！？｡][{_CLOSING}]*"  # scripts without spaces
    rf"|[।॥۔؟։።၊။។]+[{_CLOSING}]*|(?<=[\u0561-\u0587]):(?=\s)"
    rf"|[.!?…]{{1,8}}[{_CLOSING}]{{0,4}}(?=\s)"
)
# Before the point: an initial, a dotted acronym, an ordinal or the day of a date, or a title.
_NO_END = re.compile(
    r"(?:\b[^\W\d_]|\.[^\W\d_]|\b\d{1,2}|\b(?:"
    "mr|mrs|ms|dr|prof|gen|sen|rep|gov|lt|col|sgt|capt|st|no|vs|jr|sr|inc|ltd|co|corp|dept|gov|fig|approx|jan|feb|mar|"
    "apr|jun|jul|aug|sep|sept|oct|nov|dec|u\\.s|u\\.k|u\\.n|e\\.g|i\\.e|p\\.m|a\\.m|hr|nr|bzw|ca|usw|mio|mrd|mme|mlle|sra|"
    "dra|sig|dott|on|avv|г|ул|им|тыс|млн|млрд|руб|долл|проф|см"
    r"))\.$",
    re.IGNORECASE,
)
_SMALL = re.compile(r"\s*[\"'“‘«(\[—–-]*\s*([^\W\d_])")


def sentences(text: str) -> list[Span]:
    """Where the sentences of a text begin and end, without the white space around them; 150 at most.

    The end of a line ends one. What is longer than 600 characters comes in pieces.
    """
    found: list[Span] = []
    begin = 0
    for match in _END.finditer(text):
        if len(found) >= MOST_SENTENCES:
            return found[:MOST_SENTENCES]
        if _goes_on(text, match):
            continue
        found += _pieces(text, begin, match.end())
        begin = match.end()
    found += _pieces(text, begin, len(text))
    return found[:MOST_SENTENCES]


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Say whether a mark after which there is a space ends no sentence."""
    mark = match.group()
    if mark[0] not in ".!?…":
        return False
    after = _SMALL.match(text, match.end(), match.end() + 12)
    if after and after.group(1).islower():
        return True
    return mark == "." and _NO_END.search(text[max(0, match.start() - 8) : match.end()]) is not None


def _pieces(text: str, begin: int, end: int) -> list[Span]:
    found: list[Span] = []
    while begin < end and text[begin].isspace():
        begin += 1
    while begin < end and text[end - 1].isspace():
        end -= 1
    while end - begin > LONGEST:
        space = text.rfind(" ", begin + LONGEST // 2, begin + LONGEST)
        cut = space if space > 0 else begin + LONGEST
        found.append((begin, cut))
        begin = cut + (space > 0)
    if begin < end:
        found.append((begin, end))
    return found
