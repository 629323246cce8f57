"""What a page is furnished with and an extractor may leave in a text: "Hide Caption", "Read more", who took a picture.

Known in three ways, none of which has a list of words. A sentence that a source repeats in a tenth of its articles,
of three stories at least, tells none of them (boilerplate by its recurrence within a site: Pomikálek, "Removing
Boilerplate and Duplicate Content from Web Corpora", 2011, chapter 4). Few words that one article repeats, but for
their numbers, stand under each of its pictures. And what is short and ends a line without the mark that ends a sentence
is a heading, a button or a credit, unless the text knows no such marks.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable
from hashlib import blake2b

from aggregator.comparing.sections import Span
from aggregator.comparing.sentences import sentences

SHARE = 0.1  # of the articles looked through
FEWEST_STORIES = 3
FEWEST_ARTICLES = 10  # fewer tell nothing of what a source always prints
MOST_SENTENCES = 300  # that are kept of a source
SHORT_LINE = 10  # words, at most
SHORT_LINE_SIGNS = 20  # the same in scripts without spaces
_NUMBER = re.compile(r"\d+")
_ENDS = ".!?…。！？｡।॥۔؟։።၊။"
_CLOSING = "\"'”’»«“)）]」』】›"


def hash_of(sentence: str) -> int:
    """A sentence by its letters and digits alone, as a signed number of 64 bits."""
    letters = "".join(filter(str.isalnum, sentence)).casefold()
    return int.from_bytes(blake2b(letters.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


def repeated(articles: Iterable[tuple[Hashable, str]]) -> list[int]:
    """The sentences that one source's articles repeat; the most repeated first, none of fewer than ten articles.

    articles: (story, text) of each; those of one story are one, as a source may print its text on it again
    """
    seen_in: dict[int, set[Hashable]] = defaultdict(set)
    count = Counter[int]()
    looked_at = 0
    for story, text in articles:
        looked_at += 1
        for found in {hash_of(text[begin:end]) for begin, end in sentences(text)}:
            seen_in[found].add(story)
            count[found] += 1
    if looked_at < FEWEST_ARTICLES:
        return []
    fewest = SHARE * looked_at
    kept = [one for one, times in count.most_common() if times >= fewest and len(seen_in[one]) >= FEWEST_STORIES]
    return kept[:MOST_SENTENCES]


def without_furniture(body: str, spans: Iterable[Span], known: Collection[int] = ()) -> list[Span]:
    """Those sentences of a text that tell something. known: hashes of what its source repeats."""
    kept = list(spans)
    if known:
        kept = [span for span in kept if hash_of(body[slice(*span)]) not in known]
    again = Counter(hash_of(_NUMBER.sub("", body[slice(*span)])) for span in kept if _is_short(body[slice(*span)]))
    kept = [span for span in kept if again[hash_of(_NUMBER.sub("", body[slice(*span)]))] < 2]
    if not any(_is_ended(body, span) for span in kept):
        return kept
    return [span for span in kept if not _is_scrap(body, span)]


def _is_ended(body: str, span: Span) -> bool:
    """Whether a mark ends it that ends sentences, inside quotation marks and brackets too."""
    return body[slice(*span)].rstrip(_CLOSING)[-1:] in _ENDS


def _is_scrap(body: str, span: Span) -> bool:
    """Whether this is short, and the end of its line, and ends like no sentence."""
    end = span[1]
    return not _is_ended(body, span) and "\n" in (body[end : end + 3] or "\n") and _is_short(body[slice(*span)])


def _is_short(text: str) -> bool:
    return len(text.split()) <= SHORT_LINE and (" " in text or len(text) <= SHORT_LINE_SIGNS)
