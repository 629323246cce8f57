"""Where quotations stand in a text, by the marks of many languages."""

import re

from aggregator.comparing.reading import Read
from aggregator.comparing.sections import Span

LONGEST = 800  # characters; what is longer was never closed
MOST = 60  # of an article

# “English”, „deutsch“, „polski”, ”svenska”, «русский», »dansk«, 「日本語」, 『内』, ‹a›, « français », “sloppy“,
# ``ascii''; single ones only where they can be no apostrophes.
_PAIRS = ("“”", "„“", "„”", "””", "«»", "»«", "「」", "『』", "‹›")
_QUOTED = re.compile(
    "|".join(rf"{begin}(?=\S)([^{begin}{end}\n]{{2,{LONGEST}}}){end}" for begin, end in map(tuple, _PAIRS))
    + rf"|«[ \u00a0\u202f]([^«»\n]{{2,{LONGEST}}}?)[ \u00a0\u202f]»"
    + rf"|(?<!\w)“(?=\S)([^“”„\n]{{2,{LONGEST}}})“(?!\w)"
    + rf"|``\s?([^`\n]{{2,{LONGEST}}}?)''"
    + rf"|(?<![\w’'])‘(?=\S)([^‘\n]{{2,{LONGEST}}}?)’(?!\w)"
)
_STRAIGHT = re.compile(rf"(?<!\w)\"(?=\S)([^\"\n]{{2,{LONGEST}}}?)(?<=\S)\"(?!\w)")
_STRAIGHT_MARK = re.compile(r"(?<!\w)\"|\"(?!\w)")  # not that of Hebrew acronyms, between two letters
# Scripts that write letters next to the marks, as particles and prefixes: the first opens, the second closes.
_CLINGING = re.compile("[\u0600-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CLINGING_STRAIGHT = re.compile(rf"\"\s?([^\"\n]{{2,{LONGEST}}}?)\s?\"")


def quotations_of(article: Read) -> list[Span]:
    """The same of an article's headline and text."""
    return article.once("quotations", lambda: quotations(article.body))


def quotations(text: str) -> list[Span]:
    """Where the words inside quotation marks begin and end, in order; none inside another.

    A line whose straight marks do not pair up is not read: nobody can tell which words are inside.
    """
    found = [match.span(match.lastindex or 0) for match in _QUOTED.finditer(text)]
    if '"' in text:
        begin = 0
        for line in text.split("\n"):
            clings = _CLINGING.search(line) is not None
            marks = line.count('"') if clings else len(_STRAIGHT_MARK.findall(line))
            if marks % 2 == 0:
                pattern = _CLINGING_STRAIGHT if clings else _STRAIGHT
                found += [(begin + one, begin + other) for one, other in (m.span(1) for m in pattern.finditer(line))]
            begin += len(line) + 1
    outer: list[Span] = []
    for span in sorted(found, key=lambda span: (span[0], -span[1])):
        if not outer or span[0] >= outer[-1][1]:
            outer.append(span)
    return outer[:MOST]
