"""What of an article is the same in any language: names by their sound (sounds.py), and numbers.

The "anchors" of multilingual clustering: Steinberger, Pouliquen and Ignat 2004, "Providing cross-lingual information
access with knowledge-poor methods".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import regex

from aggregator.finding.names import PAIR
from aggregator.finding.sounds import FEWEST, sound_of
from feeds.words import folded

MARK = "~"  # before an anchor, among terms; no word begins with it
MOST = 14  # of an article

_KATAKANA = regex.compile(r"[\u30a1-\u30fa\u30fc]{3,}")
_UNCASED_WORD = regex.compile(
    r"[\p{Arabic}\p{Hebrew}\p{Hangul}\p{Devanagari}\p{Bengali}\p{Tamil}\p{Telugu}\p{Gujarati}\p{Gurmukhi}\p{Kannada}"
    r"\p{Malayalam}\p{Georgian}\p{Armenian}]{3,}"
)
_GROUPED = regex.compile(r"(?<=\d)[.,](?=\d{3}(?:\D|$))")


def anchors_of(names: Mapping[str, float], numbers: Iterable[str], title: str, lead: str) -> dict[str, float]:
    """The anchors of an article with how often each stands there; the most frequent.

    names: as names_in gives them, of scripts with capitals. Of scripts without, the longer words of headline and lead
    may be names: what is none is the sound of no name elsewhere.
    """
    found: dict[str, float] = defaultdict(float)
    for name, count in names.items():
        if PAIR not in name and (sound := sound_of(name)):
            found[MARK + sound] += count
    if not (title.isascii() and lead.isascii()):
        for text, worth in ((title, 3), (lead, 1)):
            for word in [*_KATAKANA.findall(text), *_UNCASED_WORD.findall(text)]:
                sound = sound_of(folded(word))
                if len(sound) >= FEWEST:
                    found[MARK + sound] += worth
    for number in numbers:
        plain = _GROUPED.sub("", number).replace(",", ".")
        if len(plain) > 1:
            found[MARK + plain] += 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST])
